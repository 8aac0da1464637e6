"""The words of cells and of a workbook's shared strings as their fonts draw them; `spreadsheet_xlsx` calls it."""

import re
from dataclasses import dataclass, field
from typing import Any

from question_bank.formats import symbol_fonts
from question_bank.formats.docx_words import scripted
from question_bank.formats.office import TOO_BIG, Package, Unreadable, attribute, local
from question_bank.formats.spreadsheet_cells import Cell

_STRINGS_MOST = 500_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks as far as reading it goes: its number format by number and code, its font, raised or lowered."""

    number: int = 0
    code: str = ""
    font: str = ""
    script: str = ""

    def drawn(self, words: str) -> Cell:
        """The words of a cell, with what is to be told of them, as its font draws them."""
        seen, remark = _drawn(words, self.font, self.script)
        return Cell(seen, remark=remark)


@dataclass(slots=True)
class Words:
    """Gathers one text from the events of its element; reading aids of Japanese files are no part of it."""

    limit: int
    length: int = 0
    remark: str = ""
    rich: bool = False
    _pieces: list[str] = field(default_factory=list)
    _run: list[str] = field(default_factory=list)
    _within: bool = False
    _aid: bool = False
    _font: str = ""
    _script: str = ""

    def start(self, name: str, attrib: Any) -> None:
        """An element inside the text begins; `name` is its local name."""
        if name == "rPh":
            self._aid = True
        elif name in ("t", "v"):
            self._within = not self._aid
        elif name == "r":
            self._font = self._script = ""
            self.rich = True
        elif name == "rFont":
            self._font = attrib.get("val", "")
        elif name == "vertAlign":
            self._script = attrib.get("val", "")

    def data(self, data: str) -> None:
        """Words of the element that is open."""
        if self._within and self.length <= self.limit:
            self._run.append(data)
            self.length += len(data)

    def end(self, name: str) -> None:
        """An element inside the text ends."""
        if name == "rPh":
            self._aid = False
        elif name in ("t", "v"):
            self._within = False
            words, remark = _drawn(unescaped("".join(self._run)), self._font, self._script)
            self._pieces.append(words)
            self._run.clear()
            self.remark = self.remark or remark

    def text(self) -> str:
        """The whole text so far."""
        return "".join(self._pieces)


class Strings:
    """Gathers the shared strings of a workbook, each with what is to be told of it."""

    def __init__(self, limit: int) -> None:
        self.found: list[str] = []
        self.remarks: dict[int, str] = {}
        self.rich: set[int] = set()
        self._limit = limit
        self._words = Words(limit)

    def start(self, tag: str, attrib: Any) -> None:
        name = tag.rpartition("}")[2]
        if name == "si":
            self._words = Words(self._limit)
        else:
            self._words.start(name, attrib)

    def data(self, data: str) -> None:
        self._words.data(data)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name != "si":
            self._words.end(name)
            return
        if len(self.found) >= _STRINGS_MOST:
            raise Unreadable(TOO_BIG)
        if self._words.remark:
            self.remarks[len(self.found)] = self._words.remark
        if self._words.rich:
            self.rich.add(len(self.found))
        self.found.append(self._words.text())

    def close(self) -> None:
        """Part of the parser's protocol."""


def styles(package: Package, path: str) -> list[Style]:
    """The styles of a workbook's cells, in their order; `path` is the part that holds them, or ""."""
    if not path:
        return []
    root = package.tree(path)
    codes = {e.get("numFmtId"): e.get("formatCode", "") for e in root.iter() if local(e) == "numFmt"}
    fonts = [_font(entry) for group in root if local(group) == "fonts" for entry in group]
    found = []
    for entry in (entry for group in root if local(group) == "cellXfs" for entry in group):
        number, font = entry.get("numFmtId", "0"), _whole(entry.get("fontId", ""))
        if not _whole(number) and number != "0":
            found.append(Style())
            continue
        found.append(Style(_whole(number), codes.get(number, ""), *(fonts[font] if font < len(fonts) else ("", ""))))
    return found


def unescaped(value: str) -> str:
    """The text with characters put back that XML cannot hold and Excel writes as "_x000D_"."""
    if "_x" not in value:
        return value
    put_back = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    return put_back.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _drawn(words: str, font: str, script: str) -> tuple[str, str]:
    if not words or not (font or script):
        return words, ""
    seen, remark = symbol_fonts.signs(words, font) if symbol_fonts.draws_signs(font) else words, ""
    if symbol_fonts.UNKNOWN in seen and seen != words:
        remark = symbol_fonts.TOLD
    if script in ("superscript", "subscript"):
        seen, told = scripted(seen, script)
        remark = remark or told
    return seen, remark


def _font(entry: Any) -> tuple[str, str]:
    held = {local(child): attribute(child, "val") for child in entry}
    name = held.get("name", "")
    return name if symbol_fonts.draws_signs(name) else "", held.get("vertAlign", "")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
