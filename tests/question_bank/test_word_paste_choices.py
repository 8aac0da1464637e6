"""Choices of questions pasted from Word: on lines of their own or along one, and what only looks like one."""

import pytest

from question_bank.formats import word_paste
from question_bank.schema import Difficulty
from tests.question_bank.pasted import PLAIN, one, said


@pytest.mark.parametrize(
    ("text", "stem", "choices"),
    [
        (
            "Câu 1: Ông A. Yersin và bà B. Tucker là ai?\nA. Bác sĩ\nB. Nhà văn\nĐáp án: A",
            "Ông A. Yersin và bà B. Tucker là ai?",
            ["Bác sĩ", "Nhà văn"],
        ),
        (
            "Câu 1: Theo V.I. Lênin?\nA. C. Mác\nB. C. Mác và Ph. Ăngghen\nC. V.I. Lênin\nĐáp án: A",
            "Theo V.I. Lênin?",
            ["C. Mác", "C. Mác và Ph. Ăngghen", "V.I. Lênin"],
        ),
        (
            "Câu 1: Ai?\nA. Thomas B. Edison\nB. James Watt\nC. Khác\nĐáp án: A",
            "Ai?",
            ["Thomas B. Edison", "James Watt", "Khác"],
        ),
        (
            "Câu 1: Cho các ý:\na) một\nb) hai\nc) ba\nSố ý đúng là\nA. 1\nB. 2\nC. 3\nĐáp án: A",
            "Cho các ý:\na) một\nb) hai\nc) ba\nSố ý đúng là",
            ["1", "2", "3"],
        ),
        ("Câu 1: Sắp xếp:\n1. một\n2. hai\nA. 1, 2\nB. 2, 1\nĐáp án: A", "Sắp xếp:\n1. một\n2. hai", ["1, 2", "2, 1"]),
        ("Câu 1: Vitamin A. là gì? A. x B. y C. z\nĐáp án: A", "Vitamin A. là gì?", ["x", "y", "z"]),
        ("Câu 1: Phần lớn\nBài toán này?\nA. x\nB. y\nĐáp án: A", "Phần lớn\nBài toán này?", ["x", "y"]),
        ("Câu 1: Gì?\nA. dài\nhai dòng\nB. y\nĐáp án: A", "Gì?", ["dài\nhai dòng", "y"]),
    ],
)
def test_signs_inside_sentences_are_left_there(text: str, stem: str, choices: list[str]) -> None:
    question = one(text)
    assert question.stem == stem
    assert [choice.text for choice in question.choices] == choices
    assert question.key == {0}


def test_a_choice_cut_out_of_a_line_among_others_is_told() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\nB. y\nC. z D. t\nĐáp án: A")
    assert len(parsed.questions[0].choices) == 4
    assert "Hãy xem lại chỗ tách" in said(parsed)[0]


def test_a_field_between_stem_and_choices_leaves_the_choices_to_the_question() -> None:
    (question,) = word_paste.read(
        "Câu 1: Đâu?\nMức độ: Dễ\nA. Kế\nB. Chũ\nĐáp án: B\nGiải thích: Ở Chũ.\nA. có núi."
    ).questions
    assert (question.stem, question.difficulty, [choice.text for choice in question.choices]) == (
        "Đâu?",
        Difficulty.EASY,
        ["Kế", "Chũ"],
    )
    assert question.feedback == "Ở Chũ.\nA. có núi."


def test_two_lines_lettered_a_are_refused_because_the_key_could_mean_either() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\nA. y\nB. z\nĐáp án: A\n")
    assert not parsed.questions
    assert (parsed.problems[0].line, "hai dòng mở đầu" in parsed.problems[0].message) == (3, True)


@pytest.mark.parametrize(
    "line",
    [
        "A/ Bắc Giang B/ Chũ C/ Kế D/ Bố Hạ",
        "a/ Bắc Giang b/ Chũ c/ Kế d/ Bố Hạ",
        "A/Bắc Giang   B/Chũ   C/Kế   D/Bố Hạ",
        "A/ Bắc Giang\tB/ Chũ\nC/ Kế\tD/ Bố Hạ",
        "A/ Bắc Giang B/ Chũ\nC/ Kế D/ Bố Hạ",
        "A) Bắc Giang B) Chũ C) Kế D) Bố Hạ",
        "A. Bắc Giang B. Chũ C. Kế D. Bố Hạ",
        "A.Bắc Giang B.Chũ C.Kế D.Bố Hạ",
        "A- Bắc Giang B- Chũ C- Kế D- Bố Hạ",
        "A: Bắc Giang B: Chũ C: Kế D: Bố Hạ",
        "☐ A. Bắc Giang\n☒ B. Chũ\n☐ C. Kế\n☐ D. Bố Hạ",
        "Phương án A: Bắc Giang\nPhương án B: Chũ\nPhương án C: Kế\nPhương án D: Bố Hạ",
        "Phương án A. Bắc Giang\nPhương án B. Chũ\nPhương án C. Kế\nPhương án D. Bố Hạ",
    ],
)
def test_choices_along_one_line_are_read_by_the_sign_that_opens_the_first(line: str) -> None:
    assert one(f"Câu 1: Tỉnh lỵ ở đâu?\n{line}\nĐáp án: B") == PLAIN


@pytest.mark.parametrize("line", ["A/ Bắc Giang B/ Chũ C/ Kế D/ Bố Hạ", "A- Bắc Giang B- Chũ C- Kế D- Bố Hạ"])
def test_choices_along_the_line_of_their_stem_are_read(line: str) -> None:
    assert one(f"Câu 1: Tỉnh lỵ ở đâu? {line}\nĐáp án: B") == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết 09/A của Tỉnh uỷ",
        "Nghị quyết số 09/A B/C của Tỉnh uỷ",
        "Quyết định 12 B/ QĐ-UBND",
        "Bảng A: đội B: đội C",
        "Tuyến A - B - C",
        "Ông B.Clinton và ông C.Mác",
        "khối A/ B/ C/ D/ E",
    ],
)
def test_numbers_of_papers_names_and_lists_are_not_split(text: str) -> None:
    question = one(f"Câu 1: {text} là gì?\nA. {text}\nB. Chũ\nC. Kế\nĐáp án: A")
    assert question.stem == f"{text} là gì?"
    assert [choice.text for choice in question.choices] == [text, "Chũ", "Kế"]


@pytest.mark.parametrize("letter", ["A", "B", "D"])
def test_a_line_that_repeats_or_skips_a_letter_inside_the_choices_is_refused(letter: str) -> None:
    parsed = word_paste.read(f"Câu 1: Gì?\nA. x\nB. y\n{letter}. PHẦN CHUNG\nC. z\nD. t\nĐáp án: B\n")
    assert not parsed.questions
    assert parsed.problems[0].line in (2, 3, 4, 5)


@pytest.mark.parametrize("gap", ["\t", "     "])
def test_choices_that_run_down_two_columns_are_read_by_their_letters_and_told(gap: str) -> None:
    parsed = word_paste.read(f"Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang{gap}C. Kế\nB. Chũ{gap}D. Bố Hạ\nĐáp án: B")
    assert parsed.questions == (PLAIN,)
    assert "Hãy xem lại chỗ tách" in said(parsed)[0]


def test_a_choice_after_a_tab_that_no_order_explains_is_refused() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\tD. t\nB. y\nĐáp án: B")
    assert not parsed.questions
    assert parsed.problems[0].line == 2


def test_a_name_behind_the_tab_of_a_list_is_the_words_of_its_choice() -> None:
    question = one("Câu 1: Ai?\nA.\tC. Mác\nB.\tPh. Ăngghen\nC.\tV.I. Lênin\nĐáp án: A")
    assert [choice.text for choice in question.choices] == ["C. Mác", "Ph. Ăngghen", "V.I. Lênin"]


def test_letters_of_another_alphabet_that_look_the_same_open_choices() -> None:
    assert len(one("Câu 1: Gì?\nA. x\nB. y\n\u0421. z\nĐáp án: A").choices) == 3


def test_a_numbered_list_inside_a_question_told_by_a_bare_number_is_refused() -> None:
    text = (
        "1. Có các ý sau:\n1. một\n2. hai\n3. ba\nMấy ý đúng?\nA. 1\nB. 2\nĐáp án: B\n2. Gì?\nA. x\nB. y\nĐáp án: A\n"
    )
    parsed = word_paste.read(text)
    assert [question.stem for question in parsed.questions] == ["Gì?"]
    assert "có thể là phần đầu của câu này" in said(parsed)[0]
    parsed = word_paste.read("1. Hãy kể.\n2. Gì?\nA. x\nB. y\nĐáp án: A\n")
    assert ([question.stem for question in parsed.questions], said(parsed)) == (["Gì?"], [])


@pytest.mark.parametrize(("outer", "inner"), [("ABC", "ab"), ("abc", "AB")])
def test_a_list_inside_a_choice_is_the_words_of_that_choice(outer: str, inner: str) -> None:
    question = one(
        f"Câu 1: Gì?\n{outer[0]}. Gồm:\n{inner[0]}) một\n{inner[1]}) hai\n{outer[1]}. y\n{outer[2]}. z\nĐáp án: B"
    )
    assert [choice.text for choice in question.choices] == [f"Gồm:\n{inner[0]}) một\n{inner[1]}) hai", "y", "z"]


@pytest.mark.parametrize("bullet", ["o\t", "\uf0a7 ", "\uf0b7\t", "☐ "])
def test_bullets_of_word_before_the_letters_are_no_words(bullet: str) -> None:
    question = one(f"Câu 1: Gì?\n{bullet}A. x\n{bullet}B. y\nĐáp án: B")
    assert (question.stem, [choice.text for choice in question.choices]) == ("Gì?", ["x", "y"])


def test_choices_that_name_the_letters_of_a_list_in_the_stem_are_the_choices() -> None:
    question = one("Câu 1: Cho:\na) một\nb) hai\nÝ nào đúng?\nA. a) và b)\nB. b) và c) d)\nC. c) thôi\nĐáp án: B")
    assert [choice.text for choice in question.choices] == ["a) và b)", "b) và c) d)", "c) thôi"]
