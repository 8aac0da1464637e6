"""The numbers and letters that Word draws before paragraphs without writing them; the .docx reader counts along with it."""

from dataclasses import dataclass
from typing import Any

from question_bank.formats.office import Package, attribute, local

BULLET = "•"
_LEVELS = 9
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_NUMBER_MOST = 20_000


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    text: str
    start: int


class Numbering:
    """The lists of a document; `label` is asked once for each paragraph, in order."""

    def __init__(self, package: Package, parts: dict[str, tuple[str, str]]) -> None:
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[str] = set()
        path = next((path for kind, path in parts.values() if kind == "numbering"), "")
        if path:
            self._gather(package.tree(path))

    def label(self, number: str, level: int) -> str:
        """What Word draws before the next paragraph of a list at a level (from 0): "A.", "Câu 3:", a bullet or nothing."""
        if number not in self._lists or not 0 <= level < _LEVELS:
            return ""
        shared, levels = self._lists[number]
        if level not in levels:
            return ""
        counts = self._counts.setdefault(shared, [None] * _LEVELS)
        if number not in self._started:
            self._started.add(number)
            if shared != number and self._overridden(number):
                counts[:] = [None] * _LEVELS
        counts[level] = levels[level].start if (count := counts[level]) is None else count + 1
        for deeper in range(level + 1, _LEVELS):
            counts[deeper] = None
        own = levels[level]
        if own.kind == "bullet":
            return BULLET
        text = own.text
        for place in range(level + 1):
            if f"%{place + 1}" in text and place in levels:
                count = counts[place]
                kind = levels[place].kind
                text = text.replace(f"%{place + 1}", _drawn(levels[place].start if count is None else count, kind))
        return text

    def _overridden(self, number: str) -> bool:
        return number in self._restarting

    def _gather(self, root: Any) -> None:
        shared: dict[str, dict[int, _Level]] = {}
        self._restarting: set[str] = set()
        for element in root:
            if local(element) == "abstractNum":
                shared[attribute(element, "abstractNumId")] = dict(filter(None, map(_level, element)))
        for element in root:
            if local(element) != "num":
                continue
            number, name = attribute(element, "numId"), ""
            levels: dict[int, _Level] = {}
            for child in element:
                if local(child) == "abstractNumId":
                    name = attribute(child, "val")
                    levels = dict(shared.get(name, {}))
                elif local(child) == "lvlOverride":
                    self._restarting.add(number)
                    _override(levels, child)
            self._lists[number] = (name, levels)


def _level(element: Any) -> tuple[int, _Level] | None:
    if local(element) != "lvl":
        return None
    place = _whole(attribute(element, "ilvl"), 0)
    values = {local(child): attribute(child, "val") for child in element}
    return place, _Level(
        values.get("numFmt", "decimal"), values.get("lvlText", "")[:60], _whole(values.get("start", ""), 1)
    )


def _override(levels: dict[int, _Level], element: Any) -> None:
    place = _whole(attribute(element, "ilvl"), 0)
    for child in element:
        if (found := _level(child)) is not None:
            levels[place] = found[1]
        elif local(child) == "startOverride" and place in levels:
            levels[place] = _Level(levels[place].kind, levels[place].text, _whole(attribute(child, "val"), 1))


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _drawn(number: int, kind: str) -> str:
    number = min(number, _NUMBER_MOST)
    if kind in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("upperRoman", "lowerRoman") and 0 < number < 400:
        drawn = ""
        for size, sign in _ROMAN:
            drawn += sign * (number // size)
            number %= size
        return drawn.upper() if kind == "upperRoman" else drawn
    if kind == "none":
        return ""
    return f"{number:02d}" if kind == "decimalZero" else str(number)
