"""Marks, one at a time and by the thousand."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import answers
from question_bank.grading import Marks, Scheme, grade, grade_many

SCHEMES = st.builds(Scheme, st.integers(1, 100), st.integers(0, 20), st.booleans())
KEY_CHARS = st.sampled_from(answers.ALPHABET[1:])
ANSWER_CHARS = st.sampled_from(answers.ALPHABET)


@st.composite
def attempts(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    length, count = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    keys = draw(st.lists(st.text(KEY_CHARS, min_size=length, max_size=length), min_size=count, max_size=count))
    given_answers = draw(
        st.lists(st.text(ANSWER_CHARS, min_size=length, max_size=length), min_size=count, max_size=count)
    )
    return keys, given_answers


@given(attempts(), SCHEMES)
def test_one_and_many_agree(codes: tuple[list[str], list[str]], scheme: Scheme) -> None:
    keys, given_answers = codes
    table = grade_many(keys, given_answers, scheme)
    for row, (key, answer) in enumerate(zip(keys, given_answers, strict=True)):
        marks = Marks(int(table.correct[row]), int(table.points[row]), int(table.answered[row]))
        assert marks == grade(key, answer, scheme)


@given(attempts(), SCHEMES)
def test_one_key_for_all_is_that_key_repeated(codes: tuple[list[str], list[str]], scheme: Scheme) -> None:
    keys, given_answers = codes
    once = grade_many(keys[0], given_answers, scheme)
    repeated = grade_many([keys[0]] * len(given_answers), given_answers, scheme)
    assert once.points.tolist() == repeated.points.tolist()


def test_five_points_for_each_right_answer_and_none_lost_for_wrong_or_blank() -> None:
    assert grade("1248", "1240") == Marks(correct=3, points=15, answered=3)
    assert grade("1248", "2222") == Marks(correct=1, points=5, answered=4)


def test_several_keys_need_all_of_them_unless_the_scheme_shares_points() -> None:
    assert grade("3", "1").points == 0
    assert grade("3", "1", Scheme(10, all_or_nothing=False)).points == 5
    assert grade("3", "7", Scheme(10, all_or_nothing=False)).points == 5
    assert grade("3", "d", Scheme(10, all_or_nothing=False)).points == 0


def test_penalty_takes_from_the_total_but_never_below_zero() -> None:
    assert grade("11", "12", Scheme(5, penalty=2)).points == 3
    assert grade("11", "22", Scheme(5, penalty=2)).points == 0


def test_nobody_to_mark_gives_empty_tables() -> None:
    assert grade_many("11", []).points.tolist() == []


@pytest.mark.parametrize(
    ("key", "answer"), [("11", "1"), ("10", "11"), ("11", "1!"), ("11", "1é")], ids=["length", "no key", "ascii", "é"]
)
def test_codes_that_do_not_match_are_refused_both_ways(key: str, answer: str) -> None:
    with pytest.raises(answers.AnswerCodeError):
        grade(key, answer)
    with pytest.raises(answers.AnswerCodeError):
        grade_many([key], [answer])


def test_true_false_and_single_choice_agree_with_moodles_walk_through(shared_data: Path) -> None:
    folder = shared_data / "moodle_stats" / "grading"
    with (folder / "steps00.csv").open() as steps, (folder / "results00.csv").open() as results:
        pairs = list(zip(csv.DictReader(steps), csv.DictReader(results), strict=True))
    assert len(pairs) == 10
    order = ["One", "Two", "Three", "Four"]
    for step, result in pairs:
        truth = answers.char([0 if step["responses.4.answer"] == "1" else 1])
        single = answers.char([order.index(step["responses.6.answer"])])
        several = answers.char([place for place, name in enumerate(order) if step[f"responses.5.{name}"] == "1"])
        assert grade("1", truth, Scheme(1)).points == float(result["slots.4.mark"])
        assert grade("1", single, Scheme(1)).points == float(result["slots.6.mark"])
        if several == "5":
            assert float(result["slots.5.mark"]) == grade("5", several, Scheme(1)).points == 1
