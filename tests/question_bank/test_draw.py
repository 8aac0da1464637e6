"""Papers drawn by a seed: the same for ever, fair, and honest about what a bank cannot give."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.draw import (
    BankItem,
    Blueprint,
    DrawError,
    PaperItem,
    PreparedBank,
    Quota,
    Stream,
    draw,
    feasibility,
)
from question_bank.schema import Difficulty

CHAPTERS = ["Chương I", "Chương II", "Chương III"]
BANK = [BankItem(key, CHAPTERS[key % 3], key // 3 % 3 + 1, 4, pinned=key % 10 == 0) for key in range(100, 160)]
BY_CHAPTER = Blueprint(tuple(Quota(2, chapter) for chapter in CHAPTERS))

ITEMS = st.builds(
    lambda pairs: [BankItem(key, chapter, hard, 4) for key, (chapter, hard) in enumerate(pairs)],
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 3)), max_size=14),
)
QUOTAS = st.lists(
    st.builds(Quota, st.integers(1, 4), st.none() | st.sampled_from("ABC"), st.none() | st.sampled_from(Difficulty)),
    min_size=1,
    max_size=5,
).map(tuple)
SEEDS = st.integers(0, 2**63 - 1)

# Values held since the first release; a change here would redraw papers already sat.
GOLDEN_NUMBERS = [771153, 730170, 29462, 268156, 951500]
GOLDEN_TAIL = [934, 261, 90]
GOLDEN_PAPER = (
    PaperItem(3, 103, (2, 1, 0, 3)),
    PaperItem(41, 141, (1, 0, 2, 3)),
    PaperItem(10, 110, (0, 1, 2, 3)),
    PaperItem(22, 122, (1, 3, 0, 2)),
    PaperItem(2, 102, (3, 1, 0, 2)),
    PaperItem(39, 139, (3, 1, 2, 0)),
)
GOLDEN_CROSSING = [132, 134, 116, 129, 150]


def test_stream_is_the_one_documented() -> None:
    stream = Stream(0)
    assert [stream.below(1_000_000) for _ in range(5)] == GOLDEN_NUMBERS


def test_stream_read_past_its_first_words_goes_on_unchanged() -> None:
    stream = Stream(7)
    assert [stream.below(1000) for _ in range(300)][-3:] == GOLDEN_TAIL


def test_golden_paper_of_seed_one() -> None:
    assert draw(BY_CHAPTER, BANK, 1).items == GOLDEN_PAPER


def test_golden_paper_of_the_last_seed_with_crossing_quotas() -> None:
    crossing = Blueprint((Quota(2, "Chương I"), Quota(2, None, Difficulty.HARD), Quota(1)))
    assert [item.key for item in draw(crossing, BANK, 2**63 - 1).items] == GOLDEN_CROSSING


def test_order_of_the_bank_does_not_matter() -> None:
    assert draw(BY_CHAPTER, BANK[::-1], 5) == draw(BY_CHAPTER, PreparedBank(BANK), 5)


@given(SEEDS)
def test_paper_keeps_to_its_blueprint(seed: int) -> None:
    prepared = PreparedBank(BANK)
    paper = draw(BY_CHAPTER, prepared, seed)
    assert Counter(prepared.items[item.place].chapter for item in paper.items) == dict.fromkeys(CHAPTERS, 2)
    assert len({item.key for item in paper.items}) == 6
    for item in paper.items:
        row = prepared.items[item.place]
        assert row.key == item.key
        assert sorted(item.choice_order) == [0, 1, 2, 3]
        if row.pinned:
            assert item.choice_order == (0, 1, 2, 3)


def test_without_shuffling_questions_stand_by_quota_and_key_and_choices_as_written() -> None:
    plain = Blueprint(BY_CHAPTER.quotas, shuffle_questions=False, shuffle_choices=False)
    prepared = PreparedBank(BANK)
    items = draw(plain, prepared, 9).items
    assert [prepared.items[item.place].chapter for item in items] == [name for name in CHAPTERS for _ in range(2)]
    assert all(first.key < second.key for first, second in zip(items[::2], items[1::2], strict=True))
    assert {item.choice_order for item in items} == {(0, 1, 2, 3)}


def test_every_question_and_choice_order_comes_equally_often() -> None:
    prepared = PreparedBank([BankItem(key, "", 1, 3) for key in range(10)])
    blueprint = Blueprint((Quota(3),))
    papers = [draw(blueprint, prepared, seed) for seed in range(4_000)]
    keys = Counter(item.key for paper in papers for item in paper.items)
    orders = Counter(item.choice_order for paper in papers for item in paper.items)
    first = Counter(paper.items[0].key for paper in papers)
    # Within five standard deviations of 1,200, 2,000 and 400.
    assert len(keys) == 10
    assert all(abs(count - 1_200) < 150 for count in keys.values())
    assert len(orders) == 6
    assert all(abs(count - 2_000) < 210 for count in orders.values())
    assert len(first) == 10
    assert all(abs(count - 400) < 95 for count in first.values())


@given(ITEMS, QUOTAS, SEEDS)
def test_feasible_exactly_when_drawn(items: list[BankItem], quotas: tuple[Quota, ...], seed: int) -> None:
    blueprint, prepared = Blueprint(quotas), PreparedBank(items)
    if feasibility(blueprint, prepared):
        with pytest.raises(DrawError):
            draw(blueprint, prepared, seed)
        return
    paper = draw(Blueprint(quotas, shuffle_questions=False), prepared, seed)
    assert len({item.key for item in paper.items}) == len(paper.items) == blueprint.count
    drawn = [prepared.items[item.place] for item in paper.items]
    for quota in quotas:
        assert all(quota.admits(item) for item in drawn[: quota.count])
        drawn = drawn[quota.count :]


@given(ITEMS, QUOTAS)
def test_feasibility_is_halls_condition(items: list[BankItem], quotas: tuple[Quota, ...]) -> None:
    groups = [[quota for place, quota in enumerate(quotas) if mask >> place & 1] for mask in range(1 << len(quotas))]
    lacking = max(
        sum(quota.count for quota in group) - sum(any(quota.admits(item) for quota in group) for item in items)
        for group in groups
    )
    short = sum(gap.wanted - gap.available for gap in feasibility(Blueprint(quotas), items))
    assert short == max(0, lacking)


def test_shortfall_names_chapter_difficulty_and_both_numbers() -> None:
    blueprint = Blueprint((Quota(9, "Chương I", Difficulty.HARD), Quota(1)))
    (gap,) = feasibility(blueprint, BANK)
    assert gap.message == "Ma trận đề cần 9 câu (chương “Chương I”, mức khó) nhưng chỉ có thể lấy 7 câu."
    with pytest.raises(DrawError, match="cần 9 câu"):
        draw(blueprint, BANK, 1)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_outside_its_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="seed"):
        draw(BY_CHAPTER, BANK, seed)


def test_two_items_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        PreparedBank([BANK[0], BANK[0]])
