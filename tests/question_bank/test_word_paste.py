"""Questions pasted from Word: every habit of typing them, and what stands in a sentence left in its sentence."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats import jsonl, word_paste
from question_bank.formats.word_paste_lines import tidy
from question_bank.schema import Choice, Difficulty, Parsed, Question, QuestionError, Source
from tests.question_bank.strategies import questions


def carried(question: Question) -> Question:
    """The question as this format carries it: spaces made single, signs without width dropped."""
    source = question.source and Source(tidy(question.source.document), tidy(question.source.locator))
    return replace(
        question,
        stem=tidy(question.stem),
        choices=tuple(Choice(tidy(c.text), c.correct, tidy(c.feedback)) for c in question.choices),
        chapter=tidy(question.chapter),
        source=source,
        tags=tuple(tag for tag in map(tidy, question.tags) if tag),
        code=tidy(question.code),
        feedback=tidy(question.feedback),
    )


def stands(question: Question) -> bool:
    try:
        carried(question)
    except QuestionError:
        return False
    # A locator without its document is no source.
    return question.source is None or bool(tidy(question.source.document))


CARRIED = questions().filter(stands)


@settings(max_examples=200)
@given(st.lists(CARRIED, max_size=4))
def test_what_is_written_reads_back_as_it_is_carried(written: list[Question]) -> None:
    parsed = word_paste.read(word_paste.write(written))
    assert parsed.questions == tuple(carried(question) for question in written)
    assert not [problem for problem in parsed.problems if not problem.kept]


@pytest.mark.parametrize(
    "text",
    [
        "A. một B. hai",
        "Câu 2: gì?",
        "Đáp án: C",
        "1-A 2-B",
        "Chương I",
        "* (đúng)",
        "• B. hai",
        "2. x\nB. y\n\nC. z",
        "(Đáp án: D)",
        "B",
        "Nguồn: x",
    ],
)
def test_a_text_that_looks_like_a_sign_survives_writing(text: str) -> None:
    written = Question(text, (Choice(text, False), Choice("hai", True)), feedback=text, code=text.replace("\n", " "))
    twice = [written, replace(written, chapter="(không có)", source=Source(text)), Question("Sau?", written.choices)]
    assert word_paste.read(word_paste.write(twice)).questions == tuple(map(carried, twice))


@given(CARRIED)
def test_losses_are_told_when_a_question_changes_and_only_then(question: Question) -> None:
    assert bool(word_paste.losses(question)) == (carried(question) != question)


def one(text: str) -> Question:
    parsed = word_paste.read(text)
    assert len(parsed.questions) == 1, parsed
    return parsed.questions[0]


def said(parsed: Parsed) -> list[str]:
    return [problem.message for problem in parsed.problems]


PLAIN = Question(
    "Tỉnh lỵ ở đâu?",
    (Choice("Bắc Giang", False), Choice("Chũ", True), Choice("Kế", False), Choice("Bố Hạ", False)),
)


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


BODY = "Câu {0}: Gì {0}?\nA. x\nB. y\nC. z\nD. t\n"


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
        ("Câu 1: Gì?\nA. x\nB. y\nD. t\nĐáp án: A", 4, "Câu 1: sau phương án B lại có dòng mở đầu bằng “D.”"),
        (
            "Câu 1: Gì?\nA. x\nB. y\nHai?\nA. x\nB. y\nĐáp án: A",
            5,
            "Câu 1: sau phương án B lại có dòng mở đầu bằng “A.”",
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


def test_a_choice_cut_out_of_a_line_among_others_is_told() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\nB. y\nC. z D. t\nĐáp án: A")
    assert len(parsed.questions[0].choices) == 4
    assert "Hãy xem lại chỗ tách" in said(parsed)[0]


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


def test_the_shared_collections_survive_pasting(shared_data: Path) -> None:
    for path in sorted((shared_data / "mcq").glob("*.jsonl")):
        written = jsonl.read(path.read_bytes()).questions
        assert word_paste.read(word_paste.write(written)).questions == tuple(map(carried, written))


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


def test_two_lines_lettered_a_are_refused_because_the_key_could_mean_either() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\nA. y\nB. z\nĐáp án: A\n")
    assert not parsed.questions
    assert (parsed.problems[0].line, "hai dòng mở đầu" in parsed.problems[0].message) == (3, True)


def test_a_key_that_names_two_choices_and_is_the_words_of_a_third_is_refused() -> None:
    parsed = word_paste.read("Câu 1: Gì?\nA. x\nB. y\nC. A và B\nĐáp án: A và B\n")
    assert not parsed.questions
    assert "lời của phương án C" in parsed.problems[0].message
