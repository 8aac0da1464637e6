"""Sheets, rows and cells as people see them, whatever file they come from; the readers of tables share these shapes."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from string import ascii_uppercase

from question_bank.schema import Picture

COLUMNS_MOST = 64


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text as shown; `fault` says why it cannot be read, `remark` what to look at again."""

    text: str = ""
    fault: str = ""
    remark: str = ""


@dataclass(slots=True)
class Row:
    """One row: `line` is its number in the file or sheet; cells by column number, from 0, empty ones left out.

    `hidden` is a row that people do not see, by their own hand or a filter's.
    """

    line: int
    cells: dict[int, Cell]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that stands on a cell of this column, or in `lost` the sentence that says why it cannot be had."""

    column: int
    picture: Picture | None = None
    lost: str = ""


@dataclass(slots=True)
class Sheet:
    """One table: `rows` is read once; `named` is False for a table whose cells have no addresses, as in Word; `plain` is one of
    text with signs between its cells.

    `pictures` are those that stand on a row, by its number; `unseen` the columns that people do not see, known once `rows` are read.
    """

    title: str
    rows: Iterator[Row]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    pictures: dict[int, list[Shown]] = field(default_factory=dict)
    unseen: set[int] = field(default_factory=set)
    hidden: bool = False
    named: bool = True
    plain: bool = False


def column_name(column: int) -> str:
    """The letters of a column, counted from 0: "A", "Z", "AA"."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = ascii_uppercase[rest] + name
    return name


def folded(text: str) -> str:
    """The words of a heading without accents, letter case and marks, so that "Đáp án:" is "dap an"."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join(
        "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char)).split()
    )
