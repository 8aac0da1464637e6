"""GIFT read as Moodle means it, and written so that it reads back the same."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats import gift
from question_bank.formats.markup import plain
from question_bank.schema import Choice, Difficulty, Question, Source, Unsupported, clean
from tests.question_bank.strategies import questions

ITEMS = {"MC", "TF"}


@given(st.lists(questions(), max_size=4))
def test_what_is_written_reads_back_equal(written: list[Question]) -> None:
    parsed = gift.read(gift.write(written))
    assert parsed.questions == tuple(written)
    assert not parsed.unsupported


@given(st.text(st.sampled_from("ab ~=#{}:\\%5[html]/$\n"), max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    gift.read(text)


def test_single_choice_with_title_feedback_and_chapter() -> None:
    text = """$CATEGORY: $course$/top/Chương I

// Câu mở đầu
::BG-01::Tỉnh lỵ của Bắc Giang là {
  =Thành phố Bắc Giang # Đúng rồi.
  ~Thị xã Việt Yên
  ~Thị xã Chũ
  #### Xem tài liệu.
}.
"""
    (question,) = gift.read(text).questions
    assert question == Question(
        stem="Tỉnh lỵ của Bắc Giang là _____.",
        choices=(
            Choice("Thành phố Bắc Giang", True, "Đúng rồi."),
            Choice("Thị xã Việt Yên", False),
            Choice("Thị xã Chũ", False),
        ),
        chapter="Chương I",
        code="BG-01",
        feedback="Xem tài liệu.",
    )


def test_a_title_too_long_for_a_code_is_left_out_and_told() -> None:
    parsed = gift.read("::" + "dài " * 100 + "::Đâu? {=a ~b}")
    assert parsed.questions == (Question("Đâu?", (Choice("a", True), Choice("b", False))),)
    assert [problem.kept for problem in parsed.problems] == [True]


def test_weights_make_several_keys_and_lost_shares_are_told() -> None:
    parsed = gift.read("Chọn hai? {~%50%một ~%50%hai ~%-100%ba}\n\nChọn một? {=một ~%40%hai ~ba}")
    assert [question.key for question in parsed.questions] == [{0, 1}, {0}]
    assert [(problem.line, problem.kept) for problem in parsed.problems] == [(1, True), (3, True)]
    assert "Điểm từng phần" in parsed.problems[0].message


def test_true_false_is_pinned_with_feedback_in_moodles_order() -> None:
    first, second = gift.read("Một? {T#sai rồi#đúng rồi}\n\nHai? {FALSE#sai rồi#đúng rồi}").questions
    assert first.pinned
    assert first.choices == (Choice("Đúng", True, "đúng rồi"), Choice("Sai", False, "sai rồi"))
    assert second.choices == (Choice("Đúng", False, "sai rồi"), Choice("Sai", True, "đúng rồi"))


def test_escapes_and_format_tags_become_plain_words() -> None:
    text = "[html]<p>Dấu <b>&lt;</b>\\=?</p>{=<p>\\~ v&agrave; \\#</p> ~[plain]<i> ~hai\\nba}"
    (question,) = gift.read(text).questions
    assert question.stem == "Dấu <=?"
    assert [choice.text for choice in question.choices] == ["~ và #", "<i>", "hai ba"]


def test_a_text_that_looks_like_a_tag_or_weight_survives_writing() -> None:
    written = Question("[markdown] là gì?", (Choice("%50% số phiếu", True), Choice("[html]", False, "// thôi")))
    assert gift.read(gift.write([written])).questions == (written,)


def test_a_combining_mark_after_a_mark_of_the_format_survives_writing() -> None:
    written = Question("Dấu nào?\n\u0303", (Choice("\u0338a", True), Choice("b", False)), tags=("[a]",))
    assert gift.read(gift.write([written]).encode()).questions == (written,)


def test_spaces_and_brackets_without_end_take_no_time() -> None:
    gift.read("// " + "[id:" * 500_000 + "\n" + "a" + " " * 90_000 + "b? {=a ~b}")


def test_a_file_of_millions_of_lines_is_refused_in_one_sentence() -> None:
    parsed = gift.read("{}\n" * 1_000_002)
    assert [(problem.line, "quá nhiều dòng" in problem.message) for problem in parsed.problems] == [(1_000_001, True)]


def test_a_lost_picture_is_told() -> None:
    parsed = gift.read('[html]Hình nào?<img src\\="a.png">{=một ~hai}')
    assert parsed.problems[0].message == "Câu có hình ảnh không nhập được; chỉ phần chữ được giữ."


def test_marks_in_comments_carry_what_gift_lacks() -> None:
    text = "// [tag:lịch sử] [difficulty:hard] [source:Kế hoạch 10] [locator:Mục II] [pinned]\nNăm nào? {=1 ~2}\n\nSau? {T}"
    first, second = gift.read(text).questions
    assert (first.tags, first.difficulty, first.pinned) == (("lịch sử",), Difficulty.HARD, True)
    assert first.source == Source("Kế hoạch 10", "Mục II")
    assert second.source is None
    assert second.difficulty is Difficulty.MEDIUM


def test_other_kinds_are_listed_with_their_lines() -> None:
    text = "Viết. {}\n\nMấy? {#5:1}\n\nGhép. {=a -> b =c -> d}\n\nAi? {=Tôi}\n\nChỉ là lời dẫn."
    assert [(item.line, item.kind) for item in gift.read(text).unsupported] == [
        (1, "essay"),
        (3, "numerical"),
        (5, "matching"),
        (7, "short answer"),
        (9, "description"),
    ]
    assert "Câu tự luận không dùng được" in gift.read(text).unsupported[0].message


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("Thiếu đóng? {=a ~b", "không đủ cặp"),
        ("Thừa } ngoặc {=a ~b}", "không đủ cặp"),
        ("Không khóa? {~a ~b}", "chưa có đáp án đúng"),
        ("Một phương án? {~%100%a}", "có 1 phương án"),
        ("Trống? {=a ~}", "Phương án B để trống"),
        ("Liền nhau? {=a ~b}\nCâu sau? {=a ~b}", "hai khối { }"),
        ("Chữ lạc? {lạc =a ~b}", "Có chữ đứng trước"),
        ("{=a ~b}", "chưa có nội dung"),
    ],
)
def test_one_bad_question_never_spoils_the_file(bad: str, words: str) -> None:
    parsed = gift.read(f"Trước? {{=a ~b}}\n\n{bad}\n\nSau? {{\n\n=a\n\n~b}}\n")
    assert [question.stem for question in parsed.questions] == ["Trước?", "Sau?"]
    assert [problem.line for problem in parsed.problems] == [3]
    assert words in parsed.problems[0].message


def test_agrees_with_another_parsers_trees(shared_data: Path) -> None:
    compared = 0
    for path in sorted((shared_data / "qbank" / "gift_pairs").glob("*.gift")):
        parsed = gift.read(path.read_bytes())
        expected = json.loads(path.with_suffix(".json").read_text())
        wanted = [item for item in expected if item["type"] in ITEMS]
        others = [item for item in expected if item["type"] not in ITEMS | {"Category"}]
        assert len(parsed.unsupported) == len(others), path.name
        assert [question.stem for question in parsed.questions] == [words(item["stem"]) for item in wanted], path.name
        for question, item in zip(parsed.questions, wanted, strict=True):
            compared += 1
            assert question.code == (item["title"] or "")
            assert question.feedback == words(item["globalFeedback"])
            if item["type"] == "TF":
                assert [choice.correct for choice in question.choices] == [item["isTrue"], not item["isTrue"]]
                if not item["isTrue"]:
                    expected_feedback = [words(item["trueFeedback"]), words(item["falseFeedback"])]
                    assert [choice.feedback for choice in question.choices] == expected_feedback
            else:
                assert [(choice.text, choice.correct, choice.feedback) for choice in question.choices] == [
                    (words(choice["text"]), choice["isCorrect"], words(choice["feedback"]))
                    for choice in item["choices"]
                ]
    assert compared >= 15


def test_reads_moodles_own_examples(shared_data: Path) -> None:
    examples = gift.read((shared_data / "qbank" / "moodle" / "gift_examples.txt").read_bytes())
    fixture = gift.read((shared_data / "qbank" / "moodle" / "questions.gift.txt").read_bytes())
    assert (len(examples.questions), len(examples.unsupported)) == (23, 20)
    assert (len(fixture.questions), len(fixture.unsupported)) == (5, 4)
    assert all(problem.kept for problem in (*examples.problems, *fixture.problems))
    assert isinstance(fixture.unsupported[0], Unsupported)
    assert [choice.text for choice in fixture.questions[1].choices if choice.correct] == ["yellow", "off-beige"]


def words(piece: dict[str, Any] | None) -> str:
    """What the bank keeps of a formatted text: HTML gives its words, and Markdown its words without the marks around them."""
    if piece is None:
        return ""
    text = str(piece["text"])
    if piece["format"] == "markdown":
        return clean(re.sub(r"(?<!\w)_([^_]+)_(?!\w)", r"\1", text))
    return clean(plain(text)[0] if piece["format"] == "html" else text)
