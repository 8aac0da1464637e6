"""What is wrong, or looks wrong, with the questions of a bank; the import and bank pages show it before use."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from question_bank.schema import LETTERS, Question

LONG_STEM = 500
LONG_CHOICE = 200

Kind = Literal[
    "no_key",
    "several_keys",
    "all_keys",
    "repeated_choice",
    "duplicate",
    "contradiction",
    "unpinned",
    "lettered_choice",
    "no_source",
    "long_stem",
    "long_choice",
]

# Words that speak of the other choices or of their letters: such a choice must stay where it stands.
_LETTER = r"(?:(?:phương\s+án|đáp\s+án|câu|ý)\s+)?[\(\"“]?[a-f1-6][\)\"”]?"
_FIXED = re.compile(
    rf"""(?:
        (?:cả|và|gồm)\s+{_LETTER}(?:\s*,\s*{_LETTER})*\s*(?:,|và|&|\+|hoặc|đều)\s*{_LETTER}\b
      | (?:chỉ\s+)?(?:phương\ án\s+|đáp\ án\s+)?\(?[a-f]\)?(?:\s*,\s*\(?[a-f]\)?)*\s*(?:và|&|\+|hoặc)\s*\(?[a-f]\)?
        (?:\s+(?:đều\s+)?(?:đúng|sai))?\W*$
      | ^\W*[a-f](?:\s*,\s*[a-f])*\s+(?:đều\s+)?(?:đúng|sai)\W*$
      | (?:cả|tất\ cả)\s+(?:(?:hai|ba|bốn|năm|2|3|4|5|các|những|mọi)\s+)*(?:phương\ án|đáp\ án|ý|câu|điều|nội\ dung)
        (?:\s+\w+){{0,3}}\s*(?:trên|dưới|nêu|kia|còn\ lại|đúng|sai)
      | (?:cả|tất\ cả)\s+(?:hai|ba|bốn|năm|2|3|4|5)\s+(?:phương\ án|đáp\ án|ý|câu)
      | ^\W*(?:tất\ cả|cả\ (?:hai|ba|bốn|năm|2|3|4|5))\s+(?:đều\s+)?(?:đúng|sai|trên)
      | ^\W*tất\ cả\W*$
      | (?:không|chẳng)\s+(?:có\s+)?(?:phương\ án|đáp\ án|ý|câu|điều)\s+(?:nào)?(?:\s+\w+){{0,3}}
        \s*(?:trên|đúng|sai|kể|nêu|phù\ hợp)
      | ^\W*(?:các|những)\s+(?:phương\ án|đáp\ án|ý|câu)\s+(?:\w+\s+){{0,2}}(?:trên|đúng|sai|còn\ lại|nêu)
      | \b(?:all|none)\s+of\s+the\s+above\b
    )""",
    re.VERBOSE,
)
_LETTERED = re.compile(r"^\(?[A-Fa-f][.):]\s*\S")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `index` is the question's place in what was checked, `others` the questions it concerns too.

    An error must be put right before the question is drawn; a warning is for the organiser to weigh.
    """

    index: int
    kind: Kind
    severity: Literal["error", "warning"]
    message: str
    others: tuple[int, ...] = ()


def check(questions: Sequence[Question], *, multiple: bool = False) -> list[Finding]:
    """Everything found in the questions, in their order. `multiple` allows several keys in one question."""
    found = [finding for index, question in enumerate(questions) for finding in _check_one(index, question, multiple)]
    found += duplicates(questions)
    return sorted(found, key=lambda finding: finding.index)


def duplicates(questions: Sequence[Question]) -> list[Finding]:
    """Questions whose words are those of an earlier one, letter case, spaces, stops and the order of choices aside.

    The same stem and choices with another key are a contradiction, which is an error.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for index, question in enumerate(questions):
        groups[folded(question.stem), tuple(sorted(_choice_words(choice.text) for choice in question.choices))].append(
            index
        )
    found = []
    for indices in groups.values():
        first = indices[0]
        for index in indices[1:]:
            if _keyed_words(questions[index]) == _keyed_words(questions[first]):
                message = f"Trùng với câu {first + 1}."
                found.append(Finding(index, "duplicate", "warning", message, (first,)))
            else:
                message = f"Trùng với câu {first + 1} nhưng đáp án khác. Hãy xem lại đáp án của cả hai câu."
                found.append(Finding(index, "contradiction", "error", message, (first,)))
    return found


def forbids_shuffling(question: Question) -> bool:
    """Whether a choice speaks of the others ("Cả A và B", "Tất cả các phương án trên"), so that order matters."""
    return any(_FIXED.search(choice.text.lower()) for choice in question.choices)


def pin(question: Question) -> Question:
    """The question with its choices pinned where they forbid shuffling."""
    if question.pinned or not forbids_shuffling(question):
        return question
    return replace(question, pinned=True)


def pin_all(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions, each pinned where due; an import calls it before it stores them."""
    return tuple(pin(question) for question in questions)


def folded(text: str) -> str:
    """The words alone, in NFC and lower case: what two texts share when a reader would call them the same."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip() or text


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
        places[_choice_words(choice.text)].append(letter)
    for letters in places.values():
        if len(letters) > 1:
            yield Finding(index, "repeated_choice", "error", f"Các phương án {', '.join(letters)} giống nhau.")
    if not question.pinned and forbids_shuffling(question):
        message = "Có phương án nhắc đến phương án khác nên phải giữ nguyên thứ tự các phương án."
        yield Finding(index, "unpinned", "warning", message)
    if all(_LETTERED.match(choice.text) for choice in question.choices):
        message = "Các phương án mang sẵn chữ A, B, C, D trong nội dung. Hãy bỏ chữ đó đi."
        yield Finding(index, "lettered_choice", "warning", message)
    if question.source is None:
        yield Finding(index, "no_source", "warning", "Câu hỏi chưa ghi nguồn.")
    if len(question.stem) > LONG_STEM:
        message = f"Câu hỏi dài {len(question.stem)} ký tự, khó đọc trên điện thoại."
        yield Finding(index, "long_stem", "warning", message)
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        if len(choice.text) > LONG_CHOICE:
            message = f"Phương án {letter} dài {len(choice.text)} ký tự, khó đọc trên điện thoại."
            yield Finding(index, "long_choice", "warning", message)


def _keyed_words(question: Question) -> frozenset[str]:
    return frozenset(_choice_words(choice.text) for choice in question.choices if choice.correct)


def _choice_words(text: str) -> str:
    """As `folded`, but marks inside the text stay: choices such as "2 + 2" and "2 - 2" differ by nothing else."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).rstrip(".;, ")
