"""The head and the foot of an official document as the State (Decree 30/2020/NĐ-CP) and as the Party (guideline 05-HD/VPTW) set them; the report's .docx calls it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.contests.rules import Letterhead
from contest.core.display import vietnam_time
from contest.quiz.report.paper import line, ruled


@dataclass(frozen=True)
class Look:
    """One way of setting a document: sizes in points, and the words that differ."""

    right: tuple[str, ...]
    right_size: float
    left_size: float
    number: str
    text: float
    title: float
    subject: float
    signed: str
    kept: str
    star: bool = False
    dashes: str = ""


LOOKS = {
    Letterhead.STATE: Look(
        right=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        right_size=12,
        left_size=12,
        number="Số:        /BC-",
        text=13,
        title=14,
        subject=14,
        signed="TM. BAN TỔ CHỨC",
        kept="- Lưu: VT.",
    ),
    Letterhead.PARTY: Look(
        right=("ĐẢNG CỘNG SẢN VIỆT NAM",),
        right_size=15,
        left_size=14,
        number="Số        -BC/",
        text=14,
        title=16,
        subject=14,
        signed="T/M BAN TỔ CHỨC",
        kept="- Lưu.",
        star=True,
        dashes="-----",
    ),
}


def head(document: Any, look: Look, *, above: str, body: str, at: datetime) -> None:
    """Who issues the document at the left, the national title or that of the Party at the right, and the day."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm

    grid = document.add_table(rows=1, cols=2)
    grid.autofit = False
    left, right = grid.rows[0].cells
    left.width, right.width = Mm(70), Mm(95)
    if above:
        line(left, above.upper(), size=look.left_size, align=ALIGN.CENTER, after=0)
    issuer = line(left, body.upper(), size=look.left_size, bold=True, align=ALIGN.CENTER, after=0 if look.star else 6)
    if look.star:
        line(left, "*", size=look.left_size, align=ALIGN.CENTER, after=0)
    else:
        ruled(issuer, Mm(20))
    line(left, look.number, size=look.text, align=ALIGN.CENTER)
    *first, last = look.right
    for words in first:
        line(right, words, size=look.right_size, bold=True, align=ALIGN.CENTER, after=0)
    size = look.right_size if not first else look.text
    ruled(line(right, last, size=size, bold=True, align=ALIGN.CENTER, after=6), Mm(18 if first else 10))
    line(right, f"…………, {_day(vietnam_time(at))}", size=look.text, italic=True, align=ALIGN.CENTER)
    for cell in (left, right):
        empty = cell.paragraphs[0]._p
        empty.getparent().remove(empty)


def signature(document: Any, look: Look) -> None:
    """Who gets the document, and the place for the signature."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm

    grid = document.add_table(rows=1, cols=2)
    grid.autofit = False
    left, right = grid.rows[0].cells
    left.width, right.width = Mm(85), Mm(80)
    recipients = line(left, "Nơi nhận:", size=12, bold=not look.star, italic=not look.star, after=0)
    recipients.runs[0].underline = look.star
    line(left, "- ……………" + ("," if look.star else ";"), size=11, after=0)
    line(left, look.kept, size=11)
    line(right, look.signed, size=14, bold=True, align=ALIGN.CENTER, after=0)
    line(right, "(Chức vụ, chữ ký, họ và tên)", italic=True, align=ALIGN.CENTER, after=48)
    for cell in (left, right):
        empty = cell.paragraphs[0]._p
        empty.getparent().remove(empty)


def _day(day: datetime) -> str:
    """Days below ten and January and February have a nought before them, so that nobody makes other numbers of them."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day:%d} tháng {month} năm {day.year}"
