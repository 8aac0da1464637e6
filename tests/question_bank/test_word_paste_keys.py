"""Keys of questions pasted from Word: on lines of their own, in lists, with reasons beside them."""

import pytest

from question_bank.formats import word_paste
from tests.question_bank.pasted import BODY, said


@pytest.mark.parametrize(
    "tail",
    [
        "Bảng đáp án\n1-A 2-C 3-B",
        "ĐÁP ÁN\n1. A\n2. C\n3. B",
        "Đáp án: 1A, 2C, 3B",
        "1A 2C 3B",
        "HƯỚNG DẪN ĐÁP ÁN\nCâu\t1\t2\t3\nĐáp án\tA\tC\tB",
        "1 2 3\nA C B",
        "Đáp án\nCâu 1: A\nCâu 2: C\nCâu 3: B",
        "Câu 1 đáp án: A\nCâu 2 đáp án: C\nCâu 3: đáp án B",
    ],
)
def test_lists_of_keys_at_the_end_are_matched_by_number(tail: str) -> None:
    parsed = word_paste.read("".join(BODY.format(n) for n in (1, 2, 3)) + tail)
    assert [question.key for question in parsed.questions] == [{0}, {2}, {1}]
    assert not parsed.problems


def test_lists_after_each_chapter_speak_of_its_questions() -> None:
    part = BODY.format(1) + BODY.format(2)
    parsed = word_paste.read(f"Chương I\n{part}Đáp án: 1A 2B\nChương II\n{part}Đáp án: 1C 2D")
    assert [question.key for question in parsed.questions] == [{0}, {1}, {2}, {3}]
    assert [question.chapter for question in parsed.questions] == ["Chương I", "Chương I", "Chương II", "Chương II"]
    parsed = word_paste.read(f"Chương I\n{part}Chương II\n{part}Đáp án: 1A 2B")
    assert not parsed.questions
    assert "Bảng đáp án ghi câu 1 1 lần nhưng tệp có 2 câu" in said(parsed)[-2]


def test_words_behind_a_key_explain_it_and_are_told() -> None:
    parsed = word_paste.read(f"{BODY.format(1)}Đáp án: B\nVì Điều 5 nói vậy.\n{BODY.format(2)}Đáp án:\nC\n")
    assert [(question.key, question.feedback) for question in parsed.questions] == [
        ({1}, "Vì Điều 5 nói vậy."),
        ({2}, ""),
    ]
    assert said(parsed) == ["Câu 1: dòng sau đáp án được coi là lời giải thích. Hãy xem lại."]


@pytest.mark.parametrize(
    ("key", "feedback"),
    [
        ("B vì Điều 5 nói vậy", "vì Điều 5 nói vậy"),
        ("B. Theo Luật Đất đai,\nĐiều 5", "Theo Luật Đất đai,\nĐiều 5"),
        ("B (Điều 5)", "(Điều 5)"),
        ("B (0,25 điểm)", ""),
        ("B. y", ""),
    ],
)
def test_the_reason_beside_a_key_is_kept_as_its_explanation(key: str, feedback: str) -> None:
    (question,) = word_paste.read(f"{BODY.format(1)}Đáp án: {key}\n").questions
    assert (question.key, question.feedback) == ({1}, feedback)


@pytest.mark.parametrize("head", ["Câu\tĐáp án", "STT\tĐáp án\tSTT\tĐáp án", "Câu hỏi | Đáp án"])
def test_the_headings_of_a_table_of_keys_are_no_part_of_the_last_choice(head: str) -> None:
    parsed = word_paste.read(f"{BODY.format(1)}{BODY.format(2)}{head}\n1\tA\n2\tB\n")
    assert [(question.choices[3].text, question.key) for question in parsed.questions] == [("t", {0}), ("t", {1})]
    assert not parsed.problems


def test_a_key_that_names_two_choices_and_is_the_words_of_a_third_is_refused() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\nB. y\nC. A và B\nĐáp án: A và B\n")
    assert not parsed.questions
    assert "lời của phương án C" in parsed.problems[0].message


FOUR = BODY.format(1)
NEXT = BODY.format(2) + "Đáp án: A\n"


@pytest.mark.parametrize(
    "line",
    [
        "Đáp án: Câu B",
        "Đáp án: câu b.",
        "Đáp án là B",
        "Đáp án là: Phương án B",
        "Đáp án đúng: B.",
        "Đáp án đúng nhất: B",
        "Đáp án: ý B",
        "Đáp án: B đúng",
        "Đáp án B đúng",
        "Đáp án (B)",
        "Đáp án B. y",
        "Đáp án\nB",
        "ĐA: B",
        "Đ.A: B",
        "Đ/án: B",
        "Chọn B",
        "Chọn ý B",
        "Phương án đúng: B",
        "Phương án trả lời đúng là B",
        "Câu trả lời đúng: B",
        "Kết quả: B",
        "=> B",
        "→ B",
    ],
)
def test_a_key_is_understood_in_every_plain_way_of_saying_it(line: str) -> None:
    parsed = word_paste.read(f"{FOUR}{line}\n{NEXT}")
    assert [(question.key, question.choices[3].text) for question in parsed.questions] == [({1}, "t"), ({0}, "t")]
    assert not parsed.problems


@pytest.mark.parametrize(
    "value", ["B hoặc C", "không có B", "A sai, B đúng", "cả A và B", "Câu B hoặc câu C", "Câu E", "không phải B"]
)
def test_a_key_that_may_mean_more_than_one_thing_is_refused(value: str) -> None:
    parsed = word_paste.read(f"{FOUR}Đáp án: {value}\n{NEXT}")
    assert len(parsed.questions) == 1
    assert [problem.line for problem in parsed.problems] == [6]


def test_a_key_that_is_a_letter_and_the_words_of_another_choice_is_refused() -> None:
    parsed = word_paste.read("Câu 1: Câu nào sai?\nA. Câu B\nB. Câu A\nĐáp án: Câu B\n")
    assert not parsed.questions
    assert "hay là lời của phương án A" in parsed.problems[0].message


@pytest.mark.parametrize("rule", ["* * *", "***", "-----", "________"])
def test_a_line_of_signs_is_no_choice_and_no_key(rule: str) -> None:
    (question,) = word_paste.read(f"Câu 1: Gì?\nA. x\nB. y*\nC. z\n{rule}\nCâu 2: Hãy kể.").questions
    assert ([choice.text for choice in question.choices], question.key) == (["x", "y", "z"], {1})


def test_marks_that_point_at_two_different_choices_are_refused() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x (đúng)\n*B. y\nC. z\n")
    assert not parsed.questions
    assert "không thống nhất" in parsed.problems[0].message


def test_stars_around_a_line_below_a_choice_are_no_key() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\nB. y\n** Ghi chú **\nC. z\nĐáp án: C")
    assert [question.key for question in parsed.questions] == [{2}]


@pytest.mark.parametrize(
    "choices",
    [
        "[ ] A. x\n[x] B. y\n[ ] C. z",
        "( ) A. x\n(X) B. y\n( ) C. z",
        "A. x\n(x) B. y\nC. z",
        "A. x\nx B. y\nC. z",
        "A. x\n(Đ) B. y\nC. z",
        "A. x\nB. y (x)\nC. z",
        "A. x (S)\nB. y (Đ)\nC. z (S)",
        "A. x ☐\nB. y ☑\nC. z ☐",
        "A. x B. y (x) C. z",
    ],
)
def test_a_box_or_letter_beside_a_choice_marks_that_choice_and_no_other(choices: str) -> None:
    (question,) = word_paste.read(f"Câu 1: Gì?\n{choices}\n").questions
    assert (question.stem, [choice.text for choice in question.choices]) == ("Gì?", ["x", "y", "z"])
    assert question.key == {1}


def test_a_letter_in_brackets_that_touches_a_word_is_part_of_it() -> None:
    (question,) = word_paste.read("Câu 1: Gì?\nA. x\nB. f(x)\nC. z\nĐáp án: A\n").questions
    assert ([choice.text for choice in question.choices], question.key) == (["x", "f(x)", "z"], {0})


def test_a_key_that_names_its_question_is_that_questions() -> None:
    text = BODY.format(1) + "Đáp án câu 1: B\n" + BODY.format(2) + "Đáp án câu 2: C\n"
    assert [question.key for question in word_paste.read(text).questions] == [{1}, {2}]
    parsed = word_paste.read(BODY.format(1) + "Đáp án câu 2: B\n" + BODY.format(2) + "Đáp án câu 2: C\n")
    assert [question.key for question in parsed.questions] == [{2}]
