"""What files of questions hold, looked at before anything is kept: made whole or as a job left it in parts; the service makes it, the desk shows it."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from contest.quiz.drafts import Picture
from contest.quiz.queries.bank import Known
from question_bank.schema import Choice, Difficulty, Question, Source
from question_bank.schema import Picture as FilePicture

PART = 1_000  # questions that lie in storage together
LISTED = 200  # places that are kept of a large look
_WORD = (".docx", ".docm")


@dataclass(frozen=True)
class Remark:
    """One thing found about a question, in words; `code` is that of the bank's question it repeats, `place` that of the file's."""

    message: str
    grave: bool
    code: str = ""
    place: int | None = None


@dataclass(frozen=True)
class Row:
    """One question as its file gave it, without the bytes of its picture, and what was found about it; `picture` is the one in storage."""

    file: str
    question: Question
    picture: Picture | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Sign:
    """What one question is known by, `code` as the bank would keep it, and whether it is faulty or repeats another."""

    digest: str
    picture: str
    code: str
    faulty: bool
    doubtful: bool


@dataclass(frozen=True)
class Place:
    """A problem or an item that the quiz cannot hold, with the file that it is in."""

    file: str
    line: int | None
    message: str
    kept: bool
    unsupported: bool

    @property
    def where(self) -> str:
        """The line in words; Word files are counted by paragraphs."""
        if self.line is None:
            return "Cả tệp"
        return f"{'Đoạn' if self.file.lower().endswith(_WORD) else 'Dòng'} {self.line}"


@dataclass(frozen=True)
class Mark:
    """What choosing needs of one question; `place` counts from 0 through all files, `taken` is the code of a question of the bank that has the same."""

    place: int
    known: bool
    faulty: bool
    doubtful: bool
    taken: str
    pictured: bool

    @property
    def choosable(self) -> bool:
        """Whether it may be imported at all."""
        return not (self.known or self.faulty)

    @property
    def ticked(self) -> bool:
        """Whether it is chosen until a person says otherwise."""
        return self.choosable and not self.doubtful


@dataclass(frozen=True)
class Item(Mark):
    """One question of the files. Of the picture in the file only the words stay with the question; `picture` is the one in storage."""

    file: str
    question: Question
    remarks: Sequence[Remark]
    picture: Picture | None = None


@dataclass(frozen=True)
class Looked:
    """Files as they would be imported; `places` are the first of `places_found`, `part_of` gives the rows of a part of PART questions.

    `index` is where a job left the look in storage, "" for one that was made at once.
    """

    names: Sequence[str]
    marks: Sequence[Mark]
    places: Sequence[Place]
    places_found: int
    part_of: Callable[[int], Sequence[Row]]
    index: str = ""

    def count(self, what: str) -> int:
        """How many questions are so: an attribute of Mark."""
        return sum(bool(getattr(mark, what)) for mark in self.marks)

    def items(self, places: Iterable[int]) -> list[Item]:
        """The questions at these places, in their order; places that there are not are left out."""
        found: list[Item] = []
        part = -1
        rows: Sequence[Row] = ()
        for place in sorted(place for place in set(places) if 0 <= place < len(self.marks)):
            if place // PART != part:
                part = place // PART
                rows = self.part_of(part)
            row = rows[place % PART]
            found.append(Item(**vars(self.marks[place]), **vars(row)))
        return found

    def chosen(self, places: Iterable[int]) -> list[int]:
        """Those of the places whose questions may be imported, in order."""
        count = len(self.marks)
        return sorted(place for place in set(places) if 0 <= place < count and self.marks[place].choosable)

    @property
    def defaults(self) -> list[int]:
        """The places of all that are ticked at first."""
        return [mark.place for mark in self.marks if mark.ticked]


def marked(signs: Iterable[Sign], known: Known, codes: Iterable[str]) -> list[Mark]:
    """The questions of a look against the bank as it is now: what it has already, and whose codes it has."""
    taken = frozenset(codes)
    return [
        Mark(
            place,
            known.holds(sign.digest, Picture(sign.picture, "", 1, 1) if sign.picture else None),
            sign.faulty,
            sign.doubtful,
            sign.code if sign.code in taken else "",
            bool(sign.picture),
        )
        for place, sign in enumerate(signs)
    ]


def packed(rows: Sequence[Row]) -> bytes:
    """Rows as JSON."""
    return json.dumps([_row(row) for row in rows], ensure_ascii=False).encode()


def unpacked(content: bytes) -> list[Row]:
    """The reverse of `packed`."""
    return [_read(body) for body in json.loads(content)]


def _row(row: Row) -> list[Any]:
    asked, picture = row.question, row.picture
    question = [
        asked.stem,
        [[choice.text, choice.correct, choice.feedback] for choice in asked.choices],
        asked.chapter,
        int(asked.difficulty),
        [asked.source.document, asked.source.locator] if asked.source else None,
        list(asked.tags),
        asked.pinned,
        asked.code,
        asked.feedback,
        asked.picture.alt if asked.picture else None,
    ]
    kept = list(vars(picture).values()) if picture else None
    return [row.file, question, kept, [list(vars(remark).values()) for remark in row.remarks]]


def _read(body: list[Any]) -> Row:
    file, question, kept, remarks = body
    stem, choices, chapter, difficulty, source, tags, pinned, code, feedback, alt = question
    asked = Question(
        stem,
        tuple(Choice(*choice) for choice in choices),
        chapter,
        Difficulty(difficulty),
        Source(*source) if source else None,
        tuple(tags),
        pinned,
        code,
        feedback,
        None if alt is None else FilePicture(b"", alt),
    )
    return Row(file, asked, Picture(*kept) if kept else None, tuple(Remark(*remark) for remark in remarks))
