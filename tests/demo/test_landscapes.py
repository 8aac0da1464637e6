"""The demo's pictures: the same for ever, different from one another, in the size asked for."""

import hashlib

import numpy as np
import pytest

from contest.demo import landscapes

SMALL = {"width": 300, "height": 200}


@pytest.mark.parametrize("kind", landscapes.KINDS)
def test_every_place_is_a_picture_and_not_a_blank(kind):
    picture = landscapes.draw(3, kind=kind, **SMALL)
    assert (picture.size, picture.mode) == ((300, 200), "RGB")
    assert np.asarray(picture).std(axis=(0, 1)).max() > 15


def test_a_seed_gives_the_same_picture_for_ever_and_another_seed_another():
    first, again, other = (landscapes.draw(seed, kind="doi-vai", **SMALL).tobytes() for seed in (4, 4, 5))
    assert first == again
    assert first != other


def test_forty_seeds_show_every_place_and_no_picture_twice():
    pictures = {hashlib.sha256(landscapes.draw(seed, 90, 60).tobytes()).hexdigest() for seed in range(40)}
    assert len(pictures) == 40
    assert {landscapes.kind_of(seed) for seed in range(40)} == set(landscapes.KINDS)


def test_pictures_may_stand_upright():
    assert landscapes.draw(1, 200, 300).size == (200, 300)


def test_every_seed_of_forty_has_its_own_title():
    titles = [landscapes.words(seed).title for seed in range(40)]
    assert len(set(titles)) == 40
    assert all(landscapes.words(seed).caption for seed in range(40))


def test_an_unknown_place_is_a_mistake():
    with pytest.raises(KeyError):
        landscapes.draw(1, kind="biển")
