"""Cells of every .xlsx that the product writes: numbers, dates and times as such, texts as texts that nobody's spreadsheet runs."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from contest.core.display import VIETNAM, vietnam_time
from question_bank.formula_cells import opens_formula

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
Cell = str | int | float | date | datetime | timedelta | None

_MOMENT, _DAY, _LENGTH = "dd/mm/yyyy hh:mm:ss", "dd/mm/yyyy", "[h]:mm:ss"
_NUMBER = re.compile(r"[-−]?(?:0|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,14})(?:,(?P<decimals>\d{1,9}))?(?P<percent>%?)")
_CLOCK = re.compile(r"(?:(?P<hours>\d{1,4}):)?(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)")
_VN_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_VN_DATETIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:, \S+\s\S+)? (\d{1,2})/(\d{1,2})/(\d{4})")


class Cells:
    """Writes the cells of one look into a workbook; `properties` are those of its formats."""

    def __init__(self, book: Any, properties: dict[str, Any] | None = None) -> None:
        self._book = book
        self._properties = properties or {}
        self._formats: dict[tuple[str, bool], Any] = {}

    def write(self, sheet: Any, row: int, column: int, value: Cell, *, shape: str = "") -> None:
        """A value in its own kind; `shape` is the number format where it has one of its own. None and "" stay an empty cell."""
        if value is None or value == "":
            if self._properties:
                sheet.write_blank(row, column, None, self.format())
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.of(value))
        elif isinstance(value, datetime):
            local = vietnam_time(value).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, self.format(shape or _MOMENT))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.format(shape or _DAY))
        elif isinstance(value, timedelta):
            sheet.write_number(row, column, value / timedelta(days=1), self.format(shape or _LENGTH))
        else:
            sheet.write_number(row, column, value, self.format(shape))

    def write_shown(self, sheet: Any, row: int, column: int, text: str) -> None:
        """A figure that is there only as pages show it ("1.234,5", "45%", "13:37"), written as the number or time that it is."""
        value, shape = read_back(text)
        self.write(sheet, row, column, value, shape=shape)

    def of(self, text: str) -> Any:
        """The format of a text: quoted where a spreadsheet would take it for a formula."""
        return self.format(quoted=opens_formula(text))

    def format(self, shape: str = "", *, quoted: bool = False) -> Any:
        """The format with this number format."""
        if (shape, quoted) not in self._formats:
            more: dict[str, Any] = {"num_format": shape} if shape else {}
            more |= {"quote_prefix": True} if quoted else {}
            self._formats[shape, quoted] = self._book.add_format({**self._properties, **more})
        return self._formats[shape, quoted]


def read_back(text: str) -> tuple[Cell, str]:
    """What a figure as pages show it says, and the number format that shows it so; any other text as it stands."""
    if clock := _CLOCK.fullmatch(text):
        parts = {name: int(value or 0) for name, value in clock.groupdict().items()}
        return timedelta(**parts), _LENGTH if clock["hours"] else "[mm]:ss"
    if day := _VN_DATE.fullmatch(text):
        try:
            return date(int(day[3]), int(day[2]), int(day[1])), _DAY
        except ValueError:
            return text, ""
    if found := _VN_DATETIME.fullmatch(text):
        hour, minute, second, of_month, month, year = (int(part or 0) for part in found.groups())
        try:
            moment = datetime(year, month, of_month, hour, minute, second, tzinfo=VIETNAM)
        except ValueError:
            return text, ""
        return moment, _MOMENT if found[3] else "dd/mm/yyyy hh:mm"
    if number := _NUMBER.fullmatch(text):
        bare = text.removesuffix("%").replace(".", "").replace(",", ".").replace("−", "-")
        places = len(number["decimals"] or "")
        shape = ("#,##0" if abs(float(bare)) >= 1000 else "0") + (f".{'0' * places}" if places else "")
        if number["percent"]:
            return float(bare) / 100, f"{shape}%"
        return (float(bare) if places else int(bare)), shape
    return text, ""
