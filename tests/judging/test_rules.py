"""What a rubric allows, how entries are dealt out, how totals become a mean."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.judging.rules import BadMarks, assign_evenly, check_marks, levels, mean, tens, total_of, weights_are_whole

WEIGHTS = {"1": 40, "2": 30, "3": 20, "4": 10}


def test_weights_must_sum_to_a_hundred() -> None:
    assert weights_are_whole([40, 30, 20, 10])
    assert not weights_are_whole([40, 30, 20, 11])
    assert not weights_are_whole([101, -1])
    assert not weights_are_whole([])


def test_quick_marks_are_those_of_the_drawn_scorecard() -> None:
    assert levels(40) == [16, 22, 28, 32, 38]
    assert levels(30) == [12, 17, 21, 24, 29]
    assert levels(10) == [4, 6, 7, 8, 10]
    assert levels(1) == [0, 1]


@pytest.mark.parametrize("points", ["41", "-1", "3.5", "mười", True, [], {}, "1e1", "9" * 400, "٣x"])
def test_impossible_points_are_refused(points: object) -> None:
    with pytest.raises(BadMarks):
        check_marks({"1": points}, WEIGHTS)


def test_unknown_criterion_is_refused() -> None:
    with pytest.raises(BadMarks):
        check_marks({"99": "1"}, WEIGHTS)


def test_blank_marks_count_as_not_given() -> None:
    marks = check_marks({"1": "32", "2": "", "3": None, "4": 10}, WEIGHTS)
    assert marks == {"1": 32, "4": 10}
    assert total_of(marks, WEIGHTS) is None
    assert total_of({"1": 32, "2": 24, "3": 16, "4": 8}, WEIGHTS) == 80


def test_mean_is_rounded_half_up_to_two_decimals() -> None:
    assert mean([80, 81]) == Decimal("80.50")
    assert mean([70, 70, 71]) == Decimal("70.33")
    with pytest.raises(ValueError, match="no totals"):
        mean([])


@given(
    entries=st.lists(st.integers(1, 10_000), unique=True, max_size=60),
    judges=st.lists(st.integers(1, 100), unique=True, min_size=1, max_size=12),
    per_entry=st.integers(1, 4),
)
def test_every_entry_gets_different_judges_and_loads_differ_by_one_at_most(
    entries: list[int], judges: list[int], per_entry: int
) -> None:
    pairs = assign_evenly(entries, judges, per_entry=per_entry, loads={})
    assert len(set(pairs)) == len(pairs)
    wanted = min(per_entry, len(judges))
    assert Counter(entry for entry, _ in pairs) == dict.fromkeys(entries, wanted)
    loads = Counter(judge for _, judge in pairs)
    if entries:
        counts = [loads[judge] for judge in judges]
        assert max(counts) - min(counts) <= 1


def test_barred_pairs_are_never_assigned() -> None:
    pairs = assign_evenly([1, 2, 3], [7, 8, 9], per_entry=2, loads={}, barred={(1, 7), (2, 8)})
    assert not {(1, 7), (2, 8)} & set(pairs)
    assert len(pairs) == 6


@pytest.mark.parametrize(("typed", "points"), [("35", 35), (" 7 ", 7), ("3,0", 3), (12, 12)])
def test_mark_is_read_as_it_is_meant(typed: object, points: int) -> None:
    assert check_marks({"1": typed}, {"1": 60}) == {"1": points}


@pytest.mark.parametrize("typed", ["3,5", "3.5", "mười", "²", "٣", True, 3.5])
def test_mark_that_is_no_whole_number_is_refused(typed: object) -> None:
    with pytest.raises(BadMarks, match=f"“{typed}”" if isinstance(typed, str) else "Điểm phải là số nguyên"):
        check_marks({"1": typed}, {"1": 60})


def test_ten_keys_reach_the_whole_weight_and_repeat_no_point() -> None:
    assert tens(25) == [3, 5, 8, 10, 13, 15, 18, 20, 23, 25]
    assert tens(10) == list(range(1, 11))
    assert tens(4) == [1, 2, 3, 4]
