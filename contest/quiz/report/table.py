"""One table of a report, and how its cells are read; the other modules here and the files are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from contest.core.display import vn_number

Cell = str | int | float | None
PAIRS = ("Mục", "Giá trị")
COURSES = ("Ngày", "Giờ")


@dataclass(frozen=True)
class Table:
    """One table; numbers are numbers, None is a figure that is not defined. What is `detail` stands in spreadsheets and text alone."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    detail: bool = False

    @property
    def is_pairs(self) -> bool:
        """Whether each row is a word and its value."""
        return self.heads == PAIRS

    @property
    def is_course(self) -> bool:
        """Whether the rows follow each other in time, so that a page may draw them."""
        return self.heads[0] in COURSES

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers, which stand at the right."""
        return any(isinstance(row[column], int | float) for row in self.rows) and not any(
            isinstance(row[column], str) for row in self.rows
        )


def worded(cell: Cell) -> str:
    """A cell as it is read."""
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else vn_number(cell)


def shown(value: float | None) -> float | None:
    """A figure of an analysis with two decimals, which is as exact as it is of use."""
    return None if value is None else round(value, 2)
