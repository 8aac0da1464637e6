"""Word documents of questions, in and out: text as in `word_paste`, tables as in `spreadsheet`, keys by emphasis too.

Where a question has no "Đáp án", the one choice that is bold, underlined, coloured or highlighted is its key; letters
and numbers that Word draws by itself count. Lines of problems are paragraphs. Written is a document to print, which
reading gives back but for what `losses` tells.
"""

import io
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from question_bank.formats import docx_drawing, docx_lines, spreadsheet_rows, word_paste, word_paste_writing
from question_bank.formats.docx_marks import Marks
from question_bank.formats.losses import Loss
from question_bank.formats.office import Package, Unreadable, holds
from question_bank.schema import Parsed, Problem, Question

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def recognises(data: bytes, head: str) -> bool:
    """Whether the bytes look like a Word document, of today or of old."""
    return holds(data, "word/") or data.startswith(_OLE)


def read(data: bytes) -> Parsed:
    """The questions of a .docx; every problem has the number of its paragraph and spoils no other question."""
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        message = (
            "Tệp có đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi tải lên lại."
            if locked
            else "Đây là tệp Office đời cũ (.doc, .xls). Hãy lưu lại ở dạng .docx hoặc .xlsx rồi tải lên."
        )
        return Parsed(problems=(Problem(None, message),))
    try:
        found = docx_lines.written(Package(data))
    except Unreadable as error:
        return Parsed(problems=(Problem(None, str(error)),))
    marks = Marks()
    parsed = word_paste.parse(found.lines, marks.judge, unit="đoạn")
    questions, problems = list(parsed.questions), list(parsed.problems)
    for sheet in found.tables:
        heads = spreadsheet_rows.headings(sheet)
        if heads is not None:
            problems.extend(Problem(None, remark, kept=True) for remark in heads.remarks)
            rows = spreadsheet_rows.questions(sheet, heads)
            questions += rows.questions
            problems += rows.problems
    if not (questions or problems or parsed.unsupported):
        problems = [Problem(None, f"{word_paste.NONE_FOUND} Chữ nằm trong ảnh thì không đọc được.")]
    remarks = [Problem(line, remark, kept=True) for line, remark in found.remarks]
    remarks += [Problem(None, remark, kept=True) for remark in marks.remarks()]
    return Parsed(tuple(questions), (*remarks, *problems), parsed.unsupported)


def write(questions: Iterable[Question]) -> bytes:
    """The questions as a .docx on A4 to print and correct; reading it gives them back as `losses` tells."""
    import docx
    from docx.shared import Mm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    _numbered_pages(section.footer.paragraphs[0])
    body = document.styles["Normal"]
    body.font.name, body.font.size = "Times New Roman", Pt(13)
    body.paragraph_format.space_after = Pt(2)
    core = document.core_properties
    core.title, core.author, core.comments, core.language = "Ngân hàng câu hỏi", "", "", "vi-VN"
    pictures, layouts = docx_drawing.Pictures(document), dict[str, Any]()
    for part in word_paste_writing.written(questions):
        if part.picture is not None:
            pictures.add(_paragraph(document, layouts, part.kind, ""), part.picture)
        elif part.kind != "gap":
            _paragraph(document, layouts, part.kind, part.text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def losses(question: Question) -> tuple[Loss, ...]:
    """What a question loses when it is written as .docx: what a pasted text loses, but for the picture."""
    return word_paste_writing.losses(question, pictures=True)


def _paragraph(document: Any, layouts: dict[str, Any], kind: str, text: str) -> Any:
    """A paragraph at the end; `layouts` keeps how those of each kind stand."""
    from docx.oxml import OxmlElement
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    # The library would look through all that is there for the place of the next paragraph: minutes in a large bank.
    element, body = OxmlElement("w:p"), document.element.body
    body[-1].addprevious(element)
    paragraph = Paragraph(element, document._body)
    if kind not in layouts:
        layouts[kind] = _laid_out(paragraph, kind)
    else:
        element.insert(0, deepcopy(layouts[kind]))
    opening, sign, rest = text.partition(": ")
    if kind in ("choice", "chapter") or not sign:
        paragraph.add_run(text).bold = kind == "chapter"
        return paragraph
    paragraph.add_run(opening + sign).bold = kind in ("stem", "key")
    paragraph.add_run(rest).bold = kind == "key"
    if kind == "field":
        for run in paragraph.runs:
            run.font.size = Pt(11)
    return paragraph


def _laid_out(paragraph: Any, kind: str) -> Any:
    from docx.shared import Mm, Pt

    layout = paragraph.paragraph_format
    layout.keep_together = True
    layout.keep_with_next = kind in ("chapter", "stem", "picture", "choice")
    if kind == "stem":
        layout.space_before = Pt(10)
    elif kind == "chapter":
        layout.space_before = Pt(18)
    else:
        layout.left_indent = Mm(8)
    return paragraph._p.pPr


def _numbered_pages(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    paragraph._p.append(number)
