"""Aiken text: one question, its lettered choices and "ANSWER: B", nothing else; read for people who typed it by hand.

Rules: docs.moodle.org, "Aiken format". Read beyond them: a question of several lines, Vietnamese "ĐÁP ÁN:", and
several letters after it. A tab or spaces may stand before a letter, "." or ")" after it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from question_bank.formats.decoding import decode, normalize
from question_bank.formats.losses import PICTURE, Loss
from question_bank.formats.word_paste_headings import page_mark, told_heads
from question_bank.schema import (
    LETTERS,
    MAX_ITEMS,
    TOO_MANY,
    Choice,
    Difficulty,
    Parsed,
    Problem,
    Question,
    QuestionError,
)

_CHOICE = re.compile(r"[ \t]*([A-Z])[.)](?:\s+(.*)|(\S.*)|)$", re.DOTALL)
_ANSWER = re.compile(r"[ \t]*(?:ANSWER|ĐÁP ÁN)\s*:(.*)$", re.IGNORECASE | re.DOTALL)
_LETTERS = re.compile(r"[A-Z](?:\s*(?:,|;|\s)\s*[A-Z])*[.)]?", re.IGNORECASE)
_MAX_BLOCK = 100_000
_HAS_CHOICE = re.compile(r"^[ \t]*[Aa][.)]", re.MULTILINE)
_SMALL = re.compile(r"[ \t]*([a-z])[.)](?=\s|\S)")
_SMALL_READ = "Phương án ghi chữ thường (a, b, c…) được đọc như A, B, C. Aiken dùng chữ in hoa."
_HAS_ANSWER = re.compile(r"^[ \t]*ANSWER[ \t]*:[ \t]*[A-Z]", re.MULTILINE | re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    """The lines of one question: `tail` holds those after the last choice, which may begin the next question."""

    line: int
    stem: list[str] = field(default_factory=list)
    choices: list[tuple[str, list[str]]] = field(default_factory=list)
    tail: list[tuple[int, str]] = field(default_factory=list)
    answer: str | None = None
    size: int = 0

    def holds(self, line: str) -> bool:
        """Whether there is room for one more line; of an endless question only the beginning is kept, to be refused."""
        self.size += len(line)
        return self.size <= _MAX_BLOCK

    def takes_tail(self) -> None:
        """What follows the last choice without a letter of its own belongs to it."""
        self.choices[-1][1].extend(text for _, text in self.tail)
        self.tail.clear()


def recognises(_data: bytes, head: str) -> bool:
    """Whether the beginning of a file has both a choice A and an "ANSWER:" line."""
    return bool(_HAS_ANSWER.search(head) and _HAS_CHOICE.search(head))


def read(data: str | bytes) -> Parsed:
    """The questions of an Aiken text; one that cannot be used is told with its line and the next one is read."""
    text, remarks = decode(data) if isinstance(data, bytes) else (normalize(data), ())
    text, small = _capitalised(text)
    questions: list[Question] = []
    problems: list[Problem] = list(remarks)
    if small:
        problems.append(Problem(small, _SMALL_READ, kept=True))
    heads: list[tuple[int, str]] = []
    for count, block in enumerate(_blocks(text, heads)):
        if count == MAX_ITEMS:
            problems.append(Problem(block.line, TOO_MANY))
            break
        try:
            questions.append(_question(block))
        except QuestionError as error:
            problems.extend(Problem(block.line, message) for message in error.messages)
    problems.extend(told_heads(heads))
    return Parsed(tuple(questions), tuple(problems))


def write(questions: Iterable[Question]) -> str:
    """The questions as Aiken; `losses` says what it does not carry and which questions it leaves out."""
    return "\n".join(_written(question) for question in questions if not _left_out(question))


def losses(question: Question) -> tuple[Loss, ...]:
    """What a question loses when it is written as Aiken."""
    refusal = _left_out(question)
    if refusal:
        return (Loss("question", refusal),)
    texts = (question.stem, *(choice.text for choice in question.choices))
    carried = {
        "lines": not any("\n" in text for text in texts),
        "chapter": not question.chapter,
        "difficulty": question.difficulty is Difficulty.MEDIUM,
        "source": question.source is None,
        "tags": not question.tags,
        "pinned": not question.pinned,
        "code": not question.code,
        "feedback": not question.feedback and not any(choice.feedback for choice in question.choices),
        "picture": question.picture is None,
    }
    return tuple(Loss(name, _LOST[name]) for name, kept in carried.items() if not kept)


_LOST = {
    "picture": PICTURE.message,
    "lines": "Các dòng của câu hỏi hoặc phương án được nối thành một dòng.",
    "chapter": "Tên chương không được ghi.",
    "difficulty": "Độ khó không được ghi.",
    "source": "Nguồn không được ghi.",
    "tags": "Nhãn không được ghi.",
    "pinned": "Việc giữ nguyên thứ tự phương án không được ghi.",
    "code": "Mã câu hỏi không được ghi.",
    "feedback": "Lời giải thích không được ghi.",
}


def _blocks(text: str, heads: list[tuple[int, str]]) -> Iterator[_Block]:
    """The questions of a text; the numbers and heads of pages between its lines go to `heads`."""
    block: _Block | None = None
    gap = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            gap = True
            continue
        if page_mark(line.strip()):
            heads.append((number, line.strip()))
            continue
        after_gap, gap = gap, False
        if block and block.choices and (repeats := _begins_anew(block, line, after_gap)):
            tail = block.tail if repeats == "choice" else []
            yield block
            block = _Block(tail[0][0] if tail else number, [text for _, text in tail]) if tail else None
        if block is None:
            block = _Block(number)
        room = block.holds(line)
        if answer := _ANSWER.match(line):
            if block.tail:
                block.takes_tail()
            block.answer = answer[1].strip() if room else ""
            yield block
            block = None
        elif not room:
            continue
        elif (choice := _CHOICE.match(line)) and (block.stem or block.line != number):
            if block.tail:
                block.takes_tail()
            block.choices.append((choice[1], [choice[2] or choice[3] or ""]))
        elif block.choices:
            block.tail.append((number, line.strip()))
        else:
            block.stem.append(line.strip())
    if block:
        yield block


def _capitalised(text: str) -> tuple[str, int | None]:
    """The text with the letters of choices in capitals where a question has them all small, and the first line so changed."""
    lines, first = text.split("\n"), None
    start = 0
    for end, line in enumerate(lines):
        if not _ANSWER.match(line):
            continue
        asked = range(start, end)
        start = end + 1
        if any((choice := _CHOICE.match(lines[place])) and choice[1] == "A" for place in asked):
            continue
        opened = [(place, small) for place in asked if (small := _SMALL.match(lines[place]))]
        if [small[1] for _, small in opened] != [chr(97 + count) for count in range(len(opened))] or len(opened) < 2:
            continue
        for place, small in opened:
            at = small.start(1)
            lines[place] = lines[place][:at] + small[1].upper() + lines[place][at + 1 :]
        first = first or opened[0][0] + 1
    return "\n".join(lines), first


def _begins_anew(block: _Block, line: str, after_gap: bool) -> str:
    """How the line shows that the question before it ended without its answer: "choice", "gap" or "" for not."""
    choice = _CHOICE.match(line)
    if choice and block.tail and choice[1] in (letter for letter, _ in block.choices):
        return "choice"
    return "gap" if after_gap and not choice and not _ANSWER.match(line) and not block.tail else ""


def _question(block: _Block) -> Question:
    if block.size > _MAX_BLOCK:
        raise QuestionError([f"Câu hỏi dài quá {_MAX_BLOCK} ký tự kể cả định dạng."])
    first = _CHOICE.match(block.stem[0]) if block.stem else None
    if not block.stem or (first and first[1] == "A" and block.choices and block.choices[0][0] != "A"):
        raise QuestionError(["Câu hỏi chưa có nội dung trước các phương án."])
    if not block.choices:
        message = "Đoạn này không có phương án: mỗi phương án một dòng, bắt đầu bằng A. hoặc A)."
        raise QuestionError([message])
    if block.answer is None:
        raise QuestionError(["Câu hỏi thiếu dòng đáp án, ví dụ “ANSWER: B”."])
    letters = [letter for letter, _ in block.choices]
    if len(set(letters)) != len(letters):
        raise QuestionError(["Có hai phương án cùng một chữ cái."])
    if not _LETTERS.fullmatch(block.answer):
        raise QuestionError(["Sau “ANSWER:” phải là chữ cái của phương án đúng."])
    keys = set(re.findall(r"[A-Z]", block.answer.upper()))
    strange = sorted(keys - set(letters))
    if strange:
        raise QuestionError([f"Đáp án {', '.join(strange)} không có trong các phương án."])
    return Question(
        stem="\n".join(block.stem),
        choices=tuple(Choice(" ".join(lines), letter in keys) for letter, lines in block.choices),
    )


def _left_out(question: Question) -> str:
    """Why Aiken cannot hold the question, or "" where it can."""
    if len(question.key) != 1:
        return "Aiken chỉ ghi câu có đúng một đáp án nên câu này bị bỏ qua."
    stem = _flat(question.stem)
    if _ANSWER.match(stem) or _CHOICE.match(stem):
        return "Nội dung câu hỏi bắt đầu như một phương án hoặc dòng đáp án của Aiken nên câu này bị bỏ qua."
    return ""


def _written(question: Question) -> str:
    lines = [_flat(question.stem)]
    lines += [f"{letter}) {_flat(choice.text)}" for letter, choice in zip(LETTERS, question.choices, strict=False)]
    key = min(question.key)
    return "\n".join([*lines, f"ANSWER: {LETTERS[key]}", ""])


def _flat(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n") if line.strip())
