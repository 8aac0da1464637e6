"""The cells of an Excel workbook as people see them, streamed within limits; `spreadsheet` calls it.

Parts are parsed event by event, so that a sheet of a million styled rows costs no memory; formulas are never evaluated.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from question_bank.formats import spreadsheet_numbers, spreadsheet_words
from question_bank.formats.office import DAMAGED, TOO_BIG, Package, Unreadable, attribute, local
from question_bank.formats.spreadsheet_cells import COLUMNS_MOST, Cell, Row, Sheet
from question_bank.formats.spreadsheet_pictures import UNPLACED, UNREAD, Pictures
from question_bank.formats.spreadsheet_words import Strings, Style, Words
from question_bank.schema import MAX_ITEMS

SHEETS_MOST = 50
SHEETS_SIZE_MOST = 150 * 1024 * 1024
STRINGS_SIZE_MOST = 48 * 1024 * 1024
CELLS_MOST = 17_000
EMPTY_MOST = 2_000
CELL_MOST = 32_767
_MERGES_MOST = 20_000
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s+ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def sheets(data: bytes) -> tuple[list[Sheet], list[str]]:
    """The sheets of a workbook in their order and remarks about it all. Raises Unreadable, also while rows are read."""
    package = Package(data)
    main = package.main()
    if main.endswith(".bin"):
        raise Unreadable("Đây là tệp Excel nhị phân (.xlsb). Hãy lưu lại ở dạng Excel Workbook (.xlsx).")
    book = package.tree(main)
    if local(book) != "workbook":
        raise Unreadable("Đây không phải tệp bảng tính .xlsx.")
    parts = package.related(main)
    strings = _strings(package, parts)
    styles = spreadsheet_words.styles(package, _part(parts, "styles"))
    from_1904 = any(attribute(e, "date1904") in ("1", "true") for e in book.iter() if local(e) == "workbookPr")
    if sum(package.size(path) for kind, path in parts.values() if kind == "worksheet") > SHEETS_SIZE_MOST:
        raise Unreadable(TOO_BIG)
    found, unread, pictures = list[Sheet](), list[str](), Pictures(package)
    for entry in [element for element in book.iter() if local(element) == "sheet"][:SHEETS_MOST]:
        kind, path = parts.get(_relation(entry), ("", ""))
        if kind != "worksheet":
            continue
        reader = _Reader(strings, styles, from_1904)
        title = entry.get("name", "")[:60]
        try:
            shown = pictures.of(path)
        except Unreadable:
            shown = {}
            unread.append(UNREAD.format(title))
        found.append(
            Sheet(
                title=title,
                rows=_rows(package, path, reader),
                merged=_merges(package, path),
                pictures=shown,
                unseen=reader.unseen,
                hidden=entry.get("state", "visible") != "visible",
            )
        )
    if not (pictures.count or unread) and any("/media/" in name for name in package.names):
        unread.append(UNPLACED)
    if package.has_macros:
        unread.append("Tệp có macro; macro không được chạy và bị bỏ qua.")
    return found, unread


def _relation(entry: Any) -> str:
    return next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")


def _part(parts: dict[str, tuple[str, str]], kind: str) -> str:
    return next((path for name, path in parts.values() if name == kind), "")


def _feed(package: Package, path: str, target: Any, most: int) -> Iterator[None]:
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        for piece in package.pieces(path, most):
            parser.feed(piece)
            yield
        parser.close()
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(DAMAGED) from error


def _strings(package: Package, parts: dict[str, tuple[str, str]]) -> Strings:
    target = Strings(STRINGS_SIZE_MOST)
    if path := _part(parts, "sharedStrings"):
        for _ in _feed(package, path, target, STRINGS_SIZE_MOST):
            continue
    return target


def _merges(package: Package, path: str) -> list[tuple[int, int, int, int]]:
    found: list[tuple[int, int, int, int]] = []
    tail = b""
    for piece in package.pieces(path, SHEETS_SIZE_MOST):
        text = tail + piece
        if b"mergeCell" in text:
            matches = list(_MERGE.finditer(text))
            found += [(int(m[2]), _column(m[1].decode()), int(m[4]), _column(m[3].decode())) for m in matches]
            text = text[matches[-1].end() :] if matches else text
        if len(found) > _MERGES_MOST:
            raise Unreadable(TOO_BIG)
        tail = text[-200:]
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _rows(package: Package, path: str, reader: "_Reader") -> Iterator[Row]:
    """The rows that hold something; reading stops after a long run of rows that hold nothing."""
    for _ in _feed(package, path, reader, SHEETS_SIZE_MOST):
        yield from reader.taken()
        if reader.empty > EMPTY_MOST or reader.filled > MAX_ITEMS + 100:
            return
    yield from reader.taken()


class _Reader:
    """Turns the events of a sheet into rows."""

    def __init__(self, strings: Strings, styles: list[Style], from_1904: bool) -> None:
        self.empty = self.filled = 0
        self.unseen: set[int] = set()
        self._strings, self._styles, self._from_1904 = strings, styles, from_1904
        self._ready: list[Row] = []
        self._line = 0
        self._cells: dict[int, Cell] = {}
        self._place = -1
        self._count = 0
        self._kind = self._style = ""
        self._formula = self._hidden = False
        self._words = Words(CELL_MOST)

    def taken(self) -> list[Row]:
        """The rows read since last asked."""
        rows, self._ready = self._ready, []
        return rows

    def start(self, tag: str, attrib: Any) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            self._count += 1
            if self._count > CELLS_MOST:
                raise Unreadable(TOO_BIG)
            reference = _REFERENCE.fullmatch(attrib.get("r", ""))
            self._place = _column(reference[1]) if reference else self._place + 1
            self._kind, self._style = attrib.get("t", "n"), attrib.get("s", "")
            self._formula, self._words = False, Words(CELL_MOST)
        elif name == "row":
            number = attrib.get("r", "")
            self._line = int(number) if number.isdigit() and len(number) < 9 else self._line + 1
            self._hidden = attrib.get("hidden", "") in ("1", "true")
            self._cells, self._place, self._count = {}, -1, 0
        elif name == "col" and attrib.get("hidden", "") in ("1", "true"):
            first, last = attrib.get("min", ""), attrib.get("max", "")
            if first.isdigit() and last.isdigit() and max(len(first), len(last)) < 9:
                self.unseen.update(range(int(first) - 1, min(int(last), COLUMNS_MOST)))
        elif name == "f":
            self._formula = True
        else:
            self._words.start(name, attrib)

    def data(self, data: str) -> None:
        self._words.data(data)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            cell = self._cell()
            if self._place < COLUMNS_MOST and (cell.text or cell.fault):
                self._cells[self._place] = cell
        elif name == "row":
            if self._cells:
                self._ready.append(Row(self._line, self._cells, self._hidden))
                self.empty = 0
                self.filled += 1
            else:
                self.empty += 1
        else:
            self._words.end(name)

    def close(self) -> None:
        """Part of the parser's protocol."""

    def _cell(self) -> Cell:
        value, style = self._words.text(), self._style_of()
        if self._formula:
            return Cell(
                fault="chứa công thức; công thức không được tính. Hãy gõ thẳng nội dung vào ô (dán dạng giá trị)."
            )
        if self._words.length > CELL_MOST:
            return Cell(fault=f"dài quá {CELL_MOST} ký tự.")
        if self._kind == "s":
            known = value.isdigit() and len(value) < 9 and int(value) < len(self._strings.found)
            if not known:
                return Cell(fault="trỏ tới nội dung không có trong tệp.")
            number = int(value)
            held = self._strings
            return _worded(held.found[number], held.remarks.get(number, ""), number in held.rich, style)
        if self._kind in ("str", "inlineStr"):
            return _worded(value, self._words.remark, self._words.rich, style)
        if self._kind == "b":
            return Cell("TRUE" if value.strip() == "1" else "FALSE" if value else "")
        if self._kind == "e":
            return Cell(fault=f"báo lỗi {value[:20]} của Excel. Hãy gõ lại nội dung.")
        value = value.strip()
        if self._kind == "d":
            value = spreadsheet_numbers.serial(value, self._from_1904)
        return spreadsheet_numbers.shown(value, style.number, style.code, self._from_1904)

    def _style_of(self) -> Style:
        place = int(self._style) if self._style.isdigit() and len(self._style) < 9 else 0
        return self._styles[place] if place < len(self._styles) else Style()


def _worded(words: str, remark: str, rich: bool, style: Style) -> Cell:
    """The words of a cell by its style; runs of their own fonts were drawn already."""
    drawn = Cell(words, remark=remark) if rich else style.drawn(words)
    formatted = spreadsheet_numbers.words(drawn.text, style.number, style.code)
    return Cell(formatted.text, remark=formatted.remark or drawn.remark)
