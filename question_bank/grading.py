"""Marks from a key and an answer code: `grade` for one attempt, `grade_many` for a million; the two always agree.

A key may hold two characters that no answer code has: `ANY` is right for whoever marked something, `FREE` for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from question_bank import answers as codes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ANY, FREE = "*", "+"
_ANY, _FREE, _STRANGE = codes.MASKS, codes.MASKS + 1, codes.MASKS + 2


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a paper is marked, in whole points.

    A question answered exactly as its key earns `points_per_question`. Otherwise it earns nothing when
    `all_or_nothing`; if not, points_per_question × max(0, right − wrong) / keys, rounded down, where right and wrong
    count the choices marked. An answered question that earns nothing costs `penalty`. A blank neither earns nor
    costs. The total is never below 0.
    """

    points_per_question: int = 5
    penalty: int = 0
    all_or_nothing: bool = True

    def __post_init__(self) -> None:
        if self.points_per_question < 1 or self.penalty < 0:
            raise ValueError("points_per_question must be at least 1 and penalty at least 0")


@dataclass(frozen=True, slots=True)
class Marks:
    """The outcome of one attempt: questions exactly right, points, questions not left blank."""

    correct: int
    points: int
    answered: int


@dataclass(frozen=True, slots=True)
class MarksTable:
    """The outcomes of n attempts: three int64 arrays of shape (n,), in the order the answers came."""

    correct: "NDArray[np.int64]"
    points: "NDArray[np.int64]"
    answered: "NDArray[np.int64]"


DEFAULT_SCHEME = Scheme()


def grade(key: str, answers: str, scheme: Scheme = DEFAULT_SCHEME) -> Marks:
    """Mark one attempt; `key` and `answers` are codes (see `answers`) in the order of its paper.

    Raises AnswerCodeError when the lengths differ, a character is unknown, or a question has no key.
    """
    if len(key) != len(answers):
        raise codes.AnswerCodeError(f"Bài làm có {len(answers)} câu trả lời, đáp án có {len(key)} câu.")
    correct = points = answered = 0
    for key_char, answer_char in zip(key, answers, strict=True):
        marked = codes.mask_of(answer_char)
        answered += marked > 0
        if key_char == FREE or (key_char == ANY and marked):
            correct += 1
            points += scheme.points_per_question
            continue
        wanted = marked if key_char == ANY else codes.mask_of(key_char)
        if not wanted and key_char != ANY:
            raise codes.AnswerCodeError("Đáp án có câu chưa có phương án đúng.")
        if not marked:
            continue
        if marked == wanted:
            correct += 1
            points += scheme.points_per_question
            continue
        earned = 0
        if not scheme.all_or_nothing:
            balance = (marked & wanted).bit_count() - (marked & ~wanted).bit_count()
            earned = scheme.points_per_question * max(0, balance) // wanted.bit_count()
        points += earned or -scheme.penalty
    return Marks(correct=correct, points=max(0, points), answered=answered)


def grade_many(keys: str | Sequence[str], answers: Sequence[str], scheme: Scheme = DEFAULT_SCHEME) -> MarksTable:
    """Mark n attempts of equal length at once.

    `answers` holds n codes of q characters; `keys` is one code for all of them, or n codes, each in the order of its
    own paper. Raises AnswerCodeError as `grade` does.
    """
    if not len(answers):
        return _none()
    marked = answer_masks(answers)
    wanted = key_masks([keys] if isinstance(keys, str) else keys)
    if wanted.shape[1] != marked.shape[1] or wanted.shape[0] not in (1, marked.shape[0]):
        raise codes.AnswerCodeError("Số câu trả lời và số câu của đáp án không khớp.")
    return grade_masks(wanted, marked, scheme)


def grade_masks(wanted: "NDArray[np.uint16]", marked: "NDArray[np.uint16]", scheme: Scheme) -> MarksTable:
    """`grade_many` for what `key_masks` and `answer_masks` gave: arrays of shape (n, q); `wanted` may have one row for all."""
    # NumPy is loaded here so that a web process, which grades nothing, starts without it.
    import numpy as np

    if not wanted.all():
        raise codes.AnswerCodeError("Đáp án có câu chưa có phương án đúng.")
    given = marked != 0
    right = (marked == wanted) | (wanted == _FREE) | ((wanted == _ANY) & given)
    if scheme.all_or_nothing and not scheme.penalty:
        correct = right.sum(axis=1, dtype=np.int64)
        return MarksTable(correct, correct * scheme.points_per_question, given.sum(axis=1, dtype=np.int64))
    earned = np.where(right, scheme.points_per_question, 0).astype(np.int64)
    if not scheme.all_or_nothing:
        bits = np.array([mask.bit_count() for mask in range(_STRANGE)], dtype=np.int64)
        balance = np.maximum(0, bits[marked & wanted] - bits[marked & ~wanted])
        partial = scheme.points_per_question * balance // bits[wanted]
        earned = np.where(right, earned, partial)
    earned = np.where(given & (earned == 0), -scheme.penalty, earned)
    return MarksTable(
        correct=right.sum(axis=1, dtype=np.int64),
        points=np.maximum(0, earned.sum(axis=1, dtype=np.int64)),
        answered=given.sum(axis=1, dtype=np.int64),
    )


def answer_masks(rows: "Sequence[str] | NDArray[Any]") -> "NDArray[np.uint16]":
    """The bit masks of n answer codes of equal length q, as an array of shape (n, q). Raises AnswerCodeError."""
    return _masks(rows, "")


def key_masks(rows: Sequence[str]) -> "NDArray[np.uint16]":
    """The same of keys, which may hold `ANY` and `FREE`."""
    return _masks(rows, ANY + FREE)


def _masks(rows: "Sequence[str] | NDArray[Any]", more: str) -> "NDArray[np.uint16]":
    import numpy as np

    if not len(rows):
        return np.zeros((0, 0), dtype=np.uint16)
    if isinstance(rows, np.ndarray):
        wide = rows.dtype.kind == "U"
        width = rows.dtype.itemsize // (4 if wide else 1)
        raw = rows.tobytes()
    else:
        width = len(rows[0])
        if any(len(row) != width for row in rows):
            raise codes.AnswerCodeError("Các bài chấm cùng lúc phải có cùng số câu.")
        text = "".join(rows)
        wide = not text.isascii()
        raw = text.encode("utf-32-le", "replace") if wide else text.encode("ascii")
    points = np.frombuffer(raw, dtype="<u4" if wide else np.uint8)
    table = np.full(256, _STRANGE, dtype=np.uint16)
    table[np.frombuffer(codes.ALPHABET.encode("ascii"), dtype=np.uint8)] = np.arange(len(codes.ALPHABET))
    for offset, char in enumerate(more):
        table[ord(char)] = _ANY + offset
    if wide:
        first = len(codes.ALPHABET)
        masks = table[np.minimum(points, 255)]
        within = (points >= codes.WIDE + first) & (points < codes.WIDE + codes.MASKS)
        masks[within] = points[within] - codes.WIDE
        masks[(points > 254) & ~within] = _STRANGE
    else:
        masks = table[points]
    masks = masks.reshape(len(rows), width)
    if masks.size and masks.max() == _STRANGE:
        raise codes.AnswerCodeError("Bài làm có ký tự không đọc được.")
    return masks


def _none() -> MarksTable:
    import numpy as np

    nothing = np.zeros(0, dtype=np.int64)
    return MarksTable(correct=nothing, points=nothing, answered=nothing)
