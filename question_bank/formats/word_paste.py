"""Questions pasted from Word ("Câu 1: … A. … B. … Đáp án: B"), in and out; the .docx reader parses its lines here too.

Read: questions told by "Câu 1:", "1." or their choices alone; choices on lines of their own or along one; the key as
"Đáp án: B", as a line that repeats a choice, as "*B." or "(đúng)", or in a list at the end ("1-A 2-C"); chapters,
"Nguồn:", "Vị trí:", "Giải thích:", "Độ khó:", "Nhãn:", "Mã:", "Giữ thứ tự:". Written so, questions lose runs of spaces
and signs without width, and nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from question_bank import shortening
from question_bank.formats import images, word_paste_writing
from question_bank.formats import word_paste_keys as keys
from question_bank.formats.decoding import decode, normalize
from question_bank.formats.spreadsheet_rows import difficulty_called, says_yes
from question_bank.formats.word_paste_blocks import cut
from question_bank.formats.word_paste_body import NO_WORDS, Body, NoChoices, Refused, body_of, take_repeated
from question_bank.formats.word_paste_choices import LETTERS, chain, labels
from question_bank.formats.word_paste_headings import told_heads
from question_bank.formats.word_paste_lines import SHIELD, Line, lines, named_question, tidy, unbroken
from question_bank.formats.word_paste_shapes import Block, Field
from question_bank.formats.word_paste_telling import marked_by, places_of, told_by
from question_bank.schema import (
    TOO_MANY,
    Choice,
    Difficulty,
    Parsed,
    Picture,
    Problem,
    Question,
    QuestionError,
    Source,
    Unsupported,
)

_BLOCK_MOST = 60_000
_LINES_MOST = 300_000
_ENDING = 120
_KEY_INSIDE = re.compile(
    rf"[\s(\[]+(?:đáp\s*án|đ/?a)(?:\s+đúng)?(?:\s+là)?\s*[:：]\s*{keys.CALLED}(?P<key>[A-J](?:\s*[,;&]\s*[A-J])*)\s*[)\].]*\s*$",
    re.IGNORECASE,
)


write = word_paste_writing.write
losses = word_paste_writing.losses


class Judge(Protocol):
    """Says what emphasis tells of a key."""

    def __call__(self, body: Body, *, told: bool = False) -> tuple[frozenset[int], str]:
        """The places of the choices, or a sentence that says why it cannot be told; `told` where words tell the key already."""


NONE_FOUND = (
    "Không thấy câu hỏi nào. Mỗi câu cần mở đầu bằng “Câu 1:” hoặc “1.”, các phương án bằng “A.”, “B.”, và có đáp án."
)

_NESTED = (
    "các dòng đánh số ngay phía trên không có phương án, có thể là phần đầu của câu này. "
    "Hãy mở đầu mỗi câu hỏi bằng “Câu 1:”, “Câu 2:”…"
)


def recognises(data: bytes, head: str) -> bool:
    """Whether the text has numbered questions with choices A and B below them."""
    opened = [line for line in lines(head[:20_000]) if (found := named_question(line.text)) and found["stop"]]
    letters = {label.place for line in lines(head[:20_000]) for label in labels(line.text)}
    return bool(opened) and {0, 1} <= letters


def read(data: str | bytes) -> Parsed:
    """The questions of a pasted text; each that cannot be used is a Problem at its line and spoils no other."""
    text, remarks = decode(data) if isinstance(data, bytes) else (normalize(data), ())
    found = list(islice(lines(text), _LINES_MOST + 1))
    parsed = parse(found[:_LINES_MOST])
    if text.strip() and not (parsed.questions or parsed.problems or parsed.unsupported):
        return Parsed(problems=(*remarks, Problem(None, NONE_FOUND)))
    if len(found) > _LINES_MOST:
        message = f"Tệp quá dài: chỉ đọc {_LINES_MOST} dòng đầu. Hãy chia thành nhiều tệp."
        remarks = (*remarks, Problem(_LINES_MOST + 1, message))
    return Parsed(parsed.questions, (*remarks, *parsed.problems), parsed.unsupported)


def parse(read_lines: Sequence[Line], judge: Judge | None = None, *, unit: str = "dòng") -> Parsed:
    """The questions of lines. `judge` tells a key from emphasis where the words of a question tell none.

    `unit` is what the numbers of the lines count, in words.
    """
    found = cut([part for line in read_lines for part in unbroken(line)], unit=unit)
    questions: list[Question] = []
    problems = [Problem(line, message, kept=True) for line, message in found.unmatched]
    unsupported: list[Unsupported] = []
    long_chapters: set[str] = set()
    for index, block in enumerate(found.blocks):
        notes: list[Problem] = []
        try:
            if found.numbered and _nested(found.blocks, index):
                raise Refused(_NESTED)
            question = _question(block, judge, notes, unit)
        except NoChoices:
            message = f"{block.name} không có phương án A, B… nên không dùng được trong phần thi trắc nghiệm."
            unsupported.append(Unsupported(block.line, "essay", message))
        except Refused as error:
            problems.append(Problem(error.line or block.line, f"{block.name}: {error}"))
        except QuestionError as error:
            problems.extend(Problem(block.line, f"{block.name}: {message}") for message in error.messages)
        else:
            questions.append(question)
            problems.extend(notes)
            problems.extend(Problem(line, message, kept=True) for line, message in block.doubts)
            told = shortening.told(question, long_chapters).values()
            problems.extend(Problem(block.line, f"{block.name}: {words}", kept=True) for words in told)
    if found.full is not None:
        problems.append(Problem(found.full, TOO_MANY))
    if found.blocks:
        problems.extend(_strays(found.stray, unit))
        problems.extend(told_heads(found.heads, unit))
    return Parsed(tuple(questions), tuple(sorted(problems, key=lambda problem: problem.line or 0)), tuple(unsupported))


def _nested(blocks: Sequence[Block], index: int) -> bool:
    """Whether a question told by a bare number is likely the last of a numbered list inside a question."""
    block, before = blocks[index], blocks[index - 1] if index else None
    if before is None or before.has_choices or not block.has_choices:
        return False
    first = index - 1
    while first and not blocks[first - 1].has_choices:
        first -= 1
    if any(one.body[-1].text.rstrip().endswith((":", "：")) for one in blocks[first:index]):
        return True
    after = blocks[index + 1] if index + 1 < len(blocks) else None
    return after is not None and (after.number or 0) <= (block.number or 0)


def _strays(numbers: Sequence[int], unit: str) -> Iterator[Problem]:
    if numbers:
        count = f" và {len(numbers) - 1} {unit} khác" if len(numbers) > 1 else ""
        yield Problem(
            numbers[0], f"{unit.capitalize()} {numbers[0]}{count} nằm ngoài câu hỏi nên không được nhập.", kept=True
        )


def _question(block: Block, judge: Judge | None, notes: list[Problem], unit: str) -> Question:
    if sum(len(line.text) for line in block.body) > _BLOCK_MOST:
        raise Refused("câu hỏi dài bất thường nên không được đọc.")
    said: list[tuple[int, frozenset[int]]] = []
    repeated = take_repeated(block)
    body = body_of(block)
    picture = _picture(block, body, notes)
    texts, marked = marked_by(body)
    stem = body.text[: body.labels[0].start]
    if chain(body.text).doubtful:
        message = f"{block.name}: có phương án nằm cùng dòng với phương án trước. Hãy xem lại chỗ tách."
        notes.append(Problem(block.line, message, kept=True))
    for place, text in ((len(texts) - 1, texts[-1]), (None, stem)):
        end = text.rstrip()
        cut_at = max(0, len(end) - _ENDING)
        if (inside := _KEY_INSIDE.search(end, cut_at)) is None:
            continue
        said.append((block.line, places_of(block, block.line, keys.stated(inside["key"]), texts)))
        if place is None:
            stem = text[: inside.start()]
        else:
            texts[place] = text[: inside.start()]
    texts, stem = [tidy(text) for text in texts], tidy(stem)
    keyed = [field for field in block.fields if field.name in ("key", "chosen")]
    said += [(field.line, told_by(block, field, texts)) for field in keyed]
    reasons = [(field.line, keys.explained(tidy(field.text))) for field in keyed]
    block.fields += [Field(line, "feedback", "", [reason]) for line, reason in reasons if reason]
    if repeated:
        places = [told_by(block, Field(number, "key", "", [text]), texts, notes) for number, text in repeated]
        said.append((repeated[0][0], frozenset().union(*places)))
    if marked:
        said.append((block.line, marked))
    said += [(line, places_of(block, line, (letters, ""), texts)) for line, letters in block.listed]
    if not keys.agreed(said):
        shown = "; ".join(
            f"{unit} {line} cho là {', '.join(LETTERS[place] for place in sorted(key))}" for line, key in said[:4]
        )
        raise Refused(f"đáp án không thống nhất: {shown}.", said[-1][0])
    key = said[0][1] if said else _emphasised(body, judge)
    if said and judge is not None and (seen := judge(body, told=True)[0]) and seen != key:
        one, other = (", ".join(LETTERS[place] for place in sorted(places)) for places in (seen, key))
        message = f"{block.name}: phương án {one} được làm nổi bật nhưng đáp án ghi là {other}; đáp án theo lời ghi. Hãy xem lại."
        notes.append(Problem(block.line, message, kept=True))
    for line in block.body:
        notes.extend(Problem(line.number, f"{block.name}: {note}", kept=True) for note in line.notes)
    if picture is not None and not stem:
        stem = picture.alt
    return _assembled(block, stem, texts, key, notes, picture)


def _picture(block: Block, body: Body, notes: list[Problem]) -> Picture | None:
    """The first picture that stands before the choices; what becomes of the others is told."""
    placed, length = list[tuple[int, Picture]](), 0
    for line in block.body:
        placed += [(length + place, picture) for place, picture in line.pictures]
        length += len(line.text) + 1
    first = body.labels[0].start
    asked = [picture for place, picture in placed if place < first]
    for piece in body.choices:
        if not piece.text.strip() and any(piece.start <= place <= piece.end for place, _ in placed):
            raise Refused(NO_WORDS)
    told = [images.SECOND] * (len(asked) > 1) + [images.IN_CHOICE] * (len(placed) > len(asked))
    told += dict.fromkeys(
        images.IN_FEEDBACK if name in ("feedback", "explained") else images.AFTER_KEY for name in block.aside
    )
    notes.extend(Problem(block.line, f"{block.name}: {images.after_name(text)}", kept=True) for text in told)
    return asked[0] if asked else None


def _emphasised(body: Body, judge: Judge | None) -> frozenset[int]:
    if judge is None:
        raise Refused("không thấy đáp án. Hãy thêm dòng “Đáp án: …” hoặc bảng đáp án ở cuối.")
    key, message = judge(body)
    if message:
        raise Refused(message)
    return key


def _assembled(
    block: Block, stem: str, texts: Sequence[str], key: frozenset[int], notes: list[Problem], picture: Picture | None
) -> Question:
    values = {field.name: tidy(field.text) for field in reversed(block.fields)}
    explained = {field.letter.upper(): tidy(field.text) for field in block.fields if field.name == "explained"}
    level = values.get("difficulty") or block.level
    difficulty = difficulty_called(level)
    if difficulty is None and values.get("difficulty"):
        message = f"{block.name}: độ khó không phải Dễ, Trung bình hoặc Khó nên coi là trung bình."
        notes.append(Problem(block.line, message, kept=True))
    reasons = [field.text for field in block.fields if field.name == "feedback"]
    if len(plain := [label for label in chain("\n".join(reasons)).labels if label.weight > 6]) > 1:
        shown = f"“{LETTERS[0]}.” đến “{LETTERS[plain[-1].place]}.”"
        message = f"{block.name}: lời giải thích có các dòng mở đầu bằng {shown}, có thể là của một câu hỏi khác. Hãy xem lại."
        notes.append(Problem(block.line, message, kept=True))
    return Question(
        stem=stem,
        choices=tuple(
            Choice(text, place in key, explained.get(LETTERS[place], "")) for place, text in enumerate(texts)
        ),
        chapter=block.chapter,
        difficulty=difficulty or Difficulty.MEDIUM,
        source=Source(values.get("source", ""), values.get("locator", "")),
        tags=tuple(_tags(block.fields)),
        pinned=says_yes(values.get("pinned", "")) or False,
        code=values.get("code", ""),
        feedback="\n".join(map(tidy, reasons)),
        picture=picture,
    )


def _tags(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.name == "tags":
            yield from (tidy(tag) for tag in re.split(f"[,;](?!{SHIELD})", field.text))
