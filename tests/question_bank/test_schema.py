"""What a question must be to stand."""

import unicodedata

import pytest

from question_bank.schema import Choice, Difficulty, Question, QuestionError, Source, clean


def two() -> tuple[Choice, ...]:
    return (Choice("Đúng", True), Choice("Sai", False))


def test_texts_are_kept_in_nfc_without_control_characters() -> None:
    question = Question(unicodedata.normalize("NFD", "  Tỉnh\x00 nào?\r\nHãy chọn. "), two())
    assert question.stem == "Tỉnh nào?\nHãy chọn."


def test_difficulty_is_read_from_a_number_and_has_a_vietnamese_label() -> None:
    question = Question("Câu hỏi?", two(), difficulty=Difficulty(3))
    assert question.difficulty.label == "Khó"


def test_key_and_multiple_follow_the_choices() -> None:
    question = Question("Chọn hai?", (Choice("a", True), Choice("b", False), Choice("c", True)))
    assert question.key == {0, 2}
    assert question.multiple


def test_a_source_without_a_document_is_no_source() -> None:
    assert Question("Câu hỏi?", two(), source=Source("  ", "Mục I")).source is None


@pytest.mark.parametrize("count", [0, 1, 11])
def test_wrong_number_of_choices_is_refused_with_the_number(count: int) -> None:
    with pytest.raises(QuestionError, match=f"có {count} phương án"):
        Question("Câu hỏi?", tuple(Choice(str(index), index == 0) for index in range(count)))


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(QuestionError) as caught:
        Question(" ", (Choice("", True), Choice("x" * 1_001, False)))
    assert caught.value.messages == (
        "Câu hỏi chưa có nội dung.",
        "Phương án A để trống.",
        "Phương án B dài 1001 ký tự, nhiều nhất là 1000.",
    )


def test_lone_surrogates_are_dropped_so_that_every_text_can_be_stored() -> None:
    assert clean("a\ud800b").encode() == b"ab"


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060\u3000", "\u2028", "\xad", " \u2009\u202f"])
def test_a_choice_of_signs_that_nobody_sees_is_empty(unseen: str) -> None:
    with pytest.raises(QuestionError, match=r"Phương án B để trống\."):
        Question("Đâu?", (Choice("Kế", True), Choice(unseen, False)))
    assert Choice(f"{unseen}Chũ{unseen}", False).text == "Chũ"
