"""The tables of a report as text, as a spreadsheet, and as a document of the State or of the Party; the desk and `contest quiz report` offer them."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from contest.contests.models import Round
from contest.core.display import lower_first
from contest.core.sheets import OPTIONS, Cells
from contest.quiz.report import letterhead
from contest.quiz.report.paper import line
from contest.quiz.report.table import Table, worded

# Columns of words, in which what looks like a figure is none.
_WORDS = frozenset(
    ["Mã", "Câu hỏi", "Nội dung", "Phương án", "Đơn vị", "Họ và tên", "Biên nhận", "Lý do", "Điều chỉnh", "Bốc thăm"]
)
_LONGEST = 60  # characters of a column of text
_NARROW = 11  # points: tables of so many columns that 13 would not fit
_MANY_COLUMNS = 6


def as_text(found: Sequence[Table]) -> str:
    """The tables one under another, columns set with spaces."""
    return "\n\n".join(_as_text(table) for table in found)


def as_sheets(found: Sequence[Table]) -> bytes:
    """An .xlsx with a sheet for each table."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **OPTIONS})
    cells = Cells(book)
    bold = book.add_format({"bold": True, "bottom": 1})
    for table in found:
        sheet = book.add_worksheet(table.title)
        for column, head in enumerate(table.heads):
            wide = max((len(worded(row[column])) for row in table.rows), default=0)
            sheet.set_column(column, column, min(max(wide, len(head)) + 2, _LONGEST))
            sheet.write_string(0, column, head, bold)
        for place, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and table.heads[column] not in _WORDS:
                    cells.write_shown(sheet, place, column, cell)
                else:
                    cells.write(sheet, place, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    book.close()
    return target.getvalue()


def as_document(round_: Round, found: Sequence[Table], *, at: datetime, standing: str) -> bytes:
    """A .docx to be numbered and signed: the contest's letterhead, tables but for the details, place for the signature. `standing` says what is not final yet.

    What writes Word is loaded here: the processes that answer people do not need it before somebody asks.
    """
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    _numbered_pages(section.header.paragraphs[0])
    _plain_styles(document, letterhead.LOOKS[round_.track.contest.letterhead].text)
    core = document.core_properties
    contest = round_.track.contest
    core.title, core.author, core.comments, core.language = (
        f"Báo cáo kết quả {lower_first(round_.title)}",
        contest.organizer_name,
        "",
        "vi-VN",
    )
    look = letterhead.LOOKS[contest.letterhead]
    letterhead.head(document, look, above=contest.parent_body, body=contest.organizer_name, at=at)
    line(document, "BÁO CÁO", size=look.title, bold=True, align=ALIGN.CENTER, before=18)
    subject = f"Kết quả {lower_first(round_.track.title)}, {lower_first(round_.title)}"
    line(document, subject, size=look.subject, bold=True, align=ALIGN.CENTER)
    line(document, contest.title, size=look.subject, bold=True, align=ALIGN.CENTER, after=6 if look.dashes else 12)
    if look.dashes:
        line(document, look.dashes, size=look.subject, align=ALIGN.CENTER, after=12)
    if standing:
        line(document, standing, italic=True)
    for number, table in enumerate((table for table in found if not table.detail), 1):
        document.add_heading(f"{number}. {table.title}", level=1)
        if table.note:
            line(document, table.note, italic=True)
        _grid(document, table)
    line(document, "")
    letterhead.signature(document, look)
    line(document, "", size=1, after=0)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _plain_styles(document: Any, text: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in (("Normal", text), ("Heading 1", text)):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for word in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{word}"), None)
        for word in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{word}"), "Times New Roman")
        style.paragraph_format.space_after = Pt(6)
    heading = document.styles["Heading 1"]
    heading.font.bold = True
    heading.paragraph_format.space_before = Pt(12)
    heading.paragraph_format.keep_with_next = True


def _grid(document: Any, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    size = _NARROW if len(table.heads) >= _MANY_COLUMNS else 12
    grid = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    grid.autofit = False
    widths = [Mm(width) for width in _widths(table)]
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, head in zip(grid.rows[0].cells, table.heads, strict=True):
        _fill(cell, head, size=size, bold=True, align=ALIGN.CENTER)
    numbers = [table.is_number(column) for column in range(len(table.heads))]
    for row in table.rows:
        added = grid.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, value, number in zip(added.cells, row, numbers, strict=True):
            _fill(cell, worded(value), size=size, align=ALIGN.RIGHT if number else ALIGN.LEFT)
    for row_ in grid.rows:
        for cell, width in zip(row_.cells, widths, strict=True):
            cell.width = width


def _widths(table: Table) -> list[float]:
    """The 165 millimetres between the margins, shared by what the columns hold."""
    wanted = []
    for column, head in enumerate(table.heads):
        longest = max((len(worded(row[column])) for row in table.rows), default=0)
        wanted.append(min(max(longest, max(map(len, head.split())) + 1, 7), 40))
    return [165 * share / sum(wanted) for share in wanted]


def _fill(cell: Any, text: str, *, size: float, bold: bool = False, align: Any = None) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _numbered_pages(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    paragraph._p.append(number)


def _as_text(table: Table) -> str:
    lines = [table.heads, *([worded(cell) for cell in row] for row in table.rows)]
    wide = [min(max(len(line[column]) for line in lines), _LONGEST) for column in range(len(table.heads))]
    told = ["  ".join(cell.ljust(size) for cell, size in zip(line, wide, strict=True)).rstrip() for line in lines]
    return "\n".join([table.title.upper(), *told])
