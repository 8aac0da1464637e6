"""Papers of many seeds at once are those that `draw` draws, one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.bulk import draw_places
from question_bank.draw import BankItem, Blueprint, DrawError, PreparedBank, Quota, draw

BLUEPRINTS = [
    Blueprint((Quota(20),)),
    Blueprint((Quota(20),), shuffle_questions=False),
    Blueprint((Quota(5, "c0"), Quota(4, "c1"), Quota(10, "c2"))),
    Blueprint((Quota(5, "c0"), Quota(4, "c1"), Quota(10, "c2")), shuffle_questions=False),
    Blueprint((Quota(20, "c0"), Quota(20, "c1"))),
    Blueprint((Quota(3, "c0"), Quota(4, "c1"), Quota(6))),
    Blueprint((Quota(1),)),
]
BANK = PreparedBank([BankItem(1000 + 3 * n, f"c{n % 3}", 2, 4) for n in range(60)])


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
@given(seeds=st.lists(st.integers(0, 2**63 - 1), max_size=20))
def test_rows_are_the_papers_of_their_seeds(blueprint: Blueprint, seeds: list[int]) -> None:
    found = draw_places(blueprint, BANK, seeds)

    assert found.shape == (len(seeds), blueprint.count)
    assert found.tolist() == [[item.place for item in draw(blueprint, BANK, seed).items] for seed in seeds]


def test_more_rows_than_one_block_keep_their_order() -> None:
    seeds = np.random.default_rng(5).integers(0, 2**63 - 1, 9000)

    found = draw_places(BLUEPRINTS[0], BANK, seeds)

    for row in (0, 4095, 4096, 8191, 8192, 8999):
        assert found[row].tolist() == [item.place for item in draw(BLUEPRINTS[0], BANK, int(seeds[row])).items]


def test_word_that_the_recipe_refuses_is_drawn_as_the_recipe_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from question_bank import bulk

    real = bulk._words

    def high(seeds: "np.ndarray", count: int) -> "np.ndarray":
        words = real(seeds, count)
        words[0] = 0xFFFF_FFFF
        return words

    monkeypatch.setattr(bulk, "_words", high)

    found = draw_places(BLUEPRINTS[0], BANK, [7])

    assert found[0].tolist() == [item.place for item in draw(BLUEPRINTS[0], BANK, 7).items]


def test_bank_that_is_too_small_is_refused() -> None:
    with pytest.raises(DrawError):
        draw_places(Blueprint((Quota(61),)), BANK, [1])
