"""What is wrong, or looks wrong, with the questions of a bank; the import and bank pages show it before use."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from question_bank import duplicates as repeated
from question_bank.findings import Finding, Kind
from question_bank.fixed_order import speaks_of_others
from question_bank.schema import LETTERS, Question
from question_bank.wording import choice_words, folded

__all__ = ["Finding", "Kind", "check", "duplicates", "folded", "forbids_shuffling", "pin", "pin_all"]

LONG_STEM = 500
LONG_CHOICE = 200

_LETTERED = re.compile(r"^\(?([A-Ja-j])[.):]\s*\S")


def check(questions: Sequence[Question], *, multiple: bool = False, names: Sequence[str] = ()) -> list[Finding]:
    """Everything found in the questions, in their order; `names` are what messages call them.

    `multiple` allows several keys in one question.
    """
    found = [finding for index, question in enumerate(questions) for finding in _check_one(index, question, multiple)]
    found += repeated.find(questions, names=names)
    return sorted(found, key=lambda finding: finding.index)


def duplicates(questions: Sequence[Question]) -> list[Finding]:
    """Questions that repeat an earlier one, or nearly; see `question_bank.duplicates`, which also looks into a bank."""
    return repeated.find(questions)


def forbids_shuffling(question: Question) -> bool:
    """Whether a choice speaks of the others ("Cả A và B", "Tất cả các phương án trên"), so that order matters."""
    return any(speaks_of_others(choice.text) for choice in question.choices)


def pin(question: Question) -> Question:
    """The question with its choices pinned where they forbid shuffling."""
    if question.pinned or not forbids_shuffling(question):
        return question
    return replace(question, pinned=True)


def pin_all(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions, each pinned where due; an import calls it before it stores them."""
    return tuple(pin(question) for question in questions)


def _check_one(index: int, question: Question, multiple: bool) -> Iterable[Finding]:
    keys = len(question.key)
    if keys == 0:
        yield Finding(index, "no_key", "error", "Câu hỏi chưa có đáp án đúng.")
    elif keys == len(question.choices):
        yield Finding(index, "all_keys", "error", "Mọi phương án đều được đánh dấu đúng.")
    elif keys > 1 and not multiple:
        yield Finding(index, "several_keys", "error", f"Câu hỏi có {keys} đáp án đúng, cần đúng một.")
    places: dict[str, list[str]] = defaultdict(list)
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        places[choice_words(choice.text)].append(letter)
    for letters in places.values():
        if len(letters) > 1:
            yield Finding(index, "repeated_choice", "error", f"Các phương án {', '.join(letters)} giống nhau.")
    if not question.pinned and forbids_shuffling(question):
        message = "Có phương án nhắc đến phương án khác nên phải giữ nguyên thứ tự các phương án."
        yield Finding(index, "unpinned", "warning", message)
    lettered = [_LETTERED.match(choice.text) for choice in question.choices]
    own = [found for found, letter in zip(lettered, LETTERS, strict=False) if found and found[1].upper() == letter]
    if all(lettered) or len(own) > 1:
        message = "Các phương án mang sẵn chữ A, B, C, D trong nội dung. Hãy bỏ chữ đó đi."
        yield Finding(index, "lettered_choice", "warning", message)
    if question.source is None:
        yield Finding(index, "no_source", "warning", "Câu hỏi chưa ghi nguồn.")
    if question.picture is not None and not question.picture.alt:
        yield Finding(index, "no_alt", "warning", "Hình chưa có mô tả bằng lời.")
    if len(question.stem) > LONG_STEM:
        message = f"Câu hỏi dài {len(question.stem)} ký tự, khó đọc trên điện thoại."
        yield Finding(index, "long_stem", "warning", message)
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        if len(choice.text) > LONG_CHOICE:
            message = f"Phương án {letter} dài {len(choice.text)} ký tự, khó đọc trên điện thoại."
            yield Finding(index, "long_choice", "warning", message)
