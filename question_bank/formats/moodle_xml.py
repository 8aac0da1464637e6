"""Moodle XML: multiple choice and true/false in and out, every other type listed as unsupported.

Read: categories (as the chapter), `single`, fractions, feedback, general feedback, tags, `idnumber` or the name as the
code, `shuffleanswers`, the four text formats, the picture of the stem with its alternative text. `<difficulty>` and
`<source>` are ours; Moodle passes over elements that it does not know. Format: docs.moodle.org, "Moodle XML format".
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from question_bank import shortening
from question_bank.formats import images, light_markup, markup, xml_source
from question_bank.formats.moodle import chapter_of, difficulty_of
from question_bank.formats.moodle_writing import IN_FILE, write
from question_bank.formats.unheld import SEVERAL, SHARES, kind_left_out, shares_lost
from question_bank.schema import (
    MAX_ITEMS,
    TOO_MANY,
    TRUE_FALSE,
    Choice,
    Parsed,
    Problem,
    Question,
    QuestionError,
    Source,
    Unsupported,
    one_line,
)

__all__ = ["read", "recognises", "write"]

_SIGNS = re.compile(r"<quiz[\s>]|<question\s+type\s*=")
_OPENING = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<question(?=[\s>/])", re.DOTALL)
_PIECE = re.compile(r"<question(?=[\s>])|</question\s*>")
_LONGEST_NAME = 150  # a longer name is the question itself once more, as many programs write it
_KINDS = {
    "essay": "Câu tự luận",
    "description": "Đoạn giới thiệu không có phương án",
    "numerical": "Câu trả lời bằng số",
    "matching": "Câu ghép đôi",
    "shortanswer": "Câu trả lời ngắn",
    "cloze": "Câu điền vào chỗ trống",
    "multianswer": "Câu điền vào chỗ trống",
    "calculated": "Câu tính toán theo công thức",
    "calculatedsimple": "Câu tính toán theo công thức",
    "calculatedmulti": "Câu trắc nghiệm có số tính theo công thức",
    "ddwtos": "Câu kéo thả từ vào chỗ trống",
    "ddmarker": "Câu kéo thả vào hình",
    "ddimageortext": "Câu kéo thả vào hình",
    "gapselect": "Câu chọn từ vào chỗ trống",
    "randomsamatch": "Câu ghép đôi ngẫu nhiên",
    "ordering": "Câu sắp xếp thứ tự",
}
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint")
_HINTS = "Gợi ý và lời nhắn chung khi trả lời đúng hoặc sai không được nhập; lời giải thích của câu được giữ."


def recognises(_data: bytes, head: str) -> bool:
    """Whether the beginning of a file is that of a Moodle quiz in XML."""
    return head.lstrip().startswith("<") and bool(_SIGNS.search(head))


def read(data: str | bytes) -> Parsed:
    """The questions of a Moodle XML file; one that cannot be used is told with its line and the next one is read."""
    source = xml_source.parse(data)
    problems = source.problems
    questions: list[Question] = []
    unsupported: list[Unsupported] = []
    long_chapters: set[str] = set()
    if source.refused:
        return Parsed(problems=tuple(problems))
    if source.root is None:
        problems.append(_broken(source.fault))
    chapter, hints = "", False
    for count, (line, element) in enumerate(_elements(source)):
        if count == MAX_ITEMS:
            problems.append(Problem(line, TOO_MANY))
            break
        if element is None:
            problems.append(Problem(line, "Câu hỏi này có thẻ XML hỏng hoặc bị cắt cụt nên bị bỏ qua."))
            continue
        kind = (element.get("type") or "").strip().lower()
        if kind == "category":
            chapter = chapter_of(element.findtext("category/text") or "")
            continue
        if kind not in ("multichoice", "truefalse"):
            unsupported.append(_unsupported(line, kind))
            continue
        notes: list[str] = []
        try:
            question = _question(element, kind, chapter, notes)
        except QuestionError as error:
            problems.extend(Problem(line, message) for message in images.refused(error.messages, notes))
        else:
            questions.append(question)
            notes += shortening.told(question, long_chapters).values()
            problems.extend(Problem(line, note, kept=True) for note in dict.fromkeys(notes))
            hints = hints or any((element.findtext(f"{name}/text") or "").strip() for name in _COMBINED)
    if hints:
        problems.append(Problem(None, _HINTS, kept=True))
    return Parsed(tuple(questions), tuple(problems), tuple(unsupported))


def _broken(fault: Problem | None) -> Problem:
    line = fault.line if fault else None
    at = f" ở dòng {line}" if line else ""
    return Problem(line, f"Tệp XML hỏng{at}: các câu hỏi còn nguyên vẹn vẫn được đọc, câu hỏng bị bỏ qua.")


def _elements(source: xml_source.Source) -> Iterator[tuple[int, Any]]:
    """Each question element with its line; of a broken file each piece that stands by itself, None for the others."""
    if source.root is None:
        yield from _pieces(source.text)
        return
    found = [source.root] if source.root.tag == "question" else source.root.findall("question")
    lines = list(_lines(source.text))
    for index, element in enumerate(found):
        yield (lines[index] if len(lines) == len(found) else element.sourceline or 1), element


def _lines(text: str) -> Iterator[int]:
    """The lines of the <question> tags; lxml itself counts no further than 65,535 with certainty."""
    line, position = 1, 0
    for match in _OPENING.finditer(text):
        if match[0].startswith("<question"):
            line += text.count("\n", position, match.start())
            position = match.start()
            yield line


def _pieces(text: str) -> Iterator[tuple[int, Any]]:
    line, position = 1, 0
    start: int | None = None
    for match in _PIECE.finditer(text):
        opens = match[0].startswith("<question")
        if start is not None:
            line += text.count("\n", position, start)
            position = start
            yield line, None if opens else xml_source.fragment(text[start : match.end()])
        start = match.start() if opens else None
    if start is not None:
        yield line + text.count("\n", position, start), None


def _unsupported(line: int, kind: str) -> Unsupported:
    name = _KINDS.get(kind, f"Câu hỏi loại “{kind[:40]}”" if kind else "Câu hỏi không ghi loại")
    return Unsupported(line, kind[:40] or "unknown", kind_left_out(name))


def _question(element: Any, kind: str, chapter: str, notes: list[str]) -> Question:
    asked = element.find("questiontext")
    held = images.Stem(_files(asked), notes)
    stem = held.words(_words(asked, notes, held.take))
    choices = _truth(element, notes) if kind == "truefalse" else _choices(element, notes)
    tags = [tag for tag in (one_line(node.findtext("text") or "") for node in element.findall("tags/tag")) if tag]
    name = one_line(element.findtext("name/text") or "")
    code = one_line(element.findtext("idnumber") or "")
    if len(name) <= _LONGEST_NAME and name != code and not one_line(stem).startswith(name.rstrip(". …")):
        if code:
            tags.append(f"name:{name}")
        else:
            code = name
    shuffled = (element.findtext("shuffleanswers") or "true").strip().lower()
    question = Question(
        stem=stem,
        choices=choices,
        chapter=chapter,
        difficulty=difficulty_of(element.findtext("difficulty"), notes, where="tệp"),
        source=Source(element.findtext("source/document") or "", element.findtext("source/locator") or ""),
        tags=tuple(tags),
        pinned=kind == "truefalse" or shuffled in ("0", "false"),
        code=code,
        feedback=_words(element.find("generalfeedback"), notes),
        picture=held.picture,
    )
    if not question.key:
        raise QuestionError(["Câu hỏi chưa có đáp án đúng: không phương án nào có điểm."])
    return question


def _choices(element: Any, notes: list[str]) -> tuple[Choice, ...]:
    answers = element.findall("answer")
    shares = [_fraction(answer) for answer in answers]
    single = (element.findtext("single") or "true").strip().lower() not in ("0", "false")
    whole = [share >= 99.99 for share in shares]
    correct = whole if single and any(whole) else [share > 0 for share in shares]
    if shares_lost(zip(shares, correct, strict=True)):
        notes.append(SHARES)
    if single and sum(correct) > 1:
        notes.append(SEVERAL)
    return tuple(
        Choice(_words(answer, notes, images.in_choice(notes)), right, _words(answer.find("feedback"), notes))
        for answer, right in zip(answers, correct, strict=True)
    )


def _truth(element: Any, notes: list[str]) -> tuple[Choice, ...]:
    answers = {(answer.findtext("text") or "").strip().lower(): answer for answer in element.findall("answer")}
    if set(answers) != {"true", "false"}:
        raise QuestionError(["Câu đúng/sai phải có hai phương án true và false."])
    return tuple(
        Choice(name, _fraction(answers[key]) > 0, _words(answers[key].find("feedback"), notes))
        for name, key in zip(TRUE_FALSE, ("true", "false"), strict=True)
    )


def _fraction(answer: Any) -> float:
    try:
        share = float((answer.get("fraction") or "0").strip().replace(",", ".") or 0)
    except ValueError:
        raise QuestionError(["Điểm của phương án (fraction) phải là một số."]) from None
    return share if -1_000 <= share <= 1_000 else 0.0


def _files(holder: Any) -> images.Finder:
    """Finds the files that an element carries, by the addresses in its words."""
    held = {} if holder is None else {_composed(_name_of(node)): node for node in reversed(holder.findall("file"))}
    members = images.Members(lambda name: images.decoded(held[name].text or ""))

    def find(address: str) -> bytes:
        name = _composed(images.path(address).removeprefix(IN_FILE).strip("/"))
        node = held.get(name)
        if node is None or (node.get("encoding") or "base64").strip().lower() != "base64":
            raise images.missing(address)
        return members.get(name)

    return find


def _composed(name: str) -> str:
    """A file's name as it is compared: letters may be composed otherwise in one place than in another."""
    return unicodedata.normalize("NFC", name)


def _name_of(node: Any) -> str:
    return f"{node.get('path') or ''}/{node.get('name') or ''}".replace("//", "/").strip("/")


def _words(holder: Any, notes: list[str], picture: Callable[[Any], bool] | None = None) -> str:
    """The plain words of an element that holds a <text> (an older export puts the words in the element itself)."""
    if holder is None:
        return ""
    inner = holder.find("text")
    if inner is not None and len(inner):
        words, lost = markup.words(inner, picture=picture)
        notes.extend(markup.remarks(lost))
        return words
    text = (holder.text if inner is None else inner.text) or ""
    style = (holder.get("format") or "html").strip().lower()
    if style == "markdown":
        text, told = light_markup.plain_markdown(text)
        notes.extend([light_markup.MARKDOWN_READ] * told)
    if style in ("plain_text", "markdown"):
        return text
    if style == "moodle_auto_format":
        text = text.replace("\n", "<br>")
    words, lost = markup.plain(text, picture)
    notes.extend(markup.remarks(lost))
    return words
