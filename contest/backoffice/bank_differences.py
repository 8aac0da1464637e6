"""What differs between two wordings of a question, field by field and word by word; the pages of a question's versions and of a conflict show it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from contest.quiz.drafts import Draft
from question_bank.schema import LETTERS

_WORD = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 1_500


@dataclass(frozen=True)
class Piece:
    """A run of words: `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field that differs, with its words in their order."""

    field: str
    pieces: Sequence[Piece]


def differences(before: Draft, after: Draft) -> list[Difference]:
    """The fields that differ, in the order of the form; an empty list for equal drafts."""
    old, new = _fields(before), _fields(after)
    names = list(dict.fromkeys([*new, *old]))
    names.sort(key=_ORDER)
    return [
        Difference(name, pieces(old.get(name, ""), new.get(name, "")))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def pieces(before: str, after: str) -> list[Piece]:
    """The words of both texts, those that stayed once, changes with one word between them as one; texts of very many words are shown whole."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        return [Piece("gone", before), Piece("new", after)]
    found: list[Piece] = []
    gone, came = "", ""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (kind, a, b, c, d) in enumerate(steps):
        kept = "".join(old[a:b])
        if kind == "equal" and not (0 < place < len(steps) - 1 and _slight(kept)):
            found += _changed(gone, came)
            found.append(Piece("same", kept))
            gone, came = "", ""
        else:
            gone, came = gone + kept, came + "".join(new[c:d])
    return found + _changed(gone, came)


def _slight(kept: str) -> bool:
    """Whether what stayed between two changes is so little that both are read as one: a blank, or one word."""
    return len(kept.split()) < 2


def _changed(gone: str, came: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("gone", gone), ("new", came)) if text]


def _fields(draft: Draft) -> dict[str, str]:
    return dict(_listed(draft))


def _listed(draft: Draft) -> Iterator[tuple[str, str]]:
    held, picture = draft.question, draft.picture
    yield "Nội dung", held.stem
    for letter, choice in zip(LETTERS, held.choices, strict=False):
        yield f"Phương án {letter}", choice.text
        yield f"Giải thích riêng {letter}", choice.feedback
    yield "Đáp án", ", ".join(LETTERS[place] for place in sorted(held.key))
    yield "Thứ tự phương án", "giữ nguyên" if held.pinned else "được xáo trộn"
    yield "Chương", held.chapter
    yield "Độ khó", held.difficulty.label
    yield "Nhãn", ", ".join(held.tags)
    yield "Tài liệu nguồn", held.source.document if held.source else ""
    yield "Vị trí trong nguồn", held.source.locator if held.source else ""
    yield "Giải thích đáp án", held.feedback
    yield "Ghi chú nội bộ", draft.note
    yield "Hình", f"ảnh {picture.width} × {picture.height} điểm, mã {picture.address[:8]}" if picture else ""
    yield "Mô tả hình", picture.alt if picture else ""


_NAMES = [
    "Nội dung",
    *(f"{what} {letter}" for letter in LETTERS for what in ("Phương án", "Giải thích riêng")),
    "Đáp án",
    "Thứ tự phương án",
    "Chương",
    "Độ khó",
    "Nhãn",
    "Tài liệu nguồn",
    "Vị trí trong nguồn",
    "Giải thích đáp án",
    "Ghi chú nội bộ",
    "Hình",
    "Mô tả hình",
]
_ORDER = _NAMES.index
