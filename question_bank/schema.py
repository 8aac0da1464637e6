"""The shape of a question and of what reading a file yields; every other module of the question bank builds on it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

MIN_CHOICES = 2
MAX_CHOICES = 10
MAX_STEM = 4_000
MAX_CHOICE = 1_000
MAX_FEEDBACK = 4_000
MAX_LABEL = 300
MAX_ALT = 500
MAX_PICTURE = 5_000_000  # bytes
MAX_ITEMS = 20_000
TOO_MANY = f"Tệp có quá nhiều câu hỏi: chỉ đọc {MAX_ITEMS} câu đầu. Hãy chia thành nhiều tệp."

# Control characters, signs that turn the direction of writing, lone surrogates and the two that XML forbids besides.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

# White space of every kind and signs without width: a text of nothing else is empty.
_UNSEEN = " \n\t\xa0\u1680\u2028\u2029\u202f\u205f\u3000\xad\u180e\u2060\ufeff" + "".join(
    map(chr, range(0x2000, 0x2010))
)

_KINDS = (("png", b"\x89PNG\r\n\x1a\n"), ("jpg", b"\xff\xd8\xff"), ("gif", b"GIF87a"), ("gif", b"GIF89a"))

LETTERS = "ABCDEFGHIJ"
TRUE_FALSE = ("Đúng", "Sai")


class Difficulty(IntEnum):
    """How hard a question is, from 1 (easy) to 3 (hard); the name in lower case is what files carry."""

    EASY = 1
    MEDIUM = 2
    HARD = 3

    @property
    def label(self) -> str:
        """The word shown to people."""
        return {1: "Dễ", 2: "Trung bình", 3: "Khó"}[self.value]


class QuestionError(ValueError):
    """A question that cannot stand; `messages` holds one Vietnamese sentence for each thing wrong with it."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = tuple(messages)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a reader or a check has to say about one question.

    `line` counts from 1 in the file read, or is None where there is no file. `kept` tells a remark about a
    question that was read all the same from a reason why it was left out.
    """

    line: int | None
    message: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Unsupported:
    """An item of the file that is well formed but of a kind that the quiz does not hold, such as an essay."""

    line: int
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question; its text is cleaned when it is built."""

    text: str
    correct: bool
    feedback: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        object.__setattr__(self, "feedback", clean(self.feedback))


@dataclass(frozen=True, slots=True)
class Source:
    """Where the fact comes from: the document (title, number, date) and the place in it."""

    document: str
    locator: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "document", one_line(self.document))
        object.__setattr__(self, "locator", one_line(self.locator))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a file holds it: its bytes, which this library never decodes, and the words for whoever cannot see it."""

    content: bytes = field(repr=False)
    alt: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "alt", one_line(one_line(self.alt)[:MAX_ALT]))

    @property
    def kind(self) -> str:
        """The ending that its first bytes ask for: "png", "jpg", "gif" or "webp"; "" for anything else."""
        if self.content.startswith(b"RIFF") and self.content[8:12] == b"WEBP":
            return "webp"
        return next((kind for kind, sign in _KINDS if self.content.startswith(sign)), "")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the bank, cleaned and validated when it is built.

    `choices` stand in their original order, which keys and answers refer to; `pinned` forbids shuffling them.
    `code` is the name by which the file knows the question. `feedback` is shown with the key after release;
    `picture` stands under the stem.
    How many keys a question has is a matter for `checks`, so that a faulty question can be held and reported.

    Raises QuestionError when the stem or a choice is empty or too long, or the number of choices is not 2 to 10.
    """

    stem: str
    choices: tuple[Choice, ...]
    chapter: str = ""
    difficulty: Difficulty = Difficulty.MEDIUM
    source: Source | None = None
    tags: tuple[str, ...] = ()
    pinned: bool = False
    code: str = ""
    feedback: str = ""
    picture: Picture | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", clean(self.stem))
        object.__setattr__(self, "choices", tuple(self.choices))
        object.__setattr__(self, "chapter", one_line(self.chapter))
        object.__setattr__(self, "difficulty", Difficulty(self.difficulty))
        object.__setattr__(self, "tags", tuple(tag for tag in map(one_line, self.tags) if tag))
        object.__setattr__(self, "code", one_line(self.code))
        object.__setattr__(self, "feedback", clean(self.feedback))
        if self.source is not None and not self.source.document:
            object.__setattr__(self, "source", None)
        messages = _faults(self)
        if messages:
            raise QuestionError(messages)

    @property
    def multiple(self) -> bool:
        """Whether more than one choice is correct."""
        return sum(choice.correct for choice in self.choices) > 1

    @property
    def key(self) -> frozenset[int]:
        """The positions of the correct choices, from 0, in the original order."""
        return frozenset(index for index, choice in enumerate(self.choices) if choice.correct)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file held: its questions, what was wrong with it, and what it held beyond multiple choice."""

    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()


def clean(text: str) -> str:
    """The text in NFC with LF line ends and none of the signs that control, turn or break other text, trimmed; nothing else is changed."""
    if not text:
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text)
    return unicodedata.normalize("NFC", text).strip(_UNSEEN)


def one_line(text: str) -> str:
    """The cleaned text with every run of white space made one space."""
    return " ".join(clean(text).split())


def _faults(question: Question) -> list[str]:
    found: list[str] = []
    if not question.stem:
        found.append("Câu hỏi chưa có nội dung.")
    if len(question.stem) > MAX_STEM:
        found.append(f"Nội dung câu hỏi dài {len(question.stem)} ký tự, nhiều nhất là {MAX_STEM}.")
    count = len(question.choices)
    if not MIN_CHOICES <= count <= MAX_CHOICES:
        found.append(f"Câu hỏi có {count} phương án; cần từ {MIN_CHOICES} đến {MAX_CHOICES} phương án.")
    for index, choice in enumerate(question.choices):
        name = LETTERS[index] if index < len(LETTERS) else str(index + 1)
        if not choice.text:
            found.append(f"Phương án {name} để trống.")
        if len(choice.text) > MAX_CHOICE:
            found.append(f"Phương án {name} dài {len(choice.text)} ký tự, nhiều nhất là {MAX_CHOICE}.")
        if len(choice.feedback) > MAX_FEEDBACK:
            found.append(f"Lời giải thích của phương án {name} dài quá {MAX_FEEDBACK} ký tự.")
    if len(question.feedback) > MAX_FEEDBACK:
        found.append(f"Lời giải thích dài quá {MAX_FEEDBACK} ký tự.")
    labels = [
        ("Tên chương", question.chapter),
        ("Mã câu hỏi", question.code),
        *(("Nhãn", tag) for tag in question.tags),
    ]
    if question.source is not None:
        labels += [("Tên tài liệu nguồn", question.source.document), ("Vị trí trong nguồn", question.source.locator)]
    found.extend(f"{name} dài quá {MAX_LABEL} ký tự." for name, value in labels if len(value) > MAX_LABEL)
    return found
