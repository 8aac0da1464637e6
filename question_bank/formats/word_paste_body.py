"""The body of one question: where its choices begin and end, and why they cannot be told; `word_paste` calls it."""

import re
from dataclasses import dataclass
from itertools import pairwise

from question_bank.formats.word_paste_choices import BULLETS, LETTERS, Label, chain, labels, unchained
from question_bank.formats.word_paste_shapes import Block

_REPEATED = re.compile(rf"\s*(?P<mark>[{re.escape(BULLETS)}]{{1,2}})\s*(?P<said>[A-J]\s*[.)\]:].*)", re.DOTALL)
NO_WORDS = "phương án chỉ có hình, không có chữ. Hãy ghi phương án bằng chữ, đặt hình ở câu dẫn."


class Refused(Exception):
    """Raised when a block cannot become a question."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class NoChoices(Exception):
    """Raised for a block that has no choices at all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a question's body, from its first place to the one after its last, and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A question's body as one text with its emphasis, its choices, and the signs that open them."""

    text: str
    marks: tuple[tuple[int, int, str], ...]
    labels: tuple[Label, ...]
    choices: tuple[Piece, ...]


def take_repeated(block: Block) -> list[tuple[int, str]]:
    """Take the lines that repeat a choice behind a bullet out of the body: they tell the key."""
    plain = [line for line in block.body if not _REPEATED.match(line.text)]
    if len(plain) == len(block.body):
        return []
    known = {label.place for label in chain("\n".join(line.text for line in plain)).labels}
    taken = []
    for line in block.body:
        match = _REPEATED.match(line.text)
        if match and len(known) >= 2 and LETTERS.index(match["said"][0].upper()) in known:
            taken.append((line.number, match["said"]))
    numbers = {number for number, _ in taken}
    block.body = [line for line in block.body if line.number not in numbers or not _REPEATED.match(line.text)]
    return taken


def body_of(block: Block) -> Body:
    """The body of a block cut into its choices. Raises Refused or NoChoices where there is no telling."""
    parts, marks, length = [], [], 0
    for line in block.body:
        parts.append(line.text)
        marks += [(start + length, end + length, kind) for start, end, kind in line.marks]
        length += len(line.text) + 1
    text = "\n".join(parts)
    signs = chain(text).labels
    if not signs:
        found = [label for label in labels(text) if label.weight > 5]
        if found and any(line.pictures for line in block.body):
            raise Refused(NO_WORDS)
        if found:
            raise Refused("các phương án không theo thứ tự A, B, C… hoặc chỉ có một phương án.")
        raise NoChoices
    placed = sorted(signs, key=lambda label: label.start)
    plain = [label for label in unchained(labels(text), signs) if label.upper == signs[0].upper]
    if twice := next((label for label in plain if label.place == 0 and 0 < label.start < placed[0].start), None):
        number = block.body[text.count("\n", 0, placed[0].start)].number
        sign = LETTERS[twice.place] if twice.upper else LETTERS[twice.place].lower()
        raise Refused(f"có hai dòng mở đầu bằng “{sign}.” nên không biết phương án {sign} là dòng nào.", number)
    if again := next((label for label in plain if label.start > placed[0].start), None):
        number = block.body[text.count("\n", 0, again.start)].number
        sign, last = text[again.start : again.end].strip(), LETTERS[signs[-1].place]
        if again.start > placed[-1].start:
            raise Refused(f"sau phương án {last} lại có “{sign}”; thiếu phương án hoặc dính hai câu.", number)
        raise Refused(f"“{sign}” không theo thứ tự các phương án, nên không biết đó là phương án nào.", number)
    ends = {sign: after.start for sign, after in pairwise(placed)}
    choices = tuple(Piece(sign.end, end, text[sign.end : end]) for sign in signs for end in [ends.get(sign, len(text))])
    return Body(text, tuple(marks), signs, choices)
