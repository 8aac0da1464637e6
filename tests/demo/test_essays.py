"""The demo's essays."""

from itertools import combinations

import pytest

from contest.core.vietnamese import count_words, nfc
from contest.demo import essays


def test_thirty_essays_have_their_own_titles_and_both_themes():
    written = essays.essays()
    assert len({one.title for one in written}) == len(written) == 30
    assert [sum(one.theme == theme for one in written) for theme in essays.THEMES] == [15, 15]


def test_essays_are_of_a_readable_length_and_composed():
    for one in essays.essays():
        assert 300 <= count_words(one.text) <= 900, one.title
        assert one.text == nfc(one.text)
        assert len(one.text.split("\n\n")) == 5


def test_two_essays_share_at_most_one_paragraph():
    paragraphs = [set(one.text.split("\n\n")) for one in essays.essays()]
    assert all(len(one & other) <= 1 for one, other in combinations(paragraphs, 2))


def test_there_are_more_than_sixty_paragraphs_in_all():
    assert len({paragraph for one in essays.essays() for paragraph in one.text.split("\n\n")}) >= 60


@pytest.mark.parametrize("number", [-1, 30])
def test_there_is_no_essay_beyond_the_thirty(number):
    with pytest.raises(IndexError):
        essays.essay(number)
