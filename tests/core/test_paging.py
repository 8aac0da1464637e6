"""Pages of long lists: what stands on them, their ends, and pages that there are none of."""

import pytest

from contest.core.paging import Page, page_of

LETTERS = "abcdefg"


def page(number: int, rows: str = LETTERS) -> Page[str]:
    return page_of(lambda offset, most: rows[offset : offset + most], total=len(rows), page=number, per_page=3)


@pytest.mark.parametrize(("number", "rows", "ends"), [(1, "abc", (1, 3)), (2, "def", (4, 6)), (3, "g", (7, 7))])
def test_page_holds_its_rows_and_says_which_they_are(number: int, rows: str, ends: tuple[int, int]) -> None:
    found = page(number)

    assert (found.rows, found.page, found.pages, found.total) == (rows, number, 3, 7)
    assert (found.first, found.last) == ends


@pytest.mark.parametrize(("number", "nearest"), [(-4, 1), (0, 1), (4, 3), (10**9, 3)])
def test_page_that_there_is_none_of_is_the_nearest_one(number: int, nearest: int) -> None:
    assert page(number) == page(nearest)


def test_empty_list_has_one_page_without_rows() -> None:
    found = page(5, rows="")

    assert (found.rows, found.page, found.pages, found.first, found.last) == ("", 1, 1, 0, 0)
