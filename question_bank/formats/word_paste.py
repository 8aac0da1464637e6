"""Questions pasted from Word ("Câu 1: … A. … B. … Đáp án: B"), in and out; the .docx reader parses its lines here too.

Read: questions told by "Câu 1:", "1." or their choices alone; choices on lines of their own or along one; the key as
"Đáp án: B", as a line that repeats a choice, as "*B." or "(đúng)", or in a list at the end ("1-A 2-C"); chapters,
"Nguồn:", "Vị trí:", "Giải thích:", "Độ khó:", "Nhãn:", "Mã:", "Giữ thứ tự:". Written so, questions lose runs of spaces
and signs without width, and nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Protocol

from question_bank import shortening
from question_bank.formats import images, word_paste_writing
from question_bank.formats import word_paste_keys as keys
from question_bank.formats.decoding import decode, normalize
from question_bank.formats.spreadsheet_rows import difficulty_called, says_yes
from question_bank.formats.word_paste_blocks import cut
from question_bank.formats.word_paste_choices import BULLETS, CHECKS, LETTERS, Label, chain, labels, unchained
from question_bank.formats.word_paste_lines import SHIELD, Line, lines, named_question, tidy
from question_bank.formats.word_paste_shapes import Block, Field
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
_HEADS_SHOWN = 8
_REPEATED = re.compile(rf"\s*(?P<mark>[{re.escape(BULLETS)}]{{1,2}})\s*(?P<said>[A-H]\s*[.)\]:].*)", re.DOTALL)
_KEY_INSIDE = re.compile(
    rf"[\s(\[]+(?:đáp\s*án|đ/?a)(?:\s+đúng)?(?:\s+là)?\s*[:：]\s*{keys.CALLED}(?P<key>[A-H](?:\s*[,;&]\s*[A-H])*)\s*[)\].]*\s*$",
    re.IGNORECASE,
)


write = word_paste_writing.write
losses = word_paste_writing.losses


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a question's body, from its first place to the one after its last, and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A question's body as one text with its emphasis, its choices, and the signs that open them."""

    text: str
    marks: tuple[tuple[int, int, str], ...]
    labels: tuple[Label, ...]
    choices: tuple[Piece, ...]


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
_NO_WORDS = "phương án chỉ có hình, không có chữ. Hãy ghi phương án bằng chữ, đặt hình ở câu dẫn."


class _Refused(Exception):
    """Raised inside this module when a block cannot become a question."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class _NoChoices(Exception):
    """Raised inside this module for a block that has no choices at all."""


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
    found = cut(read_lines, unit=unit)
    questions: list[Question] = []
    problems = [Problem(line, message, kept=True) for line, message in found.unmatched]
    unsupported: list[Unsupported] = []
    long_chapters: set[str] = set()
    for index, block in enumerate(found.blocks):
        notes: list[Problem] = []
        try:
            if found.numbered and _nested(found.blocks, index):
                raise _Refused(_NESTED)
            question = _question(block, judge, notes, unit)
        except _NoChoices:
            message = f"{block.name} không có phương án A, B… nên không dùng được trong phần thi trắc nghiệm."
            unsupported.append(Unsupported(block.line, "essay", message))
        except _Refused as error:
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
        problems.extend(_heads(found.heads, unit))
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


def _heads(heads: Sequence[tuple[int, str]], unit: str) -> Iterator[Problem]:
    if heads:
        shown = "; ".join(f"{unit} {line} “{text[:60]}”" for line, text in heads[:_HEADS_SHOWN])
        count = f" và {len(heads) - _HEADS_SHOWN} {unit} khác" if len(heads) > _HEADS_SHOWN else ""
        message = f"Số trang, tiêu đề ngoài câu hỏi không được nhập: {shown}{count}."
        yield Problem(heads[0][0], message, kept=True)


def _question(block: Block, judge: Judge | None, notes: list[Problem], unit: str) -> Question:
    if sum(len(line.text) for line in block.body) > _BLOCK_MOST:
        raise _Refused("câu hỏi dài bất thường nên không được đọc.")
    said: list[tuple[int, frozenset[int]]] = []
    repeated = _take_repeated(block)
    body = _body(block)
    picture = _picture(block, body, notes)
    texts, marked = _marked(body)
    stem = body.text[: body.labels[0].start]
    if chain(body.text).doubtful:
        message = f"{block.name}: có phương án nằm cùng dòng với phương án trước. Hãy xem lại chỗ tách."
        notes.append(Problem(block.line, message, kept=True))
    for place, text in ((len(texts) - 1, texts[-1]), (None, stem)):
        end = text.rstrip()
        cut_at = max(0, len(end) - _ENDING)
        if (inside := _KEY_INSIDE.search(end, cut_at)) is None:
            continue
        said.append((block.line, _places(block, block.line, keys.stated(inside["key"]), texts)))
        if place is None:
            stem = text[: inside.start()]
        else:
            texts[place] = text[: inside.start()]
    texts, stem = [tidy(text) for text in texts], tidy(stem)
    keyed = [field for field in block.fields if field.name in ("key", "chosen")]
    said += [(field.line, _told(block, field, texts)) for field in keyed]
    reasons = [(field.line, keys.explained(tidy(field.text))) for field in keyed]
    block.fields += [Field(line, "feedback", "", [reason]) for line, reason in reasons if reason]
    if repeated:
        places = [_told(block, Field(number, "key", "", [text]), texts, notes) for number, text in repeated]
        said.append((repeated[0][0], frozenset().union(*places)))
    if marked:
        said.append((block.line, marked))
    said += [(line, _places(block, line, (letters, ""), texts)) for line, letters in block.listed]
    if not keys.agreed(said):
        shown = "; ".join(
            f"{unit} {line} cho là {', '.join(LETTERS[place] for place in sorted(key))}" for line, key in said[:4]
        )
        raise _Refused(f"đáp án không thống nhất: {shown}.", said[-1][0])
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
            raise _Refused(_NO_WORDS)
    told = [images.SECOND] * (len(asked) > 1) + [images.IN_CHOICE] * (len(placed) > len(asked))
    told += dict.fromkeys(
        images.IN_FEEDBACK if name in ("feedback", "explained") else images.AFTER_KEY for name in block.aside
    )
    notes.extend(Problem(block.line, f"{block.name}: {images.after_name(text)}", kept=True) for text in told)
    return asked[0] if asked else None


def _take_repeated(block: Block) -> list[tuple[int, str]]:
    """Take the lines that repeat a choice behind a bullet out of the body: they tell the key."""
    plain = [line for line in block.body if not _REPEATED.match(line.text)]
    if len(plain) == len(block.body):
        return []
    known = {label.place for label in chain("\n".join(line.text for line in plain)).labels}
    taken = []
    for line in block.body:
        match = _REPEATED.match(line.text)
        if match and len(known) >= 2 and LETTERS.index(match["said"][0].upper()) in known:
            taken.append((line.number, match["said"]))
    numbers = {number for number, _ in taken}
    block.body = [line for line in block.body if line.number not in numbers or not _REPEATED.match(line.text)]
    return taken


def _body(block: Block) -> Body:
    parts, marks, length = [], [], 0
    for line in block.body:
        parts.append(line.text)
        marks += [(start + length, end + length, kind) for start, end, kind in line.marks]
        length += len(line.text) + 1
    text = "\n".join(parts)
    signs = chain(text).labels
    if not signs:
        found = [label for label in labels(text) if label.weight > 5]
        if found and any(line.pictures for line in block.body):
            raise _Refused(_NO_WORDS)
        if found:
            raise _Refused("các phương án không theo thứ tự A, B, C… hoặc chỉ có một phương án.")
        raise _NoChoices
    placed = sorted(signs, key=lambda label: label.start)
    plain = [label for label in unchained(labels(text), signs) if label.upper == signs[0].upper]
    if twice := next((label for label in plain if label.place == 0 and 0 < label.start < placed[0].start), None):
        number = block.body[text.count("\n", 0, placed[0].start)].number
        sign = LETTERS[twice.place] if twice.upper else LETTERS[twice.place].lower()
        raise _Refused(f"có hai dòng mở đầu bằng “{sign}.” nên không biết phương án {sign} là dòng nào.", number)
    if again := next((label for label in plain if label.start > placed[0].start), None):
        number = block.body[text.count("\n", 0, again.start)].number
        sign, last = text[again.start : again.end].strip(), LETTERS[signs[-1].place]
        if again.start > placed[-1].start:
            raise _Refused(f"sau phương án {last} lại có “{sign}”; thiếu phương án hoặc dính hai câu.", number)
        raise _Refused(f"“{sign}” không theo thứ tự các phương án, nên không biết đó là phương án nào.", number)
    ends = {sign: after.start for sign, after in pairwise(placed)}
    choices = tuple(Piece(sign.end, end, text[sign.end : end]) for sign in signs for end in [ends.get(sign, len(text))])
    return Body(text, tuple(marks), signs, choices)


def _marked(body: Body) -> tuple[list[str], frozenset[int]]:
    """The words of the choices without what marks them right, and which are so marked."""
    told = [keys.verdict(piece.text) for piece in body.choices]
    right = {place for place, (_, verdict) in enumerate(told) if verdict}
    checked = {place for place, label in enumerate(body.labels) if set(label.mark) & set(CHECKS)}
    pointed = {place for place, label in enumerate(body.labels) if set(label.mark) & set(BULLETS)}
    texts = [
        text if verdict is not False or right else piece.text
        for (text, verdict), piece in zip(told, body.choices, strict=True)
    ]
    if right and checked and len(checked) < len(texts) > len(right) and right != checked:
        raise _Refused("các dấu đánh ở phương án không thống nhất, nên không biết phương án nào đúng.")
    if len(right) < len(texts) and right:
        return texts, frozenset(right)
    if checked and len(checked) < len(texts):
        return texts, frozenset(checked)
    return texts, frozenset(pointed) if len(pointed) == 1 else frozenset()


def _told(block: Block, field: Field, texts: Sequence[str], notes: list[Problem] | None = None) -> frozenset[int]:
    """The places that a line about the key tells, by letters or by the words of a choice."""
    value = tidy(field.text)
    same = [place for place, text in enumerate(texts) if keys.same_words(text, value)]
    told = keys.stated(value)
    if (told is None or told[1]) and len(same) == 1:
        return frozenset(same)
    if told is None and (joined := keys.letters(value)) is not None:
        told = joined, ""
    if told is not None and len(value.strip(" .()[]“”")) > 1 and same:
        other = LETTERS[same[0]]
        raise _Refused(
            f"đáp án “{value}” là chữ của phương án đúng hay là lời của phương án {other}? Hãy ghi chữ.", field.line
        )
    if told is None:
        shown = value if len(value) <= 60 else value[:60] + "…"
        raise _Refused(f"không hiểu đáp án “{shown}”. Hãy ghi chữ của phương án đúng, như “Đáp án: B”.", field.line)
    places = _places(block, field.line, told, texts)
    if told[1] and len(places) == 1:
        _must_match(field.line, told[1], texts[min(places)], LETTERS[min(places)], notes)
    return places


def _must_match(line: int, said: str, text: str, letter: str, notes: list[Problem] | None) -> None:
    """A key that repeats its choice must repeat that choice; remarks after its words are told."""
    one, other = keys.words(said), keys.words(text)
    if one == other:
        return
    if one.startswith(other) or other.startswith(one):
        if notes is not None:
            notes.append(Problem(line, "Dòng đáp án và phương án có chỗ ghi thêm. Hãy xem lại câu này.", kept=True))
        return
    shown = said if len(said) <= 60 else said[:60] + "…"
    raise _Refused(f"đáp án ghi “{letter}. {shown}” nhưng nội dung phương án {letter} khác thế.", line)


def _places(block: Block, line: int, told: tuple[frozenset[str], str] | None, texts: Sequence[str]) -> frozenset[int]:
    places = frozenset(LETTERS.index(letter) for letter in told[0]) if told else frozenset[int]()
    beyond = sorted(place for place in places if place >= len(texts))
    if beyond:
        raise _Refused(f"đáp án là {LETTERS[beyond[0]]} nhưng câu hỏi chỉ có {len(texts)} phương án.", line)
    return places


def _emphasised(body: Body, judge: Judge | None) -> frozenset[int]:
    if judge is None:
        raise _Refused("không thấy đáp án. Hãy thêm dòng “Đáp án: …” hoặc bảng đáp án ở cuối.")
    key, message = judge(body)
    if message:
        raise _Refused(message)
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
        feedback="\n".join(tidy(field.text) for field in block.fields if field.name == "feedback"),
        picture=picture,
    )


def _tags(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.name == "tags":
            yield from (tidy(tag) for tag in re.split(f"[,;](?!{SHIELD})", field.text))
