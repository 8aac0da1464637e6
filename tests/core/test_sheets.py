"""Cells of spreadsheets: numbers and times as such, texts that no spreadsheet runs and that read as they are."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from contest.core.display import VIETNAM, clock, vn_date, vn_datetime, vn_number, vn_percent
from contest.core.sheets import OPTIONS, Cells, read_back
from question_bank.formats import spreadsheet
from question_bank.formula_cells import shielded, unshielded
from question_bank.schema import Choice, Question

FORMULAS = ["=9+9", "@SUM(1)", "＝9+9", "+84 912", "-Nguyễn", "－1", "＠x", "＋1", " =1", "\t=1", "'=1", "\ufeff=1"]


def written(*values: Any, shown: bool = False) -> list[Any]:
    """The cells of one row as another program reads them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **OPTIONS})
    sheet, cells = book.add_worksheet(), Cells(book)
    for column, value in enumerate(values):
        (cells.write_shown if shown else cells.write)(sheet, 0, column, value)
    book.close()
    return list(openpyxl.load_workbook(io.BytesIO(out.getvalue())).active[1])  # type: ignore[index]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_opens_like_a_formula_is_a_quoted_text_in_a_workbook(text: str) -> None:
    (cell,) = written(text)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_other_texts_have_no_mark() -> None:
    (cell,) = written("Nguyễn Văn A = B")
    assert (cell.data_type, bool(cell.quotePrefix)) == ("s", False)


@pytest.mark.parametrize("text", FORMULAS)
def test_the_bank_comes_back_from_both_kinds_of_sheet_and_neither_runs_it(text: str) -> None:
    question = Question(f"{text}?", (Choice(text, True), Choice("b", False)), code=text.strip(), chapter=text)
    for content in (spreadsheet.write([question]), spreadsheet.write_csv([question])):
        assert spreadsheet.read(content).questions == (question,)
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet.write([question])))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sum(bool(cell.quotePrefix) for cell in cells) == 4
    assert all(
        not cell.startswith(("=", "＝", "@", "+")) for cell in spreadsheet.write_csv([question]).decode().split(",")
    )


@pytest.mark.parametrize("text", [*FORMULAS, "''=1", "An", "'An"])
def test_a_cell_of_csv_is_read_as_it_was_given(text: str) -> None:
    assert unshielded(shielded(text)) == text


@pytest.mark.parametrize(
    ("shown", "value", "shape"),
    [
        (vn_number(45), 45, "0"),
        (vn_number(3.5), 3.5, "0.0"),
        (vn_number(12, 2), 12, "0.00"),
        (vn_number(1234567), 1_234_567, "#,##0"),
        (vn_number(-1234.5), -1234.5, "#,##0.0"),
        (vn_percent(45.5, 1), 0.455, "0.0%"),
        (clock(817), dt.timedelta(minutes=13, seconds=37), "[mm]:ss"),
        (clock(3_723), dt.timedelta(hours=1, minutes=2, seconds=3), "[h]:mm:ss"),
        (vn_date(dt.date(2025, 3, 4)), dt.date(2025, 3, 4), "dd/mm/yyyy"),
        (vn_datetime(dt.datetime(2025, 3, 4, 14, 3, tzinfo=VIETNAM)), dt.datetime(2025, 3, 4, 14, 3, tzinfo=VIETNAM), "dd/mm/yyyy hh:mm"),
    ],
)  # fmt: skip
def test_a_figure_is_written_as_the_number_or_time_that_it_is(shown: str, value: Any, shape: str) -> None:
    assert read_back(shown) == (value, shape)
    (cell,) = written(shown, shown=True)
    assert cell.data_type in ("n", "d")
    assert cell.number_format in (shape, "General" if shape == "0" else shape)


@pytest.mark.parametrize(
    "text",
    [
        "không dự đoán",
        "0912345678",
        "007",
        "1.2.3",
        "31/2/2025",
        "25:61, thứ Ba 31/2/2025",
        "1e5",
        "",
        "12 phút",
        "a1b2c3d4",
    ],
)
def test_other_words_stay_words(text: str) -> None:
    assert read_back(text) == (text, "")


def test_moments_stand_by_the_clock_of_viet_nam() -> None:
    moment = dt.datetime(2025, 3, 4, 18, 30, tzinfo=dt.UTC)
    first, second = written(moment, dt.date(1999, 1, 2))
    assert f"{first.value:%d/%m/%Y %H:%M}" == "05/03/2025 01:30"
    assert f"{second.value:%d/%m/%Y}" == "02/01/1999"
