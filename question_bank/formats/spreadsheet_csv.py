"""Rows of a .csv text whatever its delimiter, and cells that no spreadsheet takes for a formula; `spreadsheet` calls it.

A cell that opens like a formula is written behind an apostrophe, which reading takes off again.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from question_bank.formats.spreadsheet_cells import COLUMNS_MOST, Cell, Row
from question_bank.formats.spreadsheet_columns import columns
from question_bank.formula_cells import shielded, unshielded

DELIMITERS = ",;\t|"
_LINES_MOST = 200
_LENGTH_MOST = 60_000
_UNCLOSED_MOST = 20
_SAMPLE = 30
_FORMULA = re.compile(r"\s*=\s*\S")
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)


def delimiter(text: str) -> str:
    """The delimiter that makes the most headings out of the first lines; the comma where none does."""
    lines = text.split("\n", _SAMPLE)[:_SAMPLE]
    if stated := _SEPARATOR.fullmatch(lines[0].strip(' "') if lines[0].strip() != "sep=\t" else lines[0]):
        return stated[1]

    def found(sign: str) -> int:
        return max((columns(Row(1, _cells(_split(line[:3_000], sign)))).found for line in lines), default=0)

    return max(DELIMITERS, key=found)


def rows(text: str) -> Iterator[Row]:
    """The rows of a text with LF line ends; a quotation mark that never closes spoils its own line only."""
    sign = delimiter(text)
    lines = text.split("\n")
    index = unclosed = 0
    if _SEPARATOR.fullmatch(lines[0].strip(' "')):
        index = 1
    while index < len(lines):
        end = _end(lines, index, sign, _LINES_MOST if unclosed < _UNCLOSED_MOST else 1)
        if end is None:
            unclosed += 1
            if lines[index].strip():
                cells = _cells(lines[index].split(sign))
                fault = Cell(fault="có dấu ngoặc kép mở mà không đóng nên dòng không đọc được.")
                yield Row(index + 1, dict.fromkeys(cells, fault))
            index += 1
            continue
        cells = _cells(_split("\n".join(lines[index:end]), sign))
        if cells:
            yield Row(index + 1, cells)
        index = end


def written(table: Iterable[Sequence[str]]) -> str:
    """The table as comma-separated text in which every cell that opens like a formula is shielded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    for line in table:
        writer.writerow([shielded(cell) for cell in line])
    return out.getvalue()


def _end(lines: list[str], start: int, sign: str, most: int) -> int | None:
    """Where the record that starts on a line ends, or None where its quotation marks never close."""
    open_, length = False, 0
    for index in range(start, min(len(lines), start + most)):
        if open_ and _torn(lines[index], sign):
            return None
        open_ = _still_open(lines[index], sign, open_)
        length += len(lines[index]) + 1
        if length > _LENGTH_MOST:
            return None
        if not open_:
            return index + 1
    return None


def _torn(line: str, sign: str) -> bool:
    """Whether the mark that would close a cell opened lines above stands before more words: it opens one of its own."""
    ahead = line.replace('""', "  ")
    after = ahead[ahead.find('"') + 1 :] if '"' in ahead else ""
    return bool(after) and not after.lstrip(" ").startswith(sign) and bool(after.strip())


def _still_open(line: str, sign: str, open_: bool) -> bool:
    """Whether a quoted cell is open at the end of the line; a mark inside an unquoted cell means itself."""
    if '"' not in line:
        return open_
    place, fresh = 0, not open_
    while place < len(line):
        char = line[place]
        if open_:
            if char == '"' and line[place + 1 : place + 2] == '"':
                place += 1
            elif char == '"':
                open_ = False
        elif char == '"' and fresh:
            open_ = True
        fresh = not open_ and char == sign
        place += 1
    return open_


def _split(record: str, sign: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(record, newline=""), delimiter=sign), [])
    except csv.Error:
        return record.split(sign)


def _cells(values: list[str]) -> dict[int, Cell]:
    found = {}
    for column, value in enumerate(values[:COLUMNS_MOST]):
        if _FORMULA.match(value):
            fault = "chứa công thức; công thức không được tính. Hãy gõ thẳng nội dung vào ô (dán dạng giá trị)."
            found[column] = Cell(fault=fault)
        elif value.strip():
            found[column] = Cell(unshielded(value))
    return found
