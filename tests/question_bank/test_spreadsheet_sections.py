"""Rows of a table that head those below them, headings in two rows, and rows that people do not see."""

from collections.abc import Sequence
from typing import Any

import pytest

from question_bank.formats import spreadsheet
from tests.question_bank.test_spreadsheet import HEADS, ROW, book, said

NUMBERED = ("STT", *HEADS)


def sectioned(*rows: Sequence[Any]) -> bytes:
    return book(NUMBERED, *rows)


FIRST, SECOND = (1, *ROW), (2, "Sau?", *ROW[1:])


@pytest.mark.parametrize(
    ("row", "chapter", "cell"),
    [
        (("", "Chương 1: Đất và người"), "Chương 1: Đất và người", "B3"),
        (("", "Phần II. Lịch sử Đảng bộ huyện"), "Phần II. Lịch sử Đảng bộ huyện", "B3"),
        (("", "LỊCH SỬ ĐẢNG BỘ TỈNH"), "LỊCH SỬ ĐẢNG BỘ TỈNH", "B3"),
        (("Lĩnh vực văn hoá",), "Lĩnh vực văn hoá", "A3"),
        (("II", "Lịch sử Đảng bộ"), "II Lịch sử Đảng bộ", "B3"),
        (("B.", "Văn hoá"), "B. Văn hoá", "B3"),
    ],
)
def test_a_row_of_one_heading_is_the_chapter_of_those_below(row: Sequence[str], chapter: str, cell: str) -> None:
    parsed = spreadsheet.read(sectioned(FIRST, row, SECOND))
    assert [question.chapter for question in parsed.questions] == ["", chapter]
    (problem,) = parsed.problems
    assert (problem.line, problem.kept) == (3, True)
    assert problem.message == f"Ô {cell}: “{chapter}” được coi là tên chương của các dòng sau không ghi chương."


def test_a_merged_heading_is_a_chapter_whatever_its_words() -> None:
    data = book(HEADS, ("Về lịch sử",), ROW, change=lambda sheet: sheet.merge_cells("A2:F2"))
    assert [question.chapter for question in spreadsheet.read(data).questions] == ["Về lịch sử"]


def test_a_chapter_in_its_own_column_goes_before_a_heading_which_is_then_passed_over() -> None:
    parsed = spreadsheet.read(book((*HEADS, "Chương"), ("PHẦN CHUNG",), (*ROW, "Đất đai")))
    assert [question.chapter for question in parsed.questions] == ["Đất đai"]
    assert said(parsed) == "Ô A2: “PHẦN CHUNG” được coi là tiêu đề nên không được nhập."


def test_a_chapter_alone_in_its_column_speaks_for_the_rows_that_name_none() -> None:
    parsed = spreadsheet.read(
        book((*HEADS, "Chương"), ("", "", "", "", "", "", "Đất đai"), ROW, (*ROW[:-1], "B", "Khác"))
    )
    assert [question.chapter for question in parsed.questions] == ["Đất đai", "Khác"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "Hãy nêu ý nghĩa của Đại hội?"), "chỉ có 0 phương án"),
        (("", "Hãy nêu ý nghĩa của Đại hội."), "chỉ có 0 phương án"),
        ((3, "Chương trình nào?", "x", "y"), "(đáp án) để trống"),
        (("", "", "PHẦN CHUNG"), "(câu hỏi) để trống"),
        (("", "", "", "", "", "", "PHẦN CHUNG"), "(câu hỏi) để trống"),
    ],
)
def test_a_question_cut_short_is_refused_and_is_no_chapter(row: Sequence[Any], words: str) -> None:
    parsed = spreadsheet.read(sectioned(row, FIRST))
    assert [question.chapter for question in parsed.questions] == [""]
    assert words in said(parsed)


def test_numbers_typed_ahead_of_empty_rows_are_no_headings() -> None:
    parsed = spreadsheet.read(sectioned(FIRST, (2,), (3,)))
    assert (len(parsed.questions), said(parsed)) == (1, "")


def test_headings_in_two_rows_are_read_together() -> None:
    first, second = ("STT", "Câu hỏi", "Phương án trả lời", "", "", "", "Đáp án"), ("", "", "A", "B", "C", "D")
    parsed = spreadsheet.read(book(("BỘ CÂU HỎI",), first, second, FIRST, SECOND))
    assert [question.stem for question in parsed.questions] == [ROW[0], "Sau?"]
    assert said(parsed) == ""


def test_rows_hidden_by_hand_or_filter_are_read_and_told() -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[5].hidden = True
        sheet.row_dimensions[6].hidden = True

    parsed = spreadsheet.read(book(HEADS, *((f"Câu {n}?", *ROW[1:]) for n in range(4)), change=hide))
    assert len(parsed.questions) == 4
    (problem,) = parsed.problems
    assert (problem.line, problem.kept, problem.message) == (3, True, "Dòng 3, 5 bị ẩn trong bảng, vẫn được đọc.")


def test_a_hidden_column_is_read_and_told() -> None:
    def hide(sheet: Any) -> None:
        sheet.column_dimensions["F"].hidden = True
        sheet.column_dimensions["H"].hidden = True

    parsed = spreadsheet.read(book(HEADS, ROW, change=hide))
    assert (len(parsed.questions), said(parsed)) == (1, "Cột F bị ẩn trong bảng, vẫn được đọc.")


@pytest.mark.parametrize("value", ["Câu B", "Đáp án B", "Phương án B", "(B)", "B)", "B. Chũ", "B - Chũ", "B đúng"])
def test_a_key_in_the_words_of_people_is_understood(value: str) -> None:
    (question,) = spreadsheet.read(book(HEADS, (*ROW[:-1], value))).questions
    assert question.key == {1}


@pytest.mark.parametrize("value", ["B. Kế", "A hoặc B", "B vì Điều 5", "Câu H"])
def test_a_key_that_is_not_plain_is_refused_at_its_cell(value: str) -> None:
    parsed = spreadsheet.read(book(HEADS, (*ROW[:-1], value)))
    assert not parsed.questions
    assert said(parsed).startswith("Ô F2")


def test_rows_below_a_chapter_that_name_none_are_told_in_one_sentence() -> None:
    rows = [(*ROW, "Đất đai"), (*ROW, ""), (*ROW, "")]
    parsed = spreadsheet.read(book((*HEADS, "Chương"), *rows))
    assert [question.chapter for question in parsed.questions] == ["Đất đai", "", ""]
    assert said(parsed).startswith("Dòng 3, 4 không ghi chương")


def test_numbers_of_questions_in_their_words_are_told_in_one_sentence() -> None:
    parsed = spreadsheet.read(book(HEADS, *((f"Câu {n}: Gì?", *ROW[1:]) for n in (1, 2))))
    assert len(parsed.questions) == 2
    assert said(parsed).startswith("Dòng 2, 3 có số câu")


def test_a_row_of_text_with_more_cells_than_headings_is_refused_because_its_cells_have_moved() -> None:
    parsed = spreadsheet.read('Câu hỏi,A,B,C,D,Đáp án\nCó 2, hay 3?,1,2,3,4,D\n"Có 2, hay 3?",1,2,3,4,D\n')
    assert [question.stem for question in parsed.questions] == ["Có 2, hay 3?"]
    assert said(parsed).startswith("Ô G2 nằm ngoài các cột có tiêu đề")
