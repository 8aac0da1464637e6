"""Rows of a table that head the rows below them, such as "Chương 1: …" in one cell; the row reader calls it."""

import re
from collections.abc import Sequence

from question_bank.formats.spreadsheet_cells import Row, Sheet, column_name
from question_bank.formats.spreadsheet_columns import Columns
from question_bank.formats.word_paste_headings import Headings, capitals
from question_bank.schema import Problem, one_line

_NUMBERING = re.compile(r"(?:[IVX]{1,5}|[A-H])\s*[.)/]?")
_LETTERS_LEAST = 3
_WIDE = 3
_CELLS_MOST = 5
_HEADING_ROLES = ("stem", "chapter", "code")
_SHOWN = 10


class Sections:
    """The headings of one table, so far: the last of them is the chapter of rows that name none."""

    def __init__(self, sheet: Sheet, heads: Columns, title: str) -> None:
        self.problems: list[Problem] = []
        self._sheet, self._heads, self._title = sheet, heads, title
        self._wide = {(top, left) for top, left, _, right in sheet.merged if right - left + 1 >= _WIDE}
        self._tall = {(top, left) for top, left, bottom, _ in sheet.merged if bottom > top}
        self._name = ""
        self._open: tuple[int, str] | None = None

    def take(self, row: Row) -> bool:
        """Whether a row is a heading; its words are then kept for the rows below."""
        if len(row.cells) > _CELLS_MOST:
            return False
        filled = {column: one_line(cell.text) for column, cell in row.cells.items() if one_line(cell.text)}
        if not filled or any(cell.fault for cell in row.cells.values()):
            return False
        if any((row.line, column) in self._tall for column in filled):
            return False
        *before, column = sorted(filled)
        if len(before) > 1 or any(not _NUMBERING.fullmatch(filled[other]) for other in before):
            return False
        words = " ".join(filled[place] for place in (*before, column))
        if not self._heads_rows(filled[column], column, (row.line, column) in self._wide or bool(before)):
            return False
        self.close()
        self._name = words
        where = f"Ô {column_name(column)}{row.line}{self._title}" if self._sheet.named else "Bảng"
        self._open = row.line, f"{where}: “{words[:60]}”"
        return True

    def chapter(self) -> str:
        """The chapter of a row that names none; that it was taken from a heading is told once."""
        self._tell("được coi là tên chương của các dòng sau không ghi chương.")
        return self._name

    def close(self) -> None:
        """Say that a heading was passed over when no row has taken its name."""
        self._tell("được coi là tiêu đề nên không được nhập.")

    def _heads_rows(self, words: str, column: int, marked: bool) -> bool:
        taken = {place for role, place in self._heads.roles.items() if role not in _HEADING_ROLES}
        if (
            column in taken | {*self._heads.choices.values(), *self._heads.feedbacks.values()}
            or sum(map(str.isalpha, words)) < _LETTERS_LEAST
            or words.endswith("?")
        ):
            return False
        if column != self._heads.roles["stem"] or marked or capitals(words):
            return True
        return Headings().named(words, opens=True, apart=True, numbered=False) is not None

    def _tell(self, what: str) -> None:
        if self._open is not None:
            self.problems.append(Problem(self._open[0], f"{self._open[1]} {what}", kept=True))
            self._open = None


def listed(what: str, names: Sequence[object], sheet: str) -> str:
    """Rows or columns, as `what` calls them, by their names; `sheet` says which theirs is where there are several."""
    shown = ", ".join(map(str, names[:_SHOWN]))
    count = f" và {len(names) - _SHOWN} {what.lower()} khác" if len(names) > _SHOWN else ""
    return f"{what} {shown}{count}{sheet}"
