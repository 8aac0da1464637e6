"""The compact code of answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import answers
from question_bank.schema import Choice, Question

SETS = st.lists(st.frozensets(st.integers(0, 5)), max_size=40)


@given(SETS)
def test_decode_reverses_encode(marked: list[frozenset[int]]) -> None:
    code = answers.encode(marked)
    assert len(code) == len(marked)
    assert answers.decode(code) == tuple(marked)
    assert answers.answered(code) == sum(map(bool, marked))


def test_single_letters_have_their_documented_characters() -> None:
    assert answers.encode([{0}, {1}, {2}, {3}, {4}, {5}, set()]) == "1248gw0"


def test_replace_changes_one_question_only() -> None:
    assert answers.replace(answers.blank(4), 2, [0, 3]) == "0090"


def test_replace_outside_the_paper_is_refused() -> None:
    with pytest.raises(answers.AnswerCodeError, match="không có câu 5"):
        answers.replace("0000", 4, [0])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("00", "có 2 câu trả lời, đề có 3 câu"),
        ("00g", "Câu 3 không có phương án"),
        ("0.0", "không đọc được"),
        ("300", "Câu 1 chỉ được chọn một"),
        ("０00", "không đọc được"),
    ],
)
def test_a_code_that_does_not_fit_the_paper_is_refused(code: str, words: str) -> None:
    with pytest.raises(answers.AnswerCodeError, match=words):
        answers.validate(code, [4, 4, 4], multiple=[False, True, True])


def test_a_fitting_code_is_accepted() -> None:
    answers.validate("830", [4, 4, 2], multiple=[False, True, False])


def test_letters_are_those_the_entrant_saw() -> None:
    assert answers.letters("8") == "D"
    assert answers.letters("8", (3, 0, 1, 2)) == "A"
    assert answers.letters("5", (2, 1, 0)) == "AC"


def test_key_of_a_question_is_in_the_original_order() -> None:
    assert answers.key_char(Question("?a", (Choice("x", False), Choice("y", True), Choice("z", True)))) == "6"


@given(st.frozensets(st.integers(0, 5)), st.integers(2, 6))
def test_character_fits_when_all_its_choices_are_there(marked: frozenset[int], count: int) -> None:
    assert answers.fits(answers.char(marked), count) is all(position < count for position in marked)


@pytest.mark.parametrize("char", ["", "!", "é", "11", " "])
def test_what_is_not_of_the_code_fits_nothing(char: str) -> None:
    assert not answers.fits(char, 6)
