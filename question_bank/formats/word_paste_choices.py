"""Where the choices of one question begin, on lines of their own or along one line; `word_paste` calls it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LETTERS = "ABCDEFGHIJ"
CHECKS = "*✓✔√☑✅☒\uf052\uf0fc\uf0fexXđĐ"
BULLETS = "•·●○◦▪■□☐➢➔→⇒+>\uf0a7\uf0a8\uf0b7\uf0d8"
_SIGNS = CHECKS.rstrip("xXđĐ") + BULLETS

_LABEL = re.compile(
    rf"(?:(?<=[\s;])|^)(?:^[ \t]*(?:phương\s+án|lựa\s+chọn)[ \t]+)?"
    rf"(?P<mark>(?:[{re.escape(_SIGNS)}\-–]{{1,2}}|[(\[][ \t]*[xđ*✓✔√]?[ \t]*[)\]]|^[xo](?=[ \t]))[ \t]*)?(?P<open>[(\[“\"]?)"
    r"(?P<letter>[A-Ja-j])(?P<star>\*?)(?P<close>[ ]?[.)\]:/．：）、](?:[)”\"])?|[ ]?[-–](?=\s))[ \t]*",
    re.MULTILINE | re.IGNORECASE,
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ALIKE = str.maketrans("АВСЕНІЈавсеһіј", "ABCEHIJabcehij")  # Cyrillic letters that look like these
_PLAIN_CLOSES = (".", ")", "．", "）", "”", '"')
_LINE_START, _AFTER_TAB, _AFTER_SPACES, _AFTER_SPACE, _TIGHT = 8, 6, 5, 2, 1
_CLEAR = _AFTER_SPACES
_KEPT = 3
_ROMAN = LETTERS.index("I")


@dataclass(frozen=True, slots=True)
class Label:
    """A sign such as "B." in a text: `end` is where the choice's own words begin, `weight` how plain a sign it is.

    `habit` is empty for a plain sign; one such as "B/" along a line, or "B." without a space after it, has the name of that
    habit and opens a choice only where the A of its case has it too.
    """

    start: int
    end: int
    place: int
    upper: bool
    mark: str
    weight: int
    habit: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Labels A, B, C… in order, and whether the last ones were found along a line where others have their own."""

    labels: tuple[Label, ...]
    doubtful: bool = False


def labels(text: str, *, every: bool = False) -> list[Label]:
    """The signs in a text that may open a choice; `every` adds those whose habit no A of the text has."""
    found, habits = [], list[tuple[bool, bool, str]]()
    for match in _LABEL.finditer(text.translate(_ALIKE) if _CYRILLIC.search(text) else text):
        start, end = match.span()
        before = text[max(0, start - 40) : start]
        close = match["close"].strip()
        spaced = text[end - 1 : end] in (" ", "\t") or text[end : end + 1] in ("\n", "")
        habit = "" if close.endswith(_PLAIN_CLOSES) else close[0]
        if own_line := not before.rpartition("\n")[2].strip() and ("\n" in before or start <= len(before)):
            weight = _LINE_START
        elif before.endswith("\t"):
            weight = _AFTER_TAB
        elif before.endswith(("  ", ";")):
            weight = _AFTER_SPACES
        elif spaced:
            weight = _AFTER_SPACE
        else:
            weight, habit = _TIGHT, f"{habit}tight"
        mark = (match["mark"] or "").strip()
        if not own_line and mark.startswith(("(", "[")):
            start, mark = start + len(match["mark"]), ""
        mark += match["star"]
        letter = match["letter"]
        place, upper = LETTERS.index(letter.upper()), letter.isupper()
        if place == 0:
            habits += [
                (own_line, upper, habit),
                (own_line, upper, habit if spaced else f"{habit.removesuffix('tight')}tight"),
            ]
        found.append(Label(start, end, place, upper, mark, weight, "" if own_line else habit))
    if every:
        return found
    found = [label for label in found if label.place < _ROMAN or _after_another(found, label)]
    if not any(label.habit for label in found):
        return found
    plainest = {upper: any(own and case is upper for own, case, _ in habits) for upper in (True, False)}
    shared = {(upper, habit) for own, upper, habit in habits if own or not plainest[upper]}
    return [label for label in found if not label.habit or (label.upper, label.habit) in shared]


def late_choice(text: str, above: Iterable[str]) -> bool:
    """Whether a line opens choice I or J: a line above it opens the one before. Otherwise "I." numbers a chapter."""
    opening = next((label for label in labels(text, every=True) if not label.start and label.place >= _ROMAN), None)
    return opening is not None and any(
        _after_another(labels(line, every=True), opening, anywhere=True) for line in above
    )


def _after_another(found: Sequence[Label], label: Label, *, anywhere: bool = False) -> bool:
    """Whether the sign of the letter before stands above: without it "I." is a number of a chapter and "J." a name."""
    return any(
        other.place == label.place - 1 and other.upper is label.upper and (anywhere or other.start < label.start)
        for other in found
    )


def chain(text: str) -> Chain:
    """The labels of the choices: the longest run from A on, plain signs before those inside a sentence."""
    found = labels(text)
    runs = [_of_case(text, [label for label in found if label.upper is upper]) for upper in (True, False)]
    one, other = (run if len(run.labels) > 1 else Chain(()) for run in runs)
    if not (one.labels and other.labels):
        return one if one.labels else other
    if _plain(other) and _within(one, other):
        return other
    after = other.labels[0].start > one.labels[-1].start
    return other if after and not one.doubtful and _plain(other) else one


def _within(inner: Chain, outer: Chain) -> bool:
    """Whether a run lies between the first and the last label of another, as a list inside a choice does."""
    return outer.labels[0].start < inner.labels[0].start and inner.labels[-1].start < outer.labels[-1].start


def _plain(found: Chain) -> bool:
    return all(label.weight >= _CLEAR for label in found.labels)


def _of_case(text: str, found: list[Label]) -> Chain:
    clear = _longest(text, [label for label in found if label.weight >= _CLEAR])
    if across := _across(found, clear):
        return Chain(across, doubtful=True)
    if len(clear) > 1:
        found = [label for label in found if label.weight >= _CLEAR or label.habit in ("", "/")]
    longest = _longest(text, found)
    return Chain(longest, doubtful=len(longest) > len(clear) > 1)


def unchained(found: Iterable[Label], chained: Sequence[Label]) -> list[Label]:
    """The plain signs that are in no chain, but for those that begin a choice's own words ("A. C. Mác")."""
    ends = {label.end for label in chained}
    return [label for label in found if label.weight >= _CLEAR and label not in chained and label.start not in ends]


def _across(found: Sequence[Label], clear: tuple[Label, ...]) -> tuple[Label, ...]:
    """The labels of choices that run down two columns, "A. … C. …" above "B. … D. …", in the order of their letters."""
    others = unchained(found, clear)
    whole = sorted((*clear, *others), key=lambda label: label.place)
    if not others or len(clear) < 2 or [label.place for label in whole] != list(range(len(whole))):
        return ()
    return tuple(whole)


def _longest(text: str, found: Iterable[Label]) -> tuple[Label, ...]:
    """The best run; of two runs as long and as plain the first, though its A is the last that may open it."""
    runs: dict[int, list[tuple[int, tuple[Label, ...]]]] = {}
    best: tuple[int, tuple[Label, ...]] = (0, ())
    for label in found:
        if label.place == 0:
            run: tuple[int, tuple[Label, ...]] = (label.weight, (label,))
        else:
            earlier = [
                (weight, labels_)
                for weight, labels_ in runs.get(label.place - 1, [])
                if text[labels_[-1].end : label.start].strip()
            ]
            if not earlier:
                continue
            weight, labels_ = max(earlier, key=lambda run: (run[0], run[1][0].start))
            run = (weight + label.weight, (*labels_, label))
        kept = runs.setdefault(label.place, [])
        kept.append(run)
        kept.sort(key=lambda run: (run[0], run[1][-1].start), reverse=True)
        del kept[_KEPT:]
        if (len(run[1]), run[0]) > (len(best[1]), best[0]):
            best = run
    return best[1]
