"""Ranking and prizes as pure rules: ties at every level, places shared and skipped, prizes that would part equals."""

from hypothesis import given as drawn
from hypothesis import strategies as st

from contest.results.rules import (
    Awarded,
    Candidate,
    Change,
    Given,
    Held,
    PrizeOffer,
    Straddle,
    Value,
    award,
    changes,
    rank,
)


def candidate(id_: int, *orders: int, name_key: str = "") -> Candidate:
    """A candidate compared by these numbers, smaller first."""
    values = tuple(Value(f"c{n}", f"Tiêu chí {n}", order, str(order)) for n, order in enumerate(orders))
    return Candidate(
        id=id_, account_id=id_, name=f"Người {id_}", name_key=name_key or str(id_), unit="", title="", values=values
    )


def places(*candidates: Candidate) -> list[tuple[int, int]]:
    """Place and id of each, in order."""
    return [(p.place, p.candidate.id) for p in rank(candidates)]


def test_each_criterion_decides_only_what_those_before_left_equal() -> None:
    first, second, third, fourth = (
        candidate(1, -100, 3, 500),
        candidate(2, -100, 8, 100),
        candidate(3, -100, 8, 101),
        candidate(4, -95, 0, 1),
    )
    placed = rank([fourth, third, second, first])
    assert [p.candidate.id for p in placed] == [1, 2, 3, 4]
    assert [p.decided_above for p in placed] == [None, 1, 2, 0]
    assert [p.decided_below for p in placed] == [1, 2, 0, None]
    assert not any(p.shared for p in placed)


def test_equals_on_every_value_share_a_place_and_the_next_is_skipped() -> None:
    assert places(candidate(1, -10), candidate(2, -9), candidate(3, -9), candidate(4, -8)) == [
        (1, 1),
        (2, 2),
        (2, 3),
        (4, 4),
    ]
    shared = rank([candidate(2, -9), candidate(3, -9)])
    assert all(p.shared and p.decided_above is None and p.decided_below is None for p in shared)


def test_equals_are_listed_by_name() -> None:
    assert places(candidate(1, 0, name_key="b"), candidate(2, 0, name_key="a")) == [(1, 2), (1, 1)]


def test_nobody_ranked_gives_nobody_a_prize() -> None:
    assert rank([]) == []
    assert award([], [PrizeOffer(1, "Giải Nhất", 1, 4_000_000)]) == Awarded([], [])


def test_prizes_fill_from_the_top_and_a_prize_without_places_stays_empty() -> None:
    placed = rank([candidate(n, n) for n in range(1, 5)])
    offers = [
        PrizeOffer(1, "Giải Nhất", 0, 4_000_000),
        PrizeOffer(2, "Giải Nhì", 2, 2_000_000),
        PrizeOffer(3, "Giải Ba", 5, 1_000_000),
    ]
    listed = award(placed, offers)
    assert not isinstance(listed, Straddle)
    assert [(w.placed.candidate.id, w.prize.name) for w in listed.wins] == [
        (1, "Giải Nhì"),
        (2, "Giải Nhì"),
        (3, "Giải Ba"),
        (4, "Giải Ba"),
    ]


def test_equals_across_the_last_place_of_a_prize_are_left_to_people() -> None:
    placed = rank([candidate(1, -10), candidate(2, -9), candidate(3, -9), candidate(4, -8)])
    straddle = award(placed, [PrizeOffer(1, "Giải Nhất", 1, 1), PrizeOffer(2, "Giải Nhì", 1, 1)])
    assert isinstance(straddle, Straddle)
    assert (straddle.place, straddle.prize.name, straddle.names) == (2, "Giải Nhì", ("Người 2", "Người 3"))
    whole = award(placed, [PrizeOffer(1, "Giải Nhất", 1, 1), PrizeOffer(2, "Giải Nhì", 2, 1)])
    assert not isinstance(whole, Straddle)


FIRST, SECOND = PrizeOffer(1, "Giải Nhất", 1, 4_000_000), PrizeOffer(2, "Giải Nhì", 1, 2_000_000)


def held(amount: int, position: int) -> Held:
    """A prize of another round."""
    return Held("Giải kia", amount, position, "đợt 1", 1)


def given(listed: Awarded | Straddle) -> tuple[list[int], list[int]]:
    """Who wins and who is passed over, by id, in order."""
    assert isinstance(listed, Awarded)
    return [w.placed.candidate.id for w in listed.wins], [p.placed.candidate.id for p in listed.passed]


def test_who_has_a_prize_as_good_elsewhere_is_passed_over_and_the_next_in_place_takes_it() -> None:
    placed = rank([candidate(n, n) for n in range(1, 5)])

    assert given(award(placed, [FIRST, SECOND], {1: held(4_000_000, 1)})) == ([2, 3], [1])
    assert given(award(placed, [FIRST, SECOND], {1: held(5_000_000, 3), 2: held(2_000_000, 2)})) == ([2, 3], [1])
    assert given(award(placed, [FIRST, SECOND], {3: held(1, 1)})) == ([1, 2], [])


def test_better_prize_here_is_taken_and_the_lesser_one_elsewhere_is_given_up() -> None:
    placed = rank([candidate(1, 1), candidate(2, 2)])

    listed = award(placed, [FIRST, SECOND], {1: held(2_000_000, 2)})

    assert isinstance(listed, Awarded)
    assert [(w.placed.candidate.id, w.gives_up is not None) for w in listed.wins] == [(1, True), (2, False)]


def test_prizes_without_money_are_compared_by_their_position() -> None:
    free = [PrizeOffer(1, "Giải Nhất", 1, 0), PrizeOffer(2, "Giải Nhì", 1, 0)]
    placed = rank([candidate(1, 1), candidate(2, 2), candidate(3, 3)])

    assert given(award(placed, free, {1: held(0, 2)})) == ([1, 2], [])
    assert given(award(placed, free, {1: held(0, 1)})) == ([2, 3], [1])


def test_equals_across_the_last_place_are_settled_when_all_but_enough_are_passed_over() -> None:
    placed = rank([candidate(1, -10), candidate(2, -9), candidate(3, -9), candidate(4, -9), candidate(5, -8)])
    offers = [FIRST, SECOND]

    assert given(award(placed, offers, {2: held(2_000_000, 2), 4: held(4_000_000, 1)})) == ([1, 3], [2, 4])
    assert given(award(placed, offers, dict.fromkeys((2, 3, 4), held(2_000_000, 2)))) == ([1, 5], [2, 3, 4])
    straddle = award(placed, offers, {2: held(2_000_000, 2)})
    assert isinstance(straddle, Straddle)
    assert straddle.names == ("Người 3", "Người 4")


def test_ground_says_whether_the_other_prize_is_higher_or_as_high() -> None:
    placed = rank([candidate(1, 1)])
    higher, equal = (award(placed, [SECOND], {1: held(amount, 1)}) for amount in (3_000_000, 2_000_000))

    assert isinstance(higher, Awarded)
    assert isinstance(equal, Awarded)
    assert higher.passed[0].ground == "Đã nhận giải cao hơn ở đợt 1: Giải kia, Công bố số 01."
    assert equal.passed[0].ground == "Đã nhận giải ngang bằng ở đợt 1: Giải kia, Công bố số 01."


rows = st.lists(st.tuples(st.integers(-3, 0), st.integers(0, 3)), max_size=20)


@drawn(rows, st.randoms())
def test_order_does_not_depend_on_how_they_came(values: list[tuple[int, int]], shuffler: object) -> None:
    candidates = [candidate(n, *orders) for n, orders in enumerate(values)]
    before = places(*candidates)
    shuffler.shuffle(candidates)  # type: ignore[attr-defined]
    assert places(*candidates) == before


@drawn(rows)
def test_place_is_one_more_than_the_number_who_stand_strictly_higher(values: list[tuple[int, int]]) -> None:
    candidates = [candidate(n, *orders) for n, orders in enumerate(values)]
    for placed in rank(candidates):
        assert placed.place == 1 + sum(other.key < placed.candidate.key for other in candidates)


@drawn(rows.filter(bool))
def test_a_newcomer_at_the_bottom_moves_nobody(values: list[tuple[int, int]]) -> None:
    candidates = [candidate(n, *orders) for n, orders in enumerate(values)]
    before = places(*candidates)
    assert places(*candidates, candidate(999, 1, 0))[: len(before)] == before


def test_lists_differ_by_whom_they_give_what_and_not_by_their_order() -> None:
    an, binh, cuc = Given(1, "An", 1, "Giải Nhất"), Given(2, "Bình", 2, "Giải Nhì"), Given(3, "Cúc", 2, "Giải Nhì")

    assert changes([an, binh], [binh, an]) == []
    assert changes([an, binh], [Given(1, "An", 2, "Giải Nhì"), cuc]) == [
        Change("An", "Giải Nhất", "Giải Nhì"),
        Change("Bình", "Giải Nhì", ""),
        Change("Cúc", "", "Giải Nhì"),
    ]
