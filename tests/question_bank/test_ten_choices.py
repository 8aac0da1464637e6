"""Questions of up to ten choices: their letters in every format, their orders, answers and marks."""

from itertools import permutations
from math import factorial

import numpy as np
import pytest

from question_bank import answers, formats, grading, statistics
from question_bank.draw import BankItem, Blueprint, Quota, draw
from question_bank.fixed_order import speaks_of_others
from question_bank.formats import spreadsheet, word_paste
from question_bank.schema import LETTERS, Choice, Question
from question_bank.tally import Tally

TEN = Question(
    "Số nào chia hết cho 3?", tuple(Choice(f"số {10 + place}", place in (2, 5, 8)) for place in range(10)), code="Q1"
)
NINTH = Question("Số nào lớn nhất?", tuple(Choice(f"số {place}", place == 8) for place in range(9)), code="Q2")


@pytest.mark.parametrize("name", [form.name for form in formats.FORMATS if form.write is not None])
def test_every_format_carries_ten_choices(name: str) -> None:
    written = [NINTH] if name == "aiken" else [TEN, NINTH]
    back = formats.read(f"a.{name}", formats.write(name, written)).questions
    assert [(question.stem, [c.text for c in question.choices], question.key) for question in back] == [
        (question.stem, [c.text for c in question.choices], question.key) for question in written
    ]


def test_a_sheet_has_columns_for_as_many_choices_as_its_questions_have() -> None:
    heads = spreadsheet.write_csv([NINTH]).decode("utf-8-sig").splitlines()[0].split(",")
    assert [head for head in heads if len(head) == 1] == list("ABCDEFGHI")
    heads = spreadsheet.write_csv([Question("Gì?", (Choice("a", True), Choice("b", False)))]).decode().splitlines()[0]
    assert "G" not in heads.split(",")


def test_ninth_and_tenth_choices_of_a_text_are_not_told_as_words_of_another() -> None:
    words = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
    choices = [f"{letter}. {word}" for letter, word in zip(LETTERS, words, strict=True)]
    parsed = word_paste.read("\n".join(["Câu 1. Số nào lớn nhất?", *choices, "Đáp án: J", ""]))
    assert [choice.text for choice in parsed.questions[0].choices][8:] == ["Chín", "Mười"]
    assert not parsed.problems


def test_a_number_of_a_chapter_is_no_ninth_choice() -> None:
    text = "Câu 1: Gì?\nA. một\nB. hai\nĐáp án: A\n\nI. PHẦN ĐỊA LÍ\nCâu 2: Gì?\nA. ba\nB. bốn\nĐáp án: B\n"
    parsed = word_paste.read(text)
    assert [question.chapter for question in parsed.questions] == ["", "I. PHẦN ĐỊA LÍ"]
    assert [len(question.choices) for question in parsed.questions] == [2, 2]


@pytest.mark.parametrize("key", ["I", "A, J", "i"])
def test_late_letters_are_keys(key: str) -> None:
    lines = "\n".join(f"{letter}. số {letter}" for letter in LETTERS)
    (question,) = word_paste.read(f"Câu 1: Gì?\n{lines}\nĐáp án: {key}\n").questions
    assert question.key == {LETTERS.index(letter) for letter in key.upper().split(", ")}


def test_every_answer_is_one_character_that_no_program_changes() -> None:
    chars = [answers.of_mask(mask) for mask in range(answers.MASKS)]
    assert len(set("".join(chars))) == answers.MASKS
    assert all(len(char) == 1 and ord(char) < 0x10000 and char.isalnum() for char in chars[64:])
    assert [answers.mask_of(char) for char in chars] == list(range(answers.MASKS))
    assert answers.letters(answers.char([0, 9])) == "AJ"
    assert sorted([answers.least_choices(answers.char([place])) for place in range(10)]) == list("123456789a")


def test_one_attempt_and_many_are_marked_alike() -> None:
    rng = np.random.default_rng(5)
    masks = rng.integers(0, answers.MASKS, (300, 8))
    masks[:100] %= 64
    rows = ["".join(answers.of_mask(mask) for mask in row) for row in masks.tolist()]
    keys = "".join(answers.of_mask(mask) for mask in (1, 512, 1023, 64, 63, 128)) + grading.ANY + grading.FREE
    for scheme in (grading.Scheme(5), grading.Scheme(4, penalty=1, all_or_nothing=False)):
        for part in (rows[:100], rows, np.asarray(rows, dtype="U8"), np.asarray(rows[:100], dtype="S8")):
            many = grading.grade_many([keys] * len(part), part, scheme) if isinstance(part, list) else None
            table = many or grading.grade_masks(grading.key_masks([keys]), grading.answer_masks(part), scheme)
            one = [grading.grade(keys, row, scheme) for row in rows[: len(part)]]
            assert table.points.tolist() == [marks.points for marks in one]
            assert table.correct.tolist() == [marks.correct for marks in one]
            assert table.answered.tolist() == [marks.answered for marks in one]


@pytest.mark.parametrize("char", ["é", "\ua000", "\ua03f", "\ua400", "\U0001f600", "\ud800"])
def test_a_character_of_no_answer_is_refused(char: str) -> None:
    with pytest.raises(answers.AnswerCodeError):
        grading.answer_masks([f"1{char}", "11", answers.of_mask(1000) * 2])
    with pytest.raises(answers.AnswerCodeError):
        answers.mask_of(char)


@pytest.mark.parametrize("count", [6, 7, 10])
def test_every_order_of_many_choices_can_be_drawn(count: int) -> None:
    bank = [BankItem(key, "", 2, count) for key in range(400)]
    paper = draw(Blueprint((Quota(400),)), bank, 7)
    orders = [item.choice_order for item in paper.items]
    assert all(sorted(order) == list(range(count)) for order in orders)
    assert len(set(orders)) > 250
    assert {order[0] for order in orders} == set(range(count))
    assert paper == draw(Blueprint((Quota(400),)), bank, 7)


def test_orders_of_seven_are_those_of_a_dictionary() -> None:
    from question_bank.draw import _order

    assert [_order(7, number) for number in range(factorial(7))] == list(permutations(range(7)))


def test_item_analysis_counts_late_choices() -> None:
    tally = Tally(1)
    marked = np.array([[512], [512], [256], [0]])
    tally.add(items=np.array([0]), marks=np.array([[1.0], [1.0], [0.0], [0.0]]), answers=marked)
    (item,) = statistics.analyse(tally, 1.0).items
    assert [choice.count for choice in item.choices] == [0, 0, 0, 0, 0, 0, 0, 0, 1, 2]
    assert item.blank == 1


@pytest.mark.parametrize("text", ["Cả G và H", "A, I đều đúng", "Trừ phương án J", "Cả ghij"])
def test_late_letters_speak_of_other_choices(text: str) -> None:
    assert speaks_of_others(text)
