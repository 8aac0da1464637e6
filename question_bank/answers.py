"""The compact code of an attempt's answers, one character a question; the quiz stores it and grading reads it.

The character at position i is the set of choices marked for question i of the paper, as a bit mask written in
`ALPHABET`: bit c is the choice at ORIGINAL position c of the question's version (not the position shown), so one
key serves every paper that holds the question. "0" is a blank; A alone is "1", B "2", C "4", D "8", E "g", F "w".
A mark beyond F takes more than six bits: such an answer is one letter out of the block of Yi syllables, counted from
`WIDE`, which no form of Unicode changes and which is one character for every program. Keys are written in the same code.
"""

from collections.abc import Iterable, Sequence

from question_bank.schema import LETTERS, MAX_CHOICES, Question

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
BLANK = "0"
WIDE = 0xA000
MASKS = 1 << MAX_CHOICES
PATTERN = rf"[0-9a-zA-Z_\-{chr(WIDE + len(ALPHABET))}-{chr(WIDE + MASKS - 1)}]"

_CHARS = ALPHABET + "".join(chr(WIDE + mask) for mask in range(len(ALPHABET), MASKS))
_MASKS = {char: mask for mask, char in enumerate(_CHARS)}


class AnswerCodeError(ValueError):
    """An answer code that does not fit its paper; the message is a Vietnamese sentence."""


def blank(count: int) -> str:
    """The code of a paper of `count` questions with nothing answered yet."""
    return BLANK * count


def char(chosen: Iterable[int]) -> str:
    """One question's character from the ORIGINAL positions (0 to 9) of the choices marked."""
    mask = 0
    for position in chosen:
        if not 0 <= position < MAX_CHOICES:
            raise AnswerCodeError(f"Không có phương án thứ {position + 1}.")
        mask |= 1 << position
    return _CHARS[mask]


def of_mask(mask: int) -> str:
    """One question's character from the bit mask of the choices marked."""
    return _CHARS[mask]


def chosen(code_char: str) -> frozenset[int]:
    """The ORIGINAL positions that one character marks."""
    mask = mask_of(code_char)
    return frozenset(position for position in range(MAX_CHOICES) if mask >> position & 1)


def mask_of(code_char: str) -> int:
    """The bit mask (0 to 1,023) of one character."""
    try:
        return _MASKS[code_char]
    except KeyError:
        raise AnswerCodeError("Bài làm có ký tự không đọc được.") from None


def fits(code_char: str, choice_count: int) -> bool:
    """Whether one character is of the code and marks nothing beyond the choices that its question has."""
    mask = _MASKS.get(code_char)
    return mask is not None and not mask >> choice_count


def least_choices(code_char: str) -> str:
    """How many choices a question must have for this answer to be possible, as a digit: "0" for a blank, "a" for ten."""
    return f"{_MASKS[code_char].bit_length():x}"


def encode(answers: Iterable[Iterable[int]]) -> str:
    """The code of a whole paper: for each question, the ORIGINAL positions marked."""
    return "".join(char(marked) for marked in answers)


def decode(code: str) -> tuple[frozenset[int], ...]:
    """The reverse of `encode`."""
    return tuple(chosen(code_char) for code_char in code)


def replace(code: str, position: int, marked: Iterable[int]) -> str:
    """The code with the answer to the question at `position` (from 0, in paper order) changed."""
    if not 0 <= position < len(code):
        raise AnswerCodeError(f"Đề không có câu {position + 1}.")
    return code[:position] + char(marked) + code[position + 1 :]


def answered(code: str) -> int:
    """How many questions are not blank."""
    return len(code) - code.count(BLANK)


def validate(code: str, choice_counts: Sequence[int], *, multiple: Sequence[bool] | None = None) -> None:
    """Raise AnswerCodeError unless `code` fits a paper whose questions have these numbers of choices.

    `multiple` says, question by question, whether several choices may be marked; without it they always may.
    """
    if len(code) != len(choice_counts):
        raise AnswerCodeError(f"Bài làm có {len(code)} câu trả lời, đề có {len(choice_counts)} câu.")
    for index, (code_char, count) in enumerate(zip(code, choice_counts, strict=True)):
        mask = mask_of(code_char)
        if mask >> count:
            raise AnswerCodeError(f"Câu {index + 1} không có phương án đã chọn.")
        if multiple is not None and not multiple[index] and mask & (mask - 1):
            raise AnswerCodeError(f"Câu {index + 1} chỉ được chọn một phương án.")


def key_char(question: Question) -> str:
    """The key of one question in the same code."""
    return char(question.key)


def letters(code_char: str, choice_order: Sequence[int] | None = None) -> str:
    """The letters that one character stands for, such as "AC".

    With `choice_order` (ORIGINAL position for each shown position, as a paper holds it) they are the letters that
    the entrant saw; without it, those of the original order.
    """
    marked = chosen(code_char)
    order = range(MAX_CHOICES) if choice_order is None else choice_order
    return "".join(LETTERS[shown] for shown, original in enumerate(order) if original in marked)
