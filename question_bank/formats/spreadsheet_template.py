"""The workbook that officials download and fill in, and how a sheet of questions is laid out; `spreadsheet` calls it."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from question_bank.formats.spreadsheet_columns import TITLES
from question_bank.formats.spreadsheet_rows import DEMO_MARK
from question_bank.schema import LETTERS, MAX_CHOICE, MAX_STEM, Difficulty

GUIDE = "Hướng dẫn"
OWN_SHEETS = (GUIDE,)
USUAL_LETTERS = LETTERS[:6]
"""Columns that a sheet of questions always has; more are added where questions have more choices."""
_ROWS = 2_000
_WIDTHS = {
    TITLES["stem"]: 50,
    TITLES["key"]: 9,
    TITLES["chapter"]: 18,
    TITLES["difficulty"]: 12,
    TITLES["source"]: 28,
    TITLES["locator"]: 16,
    TITLES["tags"]: 16,
    TITLES["code"]: 12,
    TITLES["pinned"]: 10,
    TITLES["feedback"]: 34,
}
_DUE = (TITLES["stem"], "A", "B", TITLES["key"])
_HEADINGS = (
    TITLES["code"],
    TITLES["chapter"],
    TITLES["difficulty"],
    TITLES["stem"],
    *USUAL_LETTERS,
    TITLES["key"],
    TITLES["feedback"],
    TITLES["source"],
    TITLES["locator"],
    TITLES["tags"],
    TITLES["pinned"],
)
_STEPS = (
    "Mỗi câu hỏi là một dòng của trang “Câu hỏi”. Giữ nguyên dòng tiêu đề; các cột có thể đổi chỗ cho nhau.",
    "Bốn cột in đậm có dấu * là bắt buộc: Câu hỏi, A, B và Đáp án. Các cột khác có thể để trống.",
    "Phương án ghi lần lượt từ A, không bỏ trống ở giữa; mỗi câu có từ 2 đến 10 phương án; cần hơn 6 thì thêm cột G, H, I, J sau cột F. Không gõ lại chữ “A.” trong ô.",
    "Đáp án ghi chữ của phương án đúng: B. Câu có nhiều đáp án đúng ghi cách nhau bằng dấu phẩy: A, C.",
    "Độ khó chọn Dễ, Trung bình hoặc Khó. Để trống là Trung bình.",
    "Nguồn ghi tên văn bản, số, ngày; Vị trí ghi trang, điều, khoản. Nhãn cách nhau bằng dấu phẩy hoặc chấm phẩy.",
    "Giữ thứ tự ghi “Có” khi phương án nhắc đến nhau, như “Cả A và B” hay “Tất cả các phương án trên”.",
    f"Câu hỏi dài nhất {MAX_STEM} ký tự, mỗi phương án dài nhất {MAX_CHOICE} ký tự. Hình và công thức Excel không được đọc.",
    "Ngày và số: các ô đã đặt sẵn dạng Văn bản, gõ thế nào hiện ra thế ấy.",
    "Trước khi nhập, trang xem trước chỉ ra từng ô có lỗi; chưa xác nhận thì chưa có gì được ghi vào ngân hàng.",
)
_DEMO = (
    {
        TITLES["code"]: f"{DEMO_MARK} 1",
        TITLES["chapter"]: "Chương ví dụ",
        TITLES["difficulty"]: Difficulty.EASY.label,
        TITLES["stem"]: "(Ví dụ) Một năm có bao nhiêu tháng?",
        "A": "10 tháng",
        "B": "12 tháng",
        "C": "13 tháng",
        TITLES["key"]: "B",
        TITLES["feedback"]: "Dòng này chỉ để minh họa và không được nhập.",
        TITLES["source"]: "Tài liệu ví dụ",
        TITLES["locator"]: "trang 1",
        TITLES["tags"]: "ví dụ",
    },
    {
        TITLES["code"]: f"{DEMO_MARK} 2",
        TITLES["chapter"]: "Chương ví dụ",
        TITLES["difficulty"]: Difficulty.MEDIUM.label,
        TITLES["stem"]: "(Ví dụ) Những số nào là số chẵn?",
        "A": "2",
        "B": "3",
        "C": "4",
        "D": "Cả A và C",
        TITLES["key"]: "A, C, D",
        TITLES["pinned"]: "Có",
    },
)


def template() -> bytes:
    """A workbook to fill in: a sheet with headings and two example rows, which reading ignores, and a guide."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Câu hỏi")
    arrange(book, sheet, _HEADINGS)
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for column, title in enumerate(_HEADINGS):
        sheet.set_column(column, column, _WIDTHS.get(title, 22), text)
    demo = book.add_format(
        {"num_format": "@", "text_wrap": True, "valign": "top", "italic": True, "font_color": "#595959"}
    )
    for line, values in enumerate(_DEMO, 1):
        for column, title in enumerate(_HEADINGS):
            sheet.write_string(line, column, values.get(title, ""), demo)
    _validate(sheet)
    _guide(book)
    book.close()
    return out.getvalue()


def arrange(book: Any, sheet: Any, headings: Sequence[str]) -> None:
    """Headings, widths, the frozen row and the printed page of a sheet of questions."""
    plain = {"bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF4", "num_format": "@"}
    usual, due = book.add_format(plain), book.add_format({**plain, "bold": True})
    for column, title in enumerate(headings):
        sheet.set_column(column, column, _WIDTHS.get(title, 22))
        sheet.write_string(0, column, f"{title} *" if title in _DUE else title, due if title in _DUE else usual)
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.repeat_rows(0)
    sheet.set_footer("&CTrang &P/&N")


def _validate(sheet: Any) -> None:
    key, level, pinned = (_HEADINGS.index(TITLES[role]) for role in ("key", "difficulty", "pinned"))
    sheet.data_validation(
        1,
        level,
        _ROWS,
        level,
        {
            "validate": "list",
            "source": [difficulty.label for difficulty in Difficulty],
            "error_title": "Độ khó",
            "error_message": "Hãy chọn Dễ, Trung bình hoặc Khó.",
        },
    )
    sheet.data_validation(
        1,
        key,
        _ROWS,
        key,
        {
            "validate": "length",
            "criteria": "between",
            "minimum": 1,
            "maximum": 30,
            "input_title": "Đáp án",
            "input_message": "Chữ của phương án đúng: B. Nhiều đáp án: A, C.",
            "error_title": "Đáp án",
            "error_message": "Hãy ghi chữ của phương án (A, B, C…), cách nhau bằng dấu phẩy.",
            "error_type": "warning",
        },
    )
    sheet.data_validation(
        1,
        pinned,
        _ROWS,
        pinned,
        {"validate": "list", "source": ["Có", "Không"], "error_message": "Hãy chọn Có hoặc Không."},
    )


def _guide(book: Any) -> None:
    sheet = book.add_worksheet(GUIDE)
    title = book.add_format({"bold": True, "font_size": 14})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, "Hướng dẫn điền câu hỏi", title)
    for line, step in enumerate(_STEPS, 2):
        sheet.write_string(line, 0, f"{line - 1}.", words)
        sheet.write_string(line, 1, step, words)
    last = len(_STEPS) + 3
    sheet.write_string(last, 1, "Hai dòng ví dụ in nghiêng không được nhập; có thể xoá đi.", words)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&CTrang &P/&N")
