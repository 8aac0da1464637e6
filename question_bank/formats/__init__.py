"""Question files of every kind the bank reads and writes; the import pages and the command call `read` and `write`.

Each format is one module with `recognises(data, head)`, `read(text | bytes) -> Parsed` and, where the bank can be
written so, `write(questions)`. A new one is a line in `FORMATS`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from question_bank.formats import aiken, docx, gift, jsonl, moodle_xml, old_fonts, qti, spreadsheet, word_paste
from question_bank.formats.decoding import UNSEEN, decode
from question_bank.formats.losses import Loss, but_pictures, nothing
from question_bank.schema import Parsed, Problem, Question

MAX_BYTES = 10_000_000
_HEAD = 65_536
_LOOKED_AT = 200
_PICTURES = frozenset({"png", "jpg", "gif", "webp"})
_OFFICE_PICTURES = _PICTURES - {"webp"}  # which Word shows since 2023 alone


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `recognises` gets the file's bytes and the text of its beginning ("" where it is no text).

    `endings` are those of file names, in lower case without the dot, the first being what a written file is given.
    `losses` tells what a question loses in being written; `binary` marks formats whose files are not text,
    `pictures` are the kinds of pictures that its written files hold.
    """

    name: str
    label: str
    endings: tuple[str, ...]
    recognises: Callable[[bytes, str], bool]
    read: Callable[[bytes], Parsed]
    write: Callable[[Iterable[Question]], str | bytes] | None = None
    binary: bool = False
    losses: Callable[[Question], tuple[Loss, ...]] = but_pictures
    pictures: frozenset[str] = frozenset()


# The first that recognises a file reads it, those that own the name's ending before the others.
FORMATS: tuple[Format, ...] = (
    Format("jsonl", "JSONL", ("jsonl", "ndjson", "json"), jsonl.recognises, jsonl.read, jsonl.write),
    Format("gift", "GIFT", ("gift",), gift.recognises, gift.read, gift.write),
    Format(
        "moodle_xml",
        "Moodle XML",
        ("xml",),
        moodle_xml.recognises,
        moodle_xml.read,
        moodle_xml.write,
        losses=nothing,
        pictures=_PICTURES,
    ),
    *(
        Format(
            name,
            label,
            ("zip", "xml", "imscc", "qti", "dat"),
            qti.recognises,
            qti.read,
            write,
            True,
            losses=nothing,
            pictures=_PICTURES,
        )
        for name, label, write in (
            ("qti21", "QTI 2.1", qti.write_2_1),
            ("qti22", "QTI 2.2", qti.write_2_2),
            ("qti30", "QTI 3.0", qti.write_3_0),
        )
    ),
    Format("aiken", "Aiken", ("aiken",), aiken.recognises, aiken.read, aiken.write, losses=aiken.losses),
    Format("xlsx", "Excel", ("xlsx", "xlsm"), spreadsheet.recognises_xlsx, spreadsheet.read, spreadsheet.write, True),
    Format("csv", "CSV", ("csv", "tsv"), spreadsheet.recognises_csv, spreadsheet.read, spreadsheet.write_csv),
    Format(
        "word",
        "Văn bản dán từ Word",
        ("txt",),
        word_paste.recognises,
        word_paste.read,
        word_paste.write,
        losses=word_paste.losses,
    ),
    Format(
        "docx",
        "Word",
        ("docx", "docm", "doc"),
        docx.recognises,
        docx.read,
        docx.write,
        True,
        losses=docx.losses,
        pictures=_OFFICE_PICTURES,
    ),
)

_BY_NAME = {form.name: form for form in FORMATS}
_PAGE = re.compile(r"\s*(?:(?P<rtf>\{\\rtf)|(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b)", re.IGNORECASE | re.DOTALL)
_BINARY = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"\xd0\xcf\x11\xe0")


def read(filename: str, data: bytes) -> Parsed:
    """The questions of a file, its format told by the name's ending and the content together.

    Never raises for what a file holds: whatever cannot be read is a Problem with its line and a Vietnamese sentence.
    """
    if len(data) > MAX_BYTES:
        return _refused(f"Tệp quá lớn: nhiều nhất {MAX_BYTES // 1_000_000} MB. Hãy chia thành nhiều tệp.")
    binary = data.startswith(_BINARY)
    head = "" if binary else decode(_beginning(data))[0]
    if not binary and not head.strip() and not data[_HEAD:].strip():
        return _refused("Tệp không có nội dung.")
    if page := _PAGE.match(head):
        kind = "RTF" if page["rtf"] else "trang web (HTML)"
        return _refused(f"Đây là tệp {kind}. Hãy mở bằng Word, lưu lại ở dạng .docx rồi tải lên.")
    form = _told(filename.rpartition(".")[2].lower(), data, head, binary)
    if form is None:
        return _refused(
            "Đây không phải tệp câu hỏi đọc được. Hãy lưu câu hỏi ở một trong các dạng: "
            + ", ".join(dict.fromkeys(form.label for form in FORMATS))
            + "."
        )
    parsed = form.read(data)
    said = {problem.message for problem in parsed.problems}
    if said.isdisjoint({old_fonts.MESSAGE, UNSEEN}) and old_fonts.written_for(_words(parsed) or head):
        parsed = replace(parsed, problems=(Problem(None, old_fonts.MESSAGE, kept=True), *parsed.problems))
    if not (parsed.questions or parsed.unsupported or any(not problem.kept for problem in parsed.problems)):
        return Parsed(problems=(*parsed.problems, Problem(None, "Tệp không có câu hỏi nào.")))
    return parsed


def write(name: str, questions: Iterable[Question]) -> bytes:
    """The questions as a file of the format called `name`. Raises KeyError for one that the bank does not write."""
    written = _BY_NAME[name].write
    if written is None:
        raise KeyError(name)
    content = written(questions)
    return content.encode() if isinstance(content, str) else content


def losses(name: str, questions: Iterable[Question]) -> list[tuple[int, tuple[Loss, ...]]]:
    """What would be lost in writing the questions as `name`: the place (from 0) of each that loses, and its losses."""
    losing = _BY_NAME[name].losses
    return [(index, lost) for index, question in enumerate(questions) if (lost := losing(question))]


def _words(parsed: Parsed) -> str:
    """The words of the first questions read."""
    return "\n".join(text for q in parsed.questions[:_LOOKED_AT] for text in (q.stem, *(c.text for c in q.choices)))


def _beginning(data: bytes) -> bytes:
    """The first lines of a long file, cut where no letter of several bytes is broken."""
    piece = data[:_HEAD]
    if len(data) <= _HEAD or b"\0" in piece:
        return piece
    return piece[: piece.rfind(b"\n") + 1] or piece


def _told(ending: str, data: bytes, head: str, binary: bool) -> Format | None:
    """The format of a file; text that nobody recognises is taken for GIFT, whose reader then says what it met."""
    owners = [form for form in FORMATS if ending in form.endings]
    others = [form for form in FORMATS if form not in owners]
    for form in (*owners, *others):
        if form.binary >= binary and form.recognises(data, head):
            return form
    for form in owners:
        if form.binary == binary:
            return form
    return None if binary else _BY_NAME["gift"]


def _refused(message: str) -> Parsed:
    return Parsed(problems=(Problem(None, message),))
