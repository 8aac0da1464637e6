"""Questions pasted from Word: every habit of typing them, and what cannot be read refused at its line."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats import word_paste
from question_bank.schema import Choice, Difficulty, Question, Source
from tests.question_bank.pasted import BODY, PLAIN, one, said


@pytest.mark.parametrize(
    "text",
    [
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\nĐáp án: B",
        "CÂU 1. Tỉnh lỵ ở đâu?\r\nA) Bắc Giang\r\nB) Chũ\r\nC) Kế\r\nD) Bố Hạ\r\nĐÁP ÁN ĐÚNG LÀ: B.",
        "Câu hỏi 1) Tỉnh lỵ ở đâu?\na) Bắc Giang\nb) Chũ\nc) Kế\nd) Bố Hạ\nĐáp án: b",
        "Câu 1 (0,25 điểm). Tỉnh lỵ ở đâu?\nA. Bắc Giang\tB. Chũ\tC. Kế\tD. Bố Hạ\nĐáp án đúng: B",
        "1. Tỉnh lỵ ở đâu?\nA. Bắc Giang    B. Chũ\nC. Kế    D. Bố Hạ\nChọn B",
        "1) Tỉnh lỵ ở đâu? A. Bắc Giang B. Chũ C. Kế D. Bố Hạ\nĐáp án B",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\n*B. Chũ\nC. Kế\nD. Bố Hạ",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB*. Chũ\nC. Kế\nD. Bố Hạ",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ (đúng)\nC. Kế (sai)\nD. Bố Hạ",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\n• B. Chũ\nC. Kế\nD. Bố Hạ",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ ✓\nC. Kế\nD. Bố Hạ",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\n•\tB. Chũ;",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\nĐáp án: Chũ",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\nĐáp án: B. Chũ",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ (Đáp án: B)",
        "Câu 1: Tỉnh lỵ ở đâu? (Đáp án: B)\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ",
        "Câu 1:\nTỉnh lỵ ở đâu?\n\nA.\nBắc Giang\nB.\nChũ\nC.\nKế\nD.\nBố Hạ\n\nĐáp án:\nB",
        "Câu\xa01：Tỉnh\xa0lỵ ở  đâu?\x0bA．Bắc Giang\x0bB．Chũ\x0bC．Kế\x0bD．Bố Hạ\x0bĐáp án：B",
        "Câu 1: Tỉnh lỵ ở đâu?\nA/ Bắc Giang\nB/ Chũ\nC/ Kế\nD/ Bố Hạ\nĐ/A: B",
        "Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\nĐáp án: B",
        "[Câu 1] Tỉnh lỵ ở đâu?\n- A. Bắc Giang\n- B. Chũ\n- C. Kế\n- D. Bố Hạ\n=> Đáp án: B",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\nBẢNG ĐÁP ÁN\n1-B",
        "Câu 1- Tỉnh lỵ ở đâu?\nA- Bắc Giang\nB - Chũ\nC– Kế\nD – Bố Hạ\nĐáp án: B",
        "Câu 1 . Tỉnh lỵ ở đâu?\nA . Bắc Giang\nB . Chũ\nC . Kế\nD . Bố Hạ\nĐáp án đúng: B – Chũ",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\n➢ Đáp án: B (0,25đ)",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\n\nBảng đáp án: 1.B",
        "Câu 1: Tỉnh lỵ ở đâu?\nA. Bắc Giang\nB. Chũ\nC. Kế\nD. Bố Hạ\nĐÁP ÁN\nCâu 1: B",
    ],
)
def test_the_same_question_in_every_habit(text: str) -> None:
    assert one(text) == PLAIN


def test_fields_chapters_and_levels_are_read() -> None:
    text = """CHƯƠNG I
VÙNG ĐẤT, CON NGƯỜI
Câu 1 (VD): Chọn những số chẵn?
A. 2
B. 3
C. 4
Đáp án: A, C
Giải thích: Chia hết cho hai.
Dòng thứ hai.
Giải thích B: lẻ
Nguồn: Sách giáo khoa
Vị trí: trang 5
Nhãn: số, chẵn; toán
Mã: T-1
Giữ thứ tự: Có

PHẦN 2: Tiếp theo
Câu 2. Gì?
A. x
B. y
Độ khó: Dễ
Chọn đáp án A
"""
    first, second = word_paste.read(text).questions
    assert first == Question(
        "Chọn những số chẵn?",
        (Choice("2", True), Choice("3", False, "lẻ"), Choice("4", True)),
        chapter="CHƯƠNG I VÙNG ĐẤT, CON NGƯỜI",
        difficulty=Difficulty.HARD,
        source=Source("Sách giáo khoa", "trang 5"),
        tags=("số", "chẵn", "toán"),
        pinned=True,
        code="T-1",
        feedback="Chia hết cho hai.\nDòng thứ hai.",
    )
    assert (second.chapter, second.difficulty, second.key) == ("PHẦN 2: Tiếp theo", Difficulty.EASY, {0})


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Câu 1: Gì?\nA. x\nB. y", 1, "Câu 1: không thấy đáp án"),
        ("Câu 1: Gì?\nA. x\nB. y\nĐáp án: C", 4, "Câu 1: đáp án là C nhưng câu hỏi chỉ có 2 phương án."),
        ("Câu 1: Gì?\nA. x\nB. y\nĐáp án: z", 4, "Câu 1: không hiểu đáp án “z”"),
        (
            "Câu 1: Gì?\nA. x\nB. y\nĐáp án: A. y t",
            4,
            "Câu 1: đáp án ghi “A. y t” nhưng nội dung phương án A khác thế.",
        ),
        (
            "Câu 1: Gì?\nA. x\nB. y\nĐáp án: A\n\nBảng đáp án\n1. B",
            7,
            "Câu 1: đáp án không thống nhất: dòng 4 cho là A; dòng 7",
        ),
        ("Câu 1: Gì?\nA. x\nB. y\nD. t\nĐáp án: A", 4, "Câu 1: sau phương án B lại có “D.”"),
        (
            "Câu 1: Gì?\nA. x\nB. y\nHai?\nA. x\nB. y\nĐáp án: A",
            5,
            "Câu 1: sau phương án B lại có “A.”",
        ),
        ("Câu 1: Gì?\nB. x\nC. y\nĐáp án: A", 1, "Câu 1: các phương án không theo thứ tự"),
        ("Câu 1: Gì?\nA. x\nB.\nĐáp án: A", 1, "Câu 1: Phương án B để trống."),
        ("Câu 1:\nA. x\nB. y\nĐáp án: A", 1, "Câu 1: Câu hỏi chưa có nội dung."),
        ("Câu 1: Gì?\nA. x\nB. y\n" + "x" * 70_000, 1, "Câu 1: câu hỏi dài bất thường"),
    ],
)
def test_a_bad_question_is_refused_at_its_line_and_the_next_one_read(text: str, line: int, words: str) -> None:
    head, sep, tail = text.partition("\n\nBảng")
    parsed = word_paste.read(f"{head}\nCâu 2: Sau?\nA. x\nB. y\nĐáp án: B{sep}{tail}")
    assert [question.stem for question in parsed.questions] == ["Sau?"]
    problem = next(problem for problem in parsed.problems if not problem.kept)
    assert problem.line == line + (4 if sep else 0)
    assert problem.message.replace("dòng 11", "dòng 7").startswith(words)


def test_what_is_no_question_is_told() -> None:
    parsed = word_paste.read("SỞ GIÁO DỤC\nĐề thi\nCâu 1: Hãy phân tích.\nCâu 2: Gì?\nA. x\nB. y\nĐáp án: A")
    assert len(parsed.questions) == 1
    (item,) = parsed.unsupported
    assert (item.line, item.kind) == (3, "essay")
    assert said(parsed) == ["Dòng 1 và 1 dòng khác nằm ngoài câu hỏi nên không được nhập."]


def test_a_text_without_questions_says_how_they_begin() -> None:
    assert said(word_paste.read("Kính gửi các đồng chí")) == [word_paste.NONE_FOUND]


def test_unnumbered_questions_follow_each_other() -> None:
    text = "Một?\nA. x\nB. y\nĐáp án: A\n\nHai,\nba?\nA. x\nB. y\nĐáp án: B\n"
    assert [question.stem for question in word_paste.read(text).questions] == ["Một?", "Hai,\nba?"]


def test_recognised_by_its_questions_and_choices() -> None:
    assert word_paste.recognises(b"", BODY.format(1))
    assert not word_paste.recognises(b"", "Gì? {=a ~b}")
    assert not word_paste.recognises(b"", "Câu 1: Gì?")


@given(st.text(st.sampled_from("CâuABCD1234.: )\n\t•*Đápán-(đúng)"), max_size=120))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    word_paste.read(text)


@given(
    st.lists(
        st.sampled_from(
            ["Câu 1: ", "A. ", "B. ", "C) ", "x", "\n", "Đáp án: ", "1-A 2-B", "•", "\n\n", "Chương I", "Giải thích: "]
        ),
        max_size=40,
    )
)
def test_no_order_of_signs_makes_the_reader_fail(parts: list[str]) -> None:
    word_paste.read("".join(parts))


@pytest.mark.parametrize(
    "text",
    [
        "A. B. " * 200_000,
        "Câu 1: " + "A. x " * 100_000,
        "1A " * 300_000,
        "Câu 1:\n" * 30_000,
        "(" * 500_000,
        "đáp án" + " " * 500_000,
        "Câu 1: x\nA. x" + " " * 50_000 + "y\nB. z" + "(" * 5_000,
        "1 " * 300_000 + "x",
        "Câu 1: " + "* " * 25_000 + "\nA. x\nB. y",
    ],
)
def test_endless_texts_are_read_in_time(text: str) -> None:
    word_paste.read(text)


def test_the_bank_of_840_is_read_but_for_three_keys_that_contradict_their_choice(shared_data: Path) -> None:
    data = (shared_data / "qbank" / "vi_word_paste" / "ktct.txt").read_bytes()
    parsed = word_paste.read(data)
    assert len(parsed.questions) == 837
    assert not parsed.unsupported
    refused = [problem for problem in parsed.problems if not problem.kept]
    assert [problem.line for problem in refused] == [3849, 4535, 4691]
    assert all("nội dung phương án D khác thế" in problem.message for problem in refused)
    assert Counter(len(question.choices) for question in parsed.questions) == {4: 836, 3: 1}
    assert Counter(question.chapter for question in parsed.questions) == {
        "CHƯƠNG 1": 30,
        "CHƯƠNG 2": 203,
        "CHƯƠNG 3": 281,
        "CHƯƠNG 4": 159,
        "CHƯƠNG 5": 80,
        "CHƯƠNG 6": 84,
    }
    # The same counted line by line: the lines of choices, and the letters behind the bullets.
    lines = data.decode().split("\n")
    letters = [line[2] for line in lines if line.startswith("•") and line[2:3] in "ABCD"]
    for line in (3849, 4535, 4691):
        letters.remove(lines[line - 1][2])
    assert Counter("ABCD"[min(question.key)] for question in parsed.questions) == Counter(letters)
    words = {" ".join(line[2:].split()) for line in lines if re.match(r"[A-D]\.", line)}
    assert all(choice.text in words for question in parsed.questions for choice in question.choices)


def test_a_question_that_lacks_its_word_is_told_by_its_number_and_its_choices() -> None:
    text = "Câu 1: Một?\nA. x\nB. y\nGiải thích: Vì thế.\n2. Hai?\nA. x\nB. y\nCâu 3: Ba?\nA. x\nB. y\n1A 2B 3A"
    parsed = word_paste.read(text)
    assert [(question.stem, question.key) for question in parsed.questions] == [
        ("Một?", {0}),
        ("Hai?", {1}),
        ("Ba?", {0}),
    ]
    assert parsed.questions[0].feedback == "Vì thế."


def test_choices_inside_an_explanation_are_told() -> None:
    parsed = word_paste.read("Câu 1: Một?\nA. x\nB. y\nGiải thích: Vì thế.\nHai?\nA. x\nB. y\nBẢNG ĐÁP ÁN\n1A")
    assert len(parsed.questions) == 1
    assert "có thể là của một câu hỏi khác" in said(parsed)[0]


@pytest.mark.parametrize("level", ["[VD] ", "(vận dụng) "])
def test_a_level_behind_the_number_is_no_part_of_the_stem(level: str) -> None:
    question = one(f"Câu 1: {level}Tỉnh lỵ ở đâu?\nA. x\nB. y\nĐáp án: B")
    assert (question.stem, question.difficulty) == ("Tỉnh lỵ ở đâu?", Difficulty.HARD)
