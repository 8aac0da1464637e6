"""Moodle's GIFT text: multiple choice and true/false in and out, everything else listed as unsupported.

Read: titles, line comments, `$CATEGORY` (as the chapter), escapes, the format tags, weights, feedback, general
feedback, a blank inside the sentence. `// [tag:…]` and `[id:…]` are Moodle's; `[difficulty:…]`, `[source:…]`,
`[locator:…]` and `[pinned]` on such a line are ours, and other programs see a comment. Questions end at an empty line;
one inside braces is allowed. Grammar: docs.moodle.org, "GIFT format".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from question_bank import shortening
from question_bank.formats import images, light_markup, markup
from question_bank.formats.decoding import decode, normalize
from question_bank.formats.gift_blocks import BRACE, Block, blocks
from question_bank.formats.gift_writing import write
from question_bank.formats.moodle import difficulty_of
from question_bank.formats.unheld import SEVERAL, SHARES, kind_left_out
from question_bank.schema import (
    MAX_ITEMS,
    MAX_LABEL,
    TOO_MANY,
    TRUE_FALSE,
    Choice,
    Parsed,
    Problem,
    Question,
    QuestionError,
    Source,
    Unsupported,
    clean,
)

__all__ = ["read", "recognises", "write"]

_MAX_BLOCK = 100_000
_MAX_LINES = 1_000_000
_TITLE = re.compile(r"\s*::((?:\\.|[^\\])*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d+)?)%")
_TRUTH = re.compile(r"(TRUE|FALSE|T|F)\s*(?:#|$)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_STRAY = re.compile(r"\s*[.,;:!?\"'”’]+")
_SIGNS = re.compile(r"^\$CATEGORY:|^::|(?<!\\)\{\s*(?:[=~#}]|(?:TRUE|FALSE|T|F)\s*[#}])", re.MULTILINE | re.IGNORECASE)

_KINDS = {
    "essay": "Câu tự luận",
    "description": "Đoạn giới thiệu không có phương án",
    "numerical": "Câu trả lời bằng số",
    "matching": "Câu ghép đôi",
    "short answer": "Câu trả lời ngắn",
}


@dataclass(slots=True)
class _Answer:
    right: bool
    weight: float | None
    text: str
    feedback: str


class _NotHeld(Exception):
    """Raised inside this module for a kind of item that the bank does not hold; `kind` is a key of _KINDS."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def recognises(_data: bytes, head: str) -> bool:
    """Whether the beginning of a file has a GIFT title, category or answers in braces."""
    return bool(_SIGNS.search(head))


def read(data: str | bytes) -> Parsed:
    """The questions of a GIFT text; what cannot be used is told with its line and never spoils the rest."""
    text, remarks = decode(data, compose=False) if isinstance(data, bytes) else (normalize(data, compose=False), ())
    questions: list[Question] = []
    problems: list[Problem] = list(remarks)
    unsupported: list[Unsupported] = []
    long_chapters: set[str] = set()
    if text.count("\n") > _MAX_LINES:
        message = f"Tệp có quá nhiều dòng: nhiều nhất {_MAX_LINES} dòng. Hãy chia thành nhiều tệp."
        return Parsed(problems=(*remarks, Problem(_MAX_LINES + 1, message)))
    for count, block in enumerate(blocks(text)):
        if count == MAX_ITEMS:
            problems.append(Problem(block.line, TOO_MANY))
            break
        notes: list[str] = []
        try:
            question = _question(block, notes)
        except QuestionError as error:
            problems.extend(Problem(block.line, message) for message in images.refused(error.messages, notes))
        except _NotHeld as error:
            unsupported.append(Unsupported(block.line, error.kind, kind_left_out(_KINDS[error.kind])))
        else:
            questions.append(question)
            notes += shortening.told(question, long_chapters).values()
            problems.extend(Problem(block.line, note, kept=True) for note in dict.fromkeys(notes))
    return Parsed(tuple(questions), tuple(problems), tuple(unsupported))


def _question(block: Block, notes: list[str]) -> Question:
    text = "\n".join(block.lines)
    if len(text) > _MAX_BLOCK:
        raise QuestionError([f"Câu hỏi dài quá {_MAX_BLOCK} ký tự kể cả định dạng."])
    title = _TITLE.match(text)
    if title:
        text = text[title.end() :]
    marks = [(match.start(), match[1]) for match in BRACE.finditer(text) if match[1]]
    if not marks:
        raise _NotHeld("description")
    shape = "".join(brace for _, brace in marks)
    if shape.startswith("{}{}"):
        raise QuestionError(["Có hai khối { } trong một câu hỏi. Hãy để một dòng trống giữa hai câu hỏi."])
    if shape != "{}":
        raise QuestionError(["Dấu { } của câu hỏi không đủ cặp. Dấu ngoặc thuộc nội dung phải viết là \\{ hoặc \\}."])
    opening, closing = marks[0][0], marks[1][0]
    tag = _FORMAT.match(text)
    style = tag[1].lower() if tag else "moodle"
    before, after = text[:opening], text[closing + 1 :].rstrip()
    if _STRAY.fullmatch(after) and before.rstrip().endswith((".", "?", "!", ":")):
        after = ""
    stem = f"{before}_____{after}" if after.strip() else before
    body, general = _cut(text[opening + 1 : closing], "####")
    choices, pinned = _choices(body, style, notes)
    tags = [value for name, value in block.meta if name == "tag"]
    meta = dict(block.meta)
    code = _unescaped(title[1]) if title else meta.get("id", "")
    if len(code) > MAX_LABEL:
        code = ""
        notes.append(f"Tiêu đề dài quá {MAX_LABEL} ký tự nên không được giữ làm mã câu hỏi.")
    if title and "id" in meta:
        tags.append(f"id:{meta['id']}")
    question = Question(
        stem=_words(stem, style, notes),
        choices=choices,
        chapter=block.chapter,
        difficulty=difficulty_of(meta.get("difficulty"), notes, where="chú thích"),
        source=Source(meta["source"], meta.get("locator", "")) if "source" in meta else None,
        tags=tuple(tags),
        pinned=pinned or "pinned" in meta,
        code=code,
        feedback=_words(general, style, notes),
    )
    if not question.key:
        raise QuestionError(["Câu hỏi chưa có đáp án đúng: đặt dấu = trước phương án đúng."])
    return question


def _choices(body: str, style: str, notes: list[str]) -> tuple[tuple[Choice, ...], bool]:
    """The choices between the braces, and whether their order is fixed. Raises _NotHeld for the other kinds."""
    body = body.strip()
    if not body:
        raise _NotHeld("essay")
    if body.startswith("#"):
        raise _NotHeld("numerical")
    truth = _TRUTH.match(body)
    if truth:
        return _true_false(truth[1][0] in "Tt", _split(body, "#")[1:], style, notes), True
    pieces = _split(body, "~=")
    if not any(piece.startswith("~") for piece in pieces):
        rows = [piece for piece in pieces if piece.startswith("=")]
        raise _NotHeld("matching" if rows and all("->" in row for row in rows) else "short answer")
    if pieces[0].strip():
        raise QuestionError(["Có chữ đứng trước phương án đầu tiên: mỗi phương án bắt đầu bằng = hoặc ~."])
    answers = [_answer(piece, style, notes) for piece in pieces[1:]]
    correct = [(answer.right and answer.weight in (None, 100)) or answer.weight == 100 for answer in answers]
    partial = [answer.weight is not None and 0 < answer.weight < 100 for answer in answers]
    if not any(correct):
        correct, partial = partial, [False]
    elif sum(correct) > 1:
        notes.append(SEVERAL)
    if any(partial) or any(answer.weight is not None and answer.weight < 0 for answer in answers):
        notes.append(SHARES)
    pairs = zip(answers, correct, strict=True)
    return tuple(Choice(answer.text, right, answer.feedback) for answer, right in pairs), False


def _true_false(truth: bool, feedback: list[str], style: str, notes: list[str]) -> tuple[Choice, ...]:
    """Moodle's order: the first feedback answers the wrong choice, the second the right one."""
    wrong, right = ([_words(piece.removeprefix("#"), style, notes) for piece in feedback] + ["", ""])[:2]
    texts = (right, wrong) if truth else (wrong, right)
    return tuple(
        Choice(name, correct, text) for name, correct, text in zip(TRUE_FALSE, (truth, not truth), texts, strict=True)
    )


def _answer(piece: str, style: str, notes: list[str]) -> _Answer:
    text, feedback = _cut(piece[1:], "#")
    weight = _WEIGHT.match(text)
    if weight:
        text = text[weight.end() :]
    return _Answer(
        right=piece[0] == "=",
        weight=float(weight[1]) if weight else None,
        text=_words(text, style, notes, images.in_choice(notes)),
        feedback=_words(feedback, style, notes),
    )


def _words(text: str, style: str, notes: list[str], picture: Callable[[Any], bool] | None = None) -> str:
    """The plain words of a piece; its own format tag, where there is one, counts before the question's."""
    tag = _FORMAT.match(text)
    if tag:
        text, style = text[tag.end() :], tag[1].lower()
    if style == "markdown":
        text, told = light_markup.plain_markdown(clean(_unescaped(text)))
        notes.extend([light_markup.MARKDOWN_READ] * told)
        return text
    text = _unescaped(" ".join(line.strip(" \t") for line in text.split("\n")))
    if style == "moodle" and light_markup.marked(text):
        # Moodle shows tags of a text without a format as HTML does.
        notes.append(light_markup.TAGS_READ)
        text = text.replace("\n", "<br>")
    elif style != "html":
        return clean(text)
    text, lost = markup.plain(text, picture)
    notes.extend(markup.remarks(lost))
    return text


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], text)


def _split(text: str, separators: str) -> list[str]:
    """The text cut before each unescaped separator; the first piece is what stands before all of them."""
    pieces, start = [], 0
    for match in re.finditer(rf"\\.|([{re.escape(separators)}])", text, re.DOTALL):
        if match[1]:
            pieces.append(text[start : match.start()])
            start = match.start()
    return [*pieces, text[start:]]


def _cut(text: str, separator: str) -> tuple[str, str]:
    """The text before and after the first unescaped separator."""
    for match in re.finditer(rf"\\.|({separator})", text, re.DOTALL):
        if match[1]:
            return text[: match.start()], text[match.end() :]
    return text, ""
