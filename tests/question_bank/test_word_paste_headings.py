"""What stands between questions pasted from Word: chapters, page numbers, heads of pages, ends of papers."""

import pytest

from question_bank.formats import word_paste
from question_bank.schema import Source
from tests.question_bank.pasted import BODY, said


@pytest.mark.parametrize(
    "end", ["--- HẾT ---", "HẾT", "-------- Hết --------\nCán bộ coi thi không giải thích gì thêm."]
)
def test_the_line_that_ends_a_paper_belongs_to_no_question(end: str) -> None:
    (question,) = word_paste.read(f"{BODY.format(1)}Đáp án: B\n{end}\n").questions
    assert question.key == {1}
    (question,) = word_paste.read(f"{BODY.format(1)}{end}\nBẢNG ĐÁP ÁN\n1.B\n").questions
    assert (question.choices[3].text, question.key) == ("t", {1})


def test_a_roman_heading_in_vietnamese_capitals_opens_a_chapter() -> None:
    text = f"I. LỊCH SỬ\n{BODY.format(1)}Đáp án: B\nNguồn: Luật\nII. VĂN HOÁ – XÃ HỘI\n{BODY.format(2)}Đáp án: A\n"
    first, second = word_paste.read(text).questions
    assert (first.chapter, second.chapter) == ("I. LỊCH SỬ", "II. VĂN HOÁ – XÃ HỘI")
    assert first.source == Source("Luật")
    (question,) = word_paste.read(f"{BODY.format(1)}Đáp án: B\nNguồn: Toàn tập\nV. I. LÊNIN\n").questions
    assert question.source == Source("Toàn tập V. I. LÊNIN")


PAIR = (BODY.format(1) + "Đáp án: B\n", BODY.format(2) + "Đáp án: A\n")
EXPLAINED = BODY.format(1) + "Đáp án: B\nGiải thích: Vì vậy.\n"
STARRED = BODY.format(1).replace("B. y", "B. y*")


@pytest.mark.parametrize("before", [PAIR[0], EXPLAINED, STARRED])
@pytest.mark.parametrize(
    "mark",
    [
        "Trang 1/4",
        "Trang 2",
        "trang 1 / 4",
        "Trang 1/4 - Mã đề 101",
        "Mã đề thi 101 - Trang 2/4",
        "Mã đề 101",
        "- 2 -",
        "Page 1 of 4",
        "Bộ câu hỏi tìm hiểu – Trang 3/9",
        "UBND TỈNH BẮC GIANG",
    ],
)
def test_numbers_and_heads_of_pages_are_in_no_question_and_are_told(before: str, mark: str) -> None:
    parsed = word_paste.read(f"{before}{mark}\n{PAIR[1]}")
    first, second = parsed.questions
    assert (first.choices[3].text, first.key, second.key, second.chapter) == ("t", {1}, {0}, "")
    assert first.feedback == ("Vì vậy." if before == EXPLAINED else "")
    line = before.count("\n") + 1
    assert [(problem.line, problem.kept) for problem in parsed.problems] == [(line, True)]
    assert said(parsed) == [f"Số trang, tiêu đề ngoài câu hỏi không được nhập: dòng {line} “{mark}”."]


def test_a_page_number_inside_the_choices_is_left_out_and_told() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\nB. y\n\nTrang 1/4\n\nC. z\nĐáp án: C")
    assert [choice.text for choice in parsed.questions[0].choices] == ["x", "y", "z"]
    assert said(parsed) == ["Số trang, tiêu đề ngoài câu hỏi không được nhập: dòng 5 “Trang 1/4”."]


def test_many_page_numbers_are_told_in_one_sentence() -> None:
    text = "".join(f"{BODY.format(n)}Đáp án: A\nTrang {n}/12\n" for n in range(1, 13))
    parsed = word_paste.read(text)
    assert (len(parsed.questions), len(parsed.problems)) == (12, 1)
    assert parsed.problems[0].message.endswith("dòng 56 “Trang 8/12” và 4 dòng khác.")


def test_a_page_that_is_the_words_of_a_choice_or_the_place_of_a_source_is_kept() -> None:
    text = "Câu 1: Ở trang nào?\nA. Trang 1\nB.\nTrang 2\nĐáp án: B\nNguồn: Lịch sử Đảng bộ\nTrang 25\n"
    parsed = word_paste.read(text)
    (question,) = parsed.questions
    assert [choice.text for choice in question.choices] == ["Trang 1", "Trang 2"]
    assert question.source == Source("Lịch sử Đảng bộ Trang 25")
    assert not parsed.problems


@pytest.mark.parametrize("before", [PAIR[0], EXPLAINED, STARRED])
@pytest.mark.parametrize(
    "heading",
    [
        "Phần II: Lịch sử Đảng bộ huyện",
        "Chương 1. Đất và người",
        "PHẦN THỨ HAI: VĂN HOÁ",
        "Phần thi thứ 2: Văn hoá",
        "Lĩnh vực 2: Văn hoá",
        "Tuần 2: Văn hoá",
        "LĨNH VỰC VĂN HOÁ",
    ],
)
def test_a_heading_in_any_letters_opens_a_chapter(before: str, heading: str) -> None:
    parsed = word_paste.read(f"{before}{heading}\n{PAIR[1]}")
    first, second = parsed.questions
    assert (first.chapter, second.chapter) == ("", heading)
    assert (first.choices[3].text, first.feedback) == ("t", "Vì vậy." if before == EXPLAINED else "")
    assert not parsed.problems


@pytest.mark.parametrize("signs", [("I. ", "II. "), ("I/ ", "II/ "), ("1. ", "2. "), ("*** Phần 1. ", "*** Phần 2. ")])
def test_numbered_headings_in_small_letters_open_chapters_in_their_order(signs: tuple[str, str]) -> None:
    titles = [f"{sign}{name}" for sign, name in zip(signs, ("Lịch sử Đảng bộ", "Văn hoá các dân tộc"), strict=True)]
    parsed = word_paste.read(f"{titles[0]}\n{STARRED}{titles[1]}\n{PAIR[1]}")
    assert [question.chapter for question in parsed.questions] == [title.strip("* ") for title in titles]
    assert not parsed.problems


@pytest.mark.parametrize(
    "reason",
    [
        "Phần lớn dân cư là người Kinh",
        "Nội dung này có trong Điều 5.",
        "Nội dung này.",
        "\n1. Đúng luật",
        "\nII. Đúng luật",
        "1. Đúng luật\n2. Đúng thực tế",
    ],
)
def test_an_explanation_that_begins_like_a_heading_stays_an_explanation(reason: str) -> None:
    first, second = word_paste.read(f"{EXPLAINED}{reason}\n{PAIR[1]}").questions
    assert (first.feedback, second.chapter) == (f"Vì vậy.\n{reason.strip()}", "")


@pytest.mark.parametrize(
    "line", ["PHẦN II", "Chương 1. Đất và người", "UBND TỈNH BẮC GIANG", "2", "1/4", "\nVề lịch sử"]
)
def test_a_line_between_choices_that_may_be_a_heading_is_told(line: str) -> None:
    parsed = word_paste.read(f"Câu 1: Gì?\nA. x\nB. y\n{line}\nC. z\nĐáp án: C\n")
    assert [choice.text for choice in parsed.questions[0].choices] == ["x", f"y\n{line.strip()}", "z"]
    assert said(parsed) == [f"Câu 1: dòng “{line.strip()}” được coi là lời của phương án đứng trước nó. Hãy xem lại."]


def test_a_choice_in_capitals_over_two_lines_is_kept_whole() -> None:
    first, _ = word_paste.read(f"Câu 1: Gì?\nA. x\nB. ĐẢNG CỘNG SẢN\nVIỆT NAM\nĐáp án: B\n{PAIR[1]}").questions
    assert first.choices[1].text == "ĐẢNG CỘNG SẢN\nVIỆT NAM"


def test_the_key_below_a_chapter_without_a_title_is_not_its_title() -> None:
    parsed = word_paste.read(f"{BODY.format(1)}Chương II\nĐáp án: B\n{PAIR[1]}")
    assert [question.chapter for question in parsed.questions] == ["Chương II"]


def test_a_table_of_contents_opens_no_chapter() -> None:
    parsed = word_paste.read(f"Phần I. Lịch sử ........ 3\nPhần II. Văn hoá\t9\n{PAIR[0]}")
    assert [question.chapter for question in parsed.questions] == [""]
    assert "dòng 1 “Phần I. Lịch sử ........ 3”; dòng 2" in said(parsed)[0]


@pytest.mark.parametrize(
    "line", ["(Chọn nhiều đáp án)", "Lưu ý: chỉ chọn một", "Bắc Giang, ngày 5 tháng 3 năm 2025", "Đ. năm"]
)
def test_a_line_that_joins_a_short_choice_is_told(line: str) -> None:
    parsed = word_paste.read(f"{BODY.format(1)}{line}\nĐáp án: B\n")
    assert said(parsed) == [f"Câu 1: dòng “{line}” được coi là lời của phương án đứng trước nó. Hãy xem lại."]


def test_a_choice_that_goes_on_below_a_long_line_is_no_doubt() -> None:
    parsed = word_paste.read(
        "Câu 1: Ai?\nA. Đồng chí thứ nhất, nguyên Bí thư Huyện uỷ huyện\nViệt Yên\nB. y\nĐáp án: A\n"
    )
    assert not parsed.problems
