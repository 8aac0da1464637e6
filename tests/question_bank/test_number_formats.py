"""Cells read as their number formats show them: what a person sees in the sheet is what becomes the question."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from question_bank import formats
from question_bank.formats import spreadsheet
from question_bank.formats.spreadsheet_numbers import shown, words
from tests.question_bank.test_spreadsheet import HEADS, book, said


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("204", "0000", "0204"),
        ("7", "00", "07"),
        ("-7", "00", "-07"),
        ("982345678", "0000 000 000", "0982 345 678"),
        ("982345678", "0000-000-000", "0982-345-678"),
        ("12345678901", "000-000-000", "12345-678-901"),
        ("5", '0 "người"', "5 người"),
        ("7", '"Khóa "0', "Khóa 7"),
        ("1930", r"\n\ă\m\ 0", "năm 1930"),
        ("8", "0_);(0)", "8"),
        ("-8", "0_);(0)", "(8)"),
        ("-8", "0;0", "8"),
        ("0", '0;-0;"không"', "không"),
        ("12", '[>=10]"nhiều";"ít"', "nhiều"),
        ("2", '[>=10]"nhiều";"ít"', "ít"),
        ("5", 'General" km"', "5 km"),
        ("3", "0.##", "3"),
        ("3.5", "0.##", "3,5"),
        ("0.5", "#.0", ",5"),
        ("12.25", "0.0", "12,3"),
        ("2.5", "0", "3"),
        ("0.125", "0.0%", "12,5%"),
        ("1234567", "#,##0", "1.234.567"),
        ("12000000", '#,##0,," triệu"', "12 triệu"),
        ("1500", "0.0E+00", "1,5E+03"),
        ("12345", "##0.0E+0", "12,3E+3"),
        ("1500000", "#,##0\\ [$₫-42A]", "1.500.000 ₫"),
        ("0.5", "# ?/?", "1/2"),
        ("1.75", "# ?/?", "1 3/4"),
        ("-1.75", "# ?/?", "-1 3/4"),
        ("2", "# ?/?", "2"),
        ("0", "# ?/?", "0"),
        ("0.75", "?/?", "3/4"),
        ("1.75", "?/?", "7/4"),
        ("0.3125", "# ??/??", "5/16"),
        ("0.5", "# ?/4", "2/4"),
        ("0.99", "# ?/?", "1"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.75", "[mm]:ss", "1080:00"),
        ("0.5", "h:mm AM/PM", "12:00 PM"),
        ("0", "h:mm AM/PM", "12:00 AM"),
        ("0.8", "h:mm A/P", "7:12 P"),
        ("0.1", "[h]:mm:ss", "2:24:00"),
        ("0.5006944444", "hh:mm", "12:01"),
        ("0.0000115740740740741", "mm:ss.0", "00:01,0"),
        ("16668", "dd/mm/yyyy", "19/08/1945"),
        ("16668.5", 'dd/mm/yyyy hh"h"mm', "19/08/1945 12h00"),
        ("16668", "dddd, d/m/yy", "Chủ Nhật, 19/8/45"),
        ("16668", '"ngày" d "tháng" m "năm" yyyy', "ngày 19 tháng 8 năm 1945"),
        ("16668", "[$-42A]d mmmm yyyy", "19 Tháng Tám 1945"),
        ("0.9999999", "h:mm:ss", "0:00:00"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value: str, code: str, text: str) -> None:
    cell = shown(value, 164, code, from_1904=False)
    assert cell.text == text
    assert cell.fault == ""


@pytest.mark.parametrize(
    ("value", "code"), [("5", ";;;"), ("0", "0;-0;"), ("-5", "dd/mm/yyyy"), ("123456789012", "General")]
)
def test_what_a_format_hides_or_cannot_show_is_read_and_told(value: str, code: str) -> None:
    cell = shown(value, 164, code, from_1904=False)
    assert cell.text == value
    assert cell.remark or cell.text != value


@pytest.mark.parametrize(("number", "text"), [(12, "1/2"), (13, "1/2"), (18, "12:00 PM"), (46, "12:00:00"), (9, "50%")])
def test_formats_that_are_built_in_are_known_by_number(number: int, text: str) -> None:
    assert shown("0.5", number, "", from_1904=False).text == text


@pytest.mark.parametrize(
    ("text", "code", "seen"),
    [
        ("B", '"Câu "@', "Câu B"),
        ("B", "@", "B"),
        ("B", "0.00", "B"),
        ("B", '0;-0;0;"("@")"', "(B)"),
        ("B", "0000", "B"),
    ],
)
def test_words_are_read_with_what_their_format_puts_around_them(text: str, code: str, seen: str) -> None:
    assert words(text, 164, code).text == seen


def test_words_that_a_format_hides_are_told() -> None:
    assert words("B", 164, ";;;").remark


@pytest.mark.parametrize(
    "code",
    [
        '"',
        "[",
        "\\",
        "_",
        "*",
        "0/",
        "/0",
        "?/0",
        "E+",
        "0E+",
        ".",
        ",",
        "%",
        ";;;;;;",
        "[>x]0",
        "0" * 300,
        "h" * 300,
        "[hhhh]",
        "0.00.00",
        "A/P/",
        "e",
        "b",
    ],
)
@pytest.mark.parametrize("value", ["0", "-1", "1e30", "0.000001", "45000.5"])
def test_an_odd_code_shows_something_and_never_fails(value: str, code: str) -> None:
    assert shown(value, 164, code, from_1904=False).fault == ""


def test_a_workbook_of_formats_reads_as_it_looks(shared_data: Path) -> None:
    read = {}
    for name in ("number-formats.xlsx", "fractions.xlsx"):
        parsed = formats.read(name, (shared_data / "made" / name).read_bytes())
        read |= {question.stem: [choice.text for choice in question.choices] for question in parsed.questions}
    assert read == {
        "Mã vùng?": ["0204", "07", "024", "5"],
        "Bao nhiêu phần?": ["1/2", "1/4", "1 1/2", "3/4"],
        "Thời lượng?": ["36:00", "1080:00", "12:00 PM", "2:24:00"],
        "Số người?": ["5 người", "6 người", "Khóa 7", "8 km"],
        "Phân số nào bằng một nửa?": ["1/2", "3/4", "1 3/4", "3 1/4"],
        "Mã số nào đúng?": ["0982", "07", "năm 1930", "5 người"],
    }


def test_a_date_kept_as_a_date_is_read_by_its_format() -> None:
    def change(sheet: Any) -> None:
        sheet.parent.iso_dates = True
        sheet["B2"].number_format = "dd/mm/yyyy"

    row = ["Khi nào?", datetime.date(1945, 8, 19), "b", "c", "d", "A"]
    (question,) = spreadsheet.read(book(HEADS, row, change=change)).questions
    assert question.choices[0].text == "19/08/1945"


def test_words_in_a_cell_with_a_format_are_read_with_it() -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].number_format = '"ông "@'

    parsed = spreadsheet.read(book(HEADS, ["Ai?", "An", "Ba", "Ca", "Da", "A"], change=change))
    assert parsed.questions[0].choices[0].text == "ông An"
    assert not said(parsed)
