"""Questions as lines of text to read, print and paste; `word_paste` and the .docx writer call it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from question_bank.formats.losses import Loss, but_pictures, nothing
from question_bank.formats.word_paste_blocks import NO_CHAPTER
from question_bank.formats.word_paste_choices import LETTERS, labels
from question_bank.formats.word_paste_lines import SHIELD, tidy
from question_bank.schema import Difficulty, Picture, Question, Source

_PLAIN_START = re.compile(r"[^\W\d_]{2}")
_PLAIN_END = re.compile(r"[^\W_]{2}[.?!…]?$")


@dataclass(frozen=True, slots=True)
class Part:
    """One line that is written: `kind` is gap, chapter, stem, picture, choice, key or field."""

    kind: str
    text: str = ""
    picture: Picture | None = None


def write(questions: Iterable[Question]) -> str:
    """The questions as text to read, print and paste; reading it gives them back but for runs of spaces and pictures."""
    return "".join(f"{part.text}\n" for part in written(questions) if part.kind != "picture")


def losses(question: Question, *, pictures: bool = False) -> tuple[Loss, ...]:
    """What a question loses when it is written so; `pictures` says whether those are written too."""
    lost = nothing(question) if pictures else but_pictures(question)
    if not question.key:
        return lost
    source = question.source or Source("")
    texts = [question.stem, question.feedback, question.chapter, question.code, source.document, source.locator]
    texts += [*question.tags, *(text for choice in question.choices for text in (choice.text, choice.feedback))]
    if all(tidy(text) == text for text in texts):
        return lost
    return (Loss("spaces", "Khoảng trắng thừa và ký tự không nhìn thấy được bỏ đi."), *lost)


def written(questions: Iterable[Question]) -> Iterator[Part]:
    """The lines of the questions, and their pictures where they stand."""
    chapter = ""
    for number, question in enumerate(questions, 1):
        if question.chapter != chapter:
            chapter = question.chapter
            yield Part("chapter", f"Chủ đề: {_guarded(chapter) or NO_CHAPTER}")
            yield Part("gap")
        yield from _parts("stem", f"Câu {number}: ", question.stem)
        if question.picture is not None:
            yield Part("picture", picture=question.picture)
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            yield from _parts("choice", f"{letter}. ", choice.text)
        yield Part("key", f"Đáp án: {', '.join(LETTERS[place] for place in sorted(question.key))}")
        yield from _fields(question)
        yield Part("gap")


def _fields(question: Question) -> Iterator[Part]:
    values = [
        ("Mã", question.code),
        ("Độ khó", "" if question.difficulty is Difficulty.MEDIUM else question.difficulty.label),
        ("Giữ thứ tự", "Có" if question.pinned else ""),
        ("Nguồn", question.source.document if question.source else ""),
        ("Vị trí", question.source.locator if question.source else ""),
        *(("Nhãn", tag) for tag in question.tags),
        ("Giải thích", question.feedback),
        *((f"Giải thích {letter}", c.feedback) for letter, c in zip(LETTERS, question.choices, strict=False)),
    ]
    for name, value in values:
        if value:
            text = re.sub("[,;]", lambda match: match[0] + SHIELD, value) if name == "Nhãn" else value
            yield from _parts("field", f"{name}: ", text)


def _parts(kind: str, opening: str, text: str) -> Iterator[Part]:
    first, *rest = _tidied(text).split("\n")
    yield Part(kind, f"{opening}{_guarded(first)}")
    for line in rest:
        yield Part(kind, f"{SHIELD}{_guarded(line)}")


def _tidied(text: str) -> str:
    """As `tidy`, with the shields after separators kept."""
    return "\n".join(" ".join(line.split()) for line in re.split("[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)).strip(
        "\n"
    )


def _guarded(line: str) -> str:
    """The line so shielded that no part of it is taken for a sign."""
    for label in reversed(labels(line, every=True)):
        line = f"{line[: label.start]}{SHIELD}{line[label.start :]}"
    if line and not _PLAIN_START.match(line):
        line = SHIELD + line
    return line if not line or _PLAIN_END.search(line) else line + SHIELD
