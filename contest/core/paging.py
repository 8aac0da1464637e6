"""One page of a long list: which rows stand on it, and how many pages there are; the reads behind lists of desks and of the gallery call it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; pages and rows are counted from 1, and an empty list has one page, which goes from 0 to 0."""

    rows: Sequence[Row]
    page: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return pages(self.total, self.per_page)

    @property
    def first(self) -> int:
        """The number of the first row of the page."""
        return (self.page - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + len(self.rows) - 1 if self.total else 0


def pages(total: int, per_page: int) -> int:
    """How many pages so many rows take; one at least."""
    return max(1, -(-total // per_page))


def page_of(read: Callable[[int, int], Sequence[Row]], *, total: int, page: int, per_page: int) -> Page[Row]:
    """The page asked for, or the nearest that there is; `read` is told after how many rows it begins, and how many it takes at most."""
    page = min(max(1, page), pages(total, per_page))
    return Page(read((page - 1) * per_page, per_page), page, per_page, total)
