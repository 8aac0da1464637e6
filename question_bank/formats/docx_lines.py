"""The lines of a Word document in reading order, with what Word draws and marks but does not write; `docx` calls it.

Paragraphs of the body, of tables, text boxes and content controls are walked where they stand; deleted and hidden text,
notes, headers and field codes are not part of it. Lines are numbered by paragraph.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from question_bank.formats import docx_fields, docx_pictures, docx_styles, docx_tables, docx_words, images, old_fonts
from question_bank.formats.docx_fields import Fields
from question_bank.formats.docx_numbering import BULLET, Numbering
from question_bank.formats.docx_styles import Look, Styles
from question_bank.formats.office import Package, Unreadable, attribute, local
from question_bank.formats.spreadsheet_cells import Sheet
from question_bank.formats.word_paste_lines import Line, spaced
from question_bank.schema import Picture

_PARAGRAPHS_MOST = 200_000
_INSIDE = frozenset(
    ["hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo"]
)
_AROUND = frozenset(["sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"])
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OBJECT = "có đối tượng nhúng không nhập được; chỉ phần chữ được giữ."
_FORMULA = "có công thức Word; chỉ phần chữ được giữ, hãy xem lại."
_CHART = "có biểu đồ hoặc sơ đồ không nhập được; chỉ phần chữ được giữ."
_NOTE = "có chú thích cuối trang không được nhập. Hãy xem lại; cần thì ghi chú thích vào câu."
_EMBEDDED = (
    "Ở đây có một văn bản khác được nhúng nguyên tệp nên chưa đọc được. "
    "Hãy mở tệp bằng Word, lưu lại rồi tải lên: Word sẽ đưa phần nhúng vào bài."
)


@dataclass(slots=True)
class Written:
    """What a document holds: its lines, its tables of questions under headings, and remarks about it all."""

    lines: list[Line] = field(default_factory=list)
    tables: list[Sheet] = field(default_factory=list)
    remarks: list[tuple[int | None, str]] = field(default_factory=list)


def written(package: Package) -> Written:
    """The lines of a Word package. Raises Unreadable where it is none."""
    main = package.main()
    root = package.tree(main)
    body = next((child for child in root if local(child) == "body"), None)
    if local(root) != "document" or body is None:
        raise Unreadable("Đây không phải tệp văn bản .docx.")
    parts = package.related(main)
    walker = _Walker(Numbering(package, parts), Styles(package, parts), docx_pictures.Pictures(package, parts))
    found = walker.found
    found.lines = list(walker.blocks(body))
    if walker.old_font is not None:
        found.remarks.append((walker.old_font, old_fonts.MESSAGE))
    if package.has_macros:
        found.remarks.append((None, "Tệp có macro; macro không được chạy và bị bỏ qua."))
    return found


@dataclass(slots=True)
class _Text:
    """The pieces of one paragraph, each with its emphasis."""

    pieces: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    pictures: dict[int, list[Picture]] = field(default_factory=dict)
    fields: Fields = field(default_factory=Fields)

    def write(self, words: str, note: str, kinds: tuple[str, ...] = ()) -> None:
        """Put words behind the pieces so far, with what is to be told of them."""
        if words:
            self.pieces.append((words, kinds))
        if note:
            self.notes.append(note)

    def show(self, picture: Picture) -> None:
        """Put a picture behind the pieces so far."""
        self.pictures.setdefault(len(self.pieces), []).append(picture)

    def lines(self, number: int) -> Iterator[Line]:
        text, marks, lines = "", list[tuple[int, int, str]](), list[Line]()
        shown = [(0, picture) for picture in self.pictures.get(0, ())]
        for place, (piece, kinds) in enumerate(self.pieces, 1):
            for index, part in enumerate(piece.split("\n")):
                if index:
                    lines.append(Line(number, text, tuple(marks), pictures=tuple(shown)))
                    text, marks, shown = "", [], []
                if part:
                    marks += [(len(text), len(text) + len(part), kind) for kind in kinds]
                    text += part
            shown += [(len(text), picture) for picture in self.pictures.get(place, ())]
        lines.append(Line(number, text, tuple(marks), pictures=tuple(shown)))
        notes = tuple(dict.fromkeys(self.notes))
        yield from (replace(line, notes=notes) if not index else line for index, line in enumerate(lines))


class _Walker:
    def __init__(self, numbering: Numbering, styles: Styles, pictures: docx_pictures.Pictures) -> None:
        self.found = Written()
        self.old_font: int | None = None
        self._numbering = numbering
        self._styles = styles
        self._pictures = pictures
        self._number = 0

    def blocks(self, container: Any) -> Iterator[Line]:
        """The lines of everything in a body, cell, text box or control."""
        for child in container:
            name = local(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._table(child)
            elif name in _AROUND:
                yield from self.blocks(child)
            elif name in ("altChunk", "subDoc"):
                self.found.remarks.append((self._number or None, _EMBEDDED))

    def _paragraph(self, paragraph: Any) -> Iterator[Line]:
        self._number += 1
        if self._number > _PARAGRAPHS_MOST:
            raise Unreadable("Tệp có quá nhiều đoạn. Hãy chia thành nhiều tệp.")
        number = self._number
        properties = next((child for child in paragraph if local(child) == "pPr"), None)
        style = _value(properties, "pStyle")
        text = _Text()
        label = self._label(properties, style)
        if label:
            own = (
                next((child for child in properties if local(child) == "rPr"), None) if properties is not None else None
            )
            drawn = self._styles.of(style) | (docx_styles.look(own) if own is not None else {})
            text.pieces.append((label, docx_styles.marks(drawn)))
            text.pieces.append(("\t" if label == BULLET else " ", ()))
        self._inside(paragraph, self._styles.of(style), text)
        heading = self._styles.heading(style)
        yield from (replace(line, heading=True) if heading else line for line in text.lines(number))
        for box in text.boxes:
            yield from self.blocks(box)

    def _label(self, properties: Any, style: str) -> str:
        for holder in (properties, self._styles.paragraph(style)):
            listed = next((child for child in holder if local(child) == "numPr"), None) if holder is not None else None
            if listed is not None:
                level = _value(listed, "ilvl")
                number = _value(listed, "numId")
                return self._numbering.label(number, int(level) if level.isdigit() and len(level) < 3 else 0)
        return ""

    def _inside(self, element: Any, look: Look, text: _Text) -> None:
        for child in element:
            name = local(child)
            if name == "r":
                self._run(child, look, text)
            elif name in ("oMath", "oMathPara"):
                words = "".join(part.text or "" for part in child.iter() if local(part) == "t")
                text.pieces.append((spaced(words), ()))
                text.notes.append(_FORMULA)
            elif name in _INSIDE:
                before = len(text.pieces)
                self._inside(child, look, text)
                if name == "fldSimple" and len(text.pieces) == before:
                    text.write(*docx_fields.drawn(attribute(child, "instr")))
            elif name == "AlternateContent":
                self._drawn(child, text)

    def _run(self, run: Any, look: Look, text: _Text) -> None:
        for child in run:
            if local(child) == "rPr":
                look = look | self._styles.of(_value(child, "rStyle")) | docx_styles.look(child)
        if look.get("hidden"):
            return
        kinds = docx_styles.marks(look)
        for child in run:
            name = local(child)
            if name == "fldChar":
                self._field(attribute(child, "fldCharType"), text)
            elif name == "instrText":
                text.fields.code(child.text or "")
            elif text.fields.inside_code:
                continue
            elif name == "t":
                words = spaced(child.text or "")
                if self.old_font is None and words.strip() and docx_styles.old_font(look):
                    self.old_font = self._number
                text.write(*docx_words.shown(words, look), kinds)
            elif name == "sym":
                text.write(*docx_words.symbol(attribute(child, "char"), attribute(child, "font")), kinds)
            elif name in _SIGNS:
                text.pieces.append((_SIGNS[name], kinds if name == "noBreakHyphen" else ()))
            elif name in ("footnoteReference", "endnoteReference"):
                text.notes.append(_NOTE)
            elif name == "ruby":
                for part in child:
                    if local(part) == "rubyBase":
                        self._inside(part, look, text)
            elif name in ("AlternateContent", "drawing", "pict", "object"):
                self._drawn(child, text)

    def _field(self, kind: str, text: _Text) -> None:
        if kind == "begin":
            text.fields.begin()
        elif kind == "separate":
            text.fields.divide()
        elif kind == "end":
            text.write(*docx_fields.drawn(text.fields.end()))

    def _drawn(self, element: Any, text: _Text) -> None:
        """Text boxes and pictures are read once, not in the older copy that Word keeps beside them; objects are told."""
        found = [part for part in element.iter() if not _boxed(part, element)]
        text.boxes += [part for part in found if local(part) == "txbxContent" and not _older(part, element)]
        if any(local(part) == "OLEObject" for part in found):
            text.notes.append(_OBJECT)
            return
        shown = [part for part in found if local(part) in ("blip", "imagedata")]
        if any(local(part) in ("chart", "relIds") for part in found):
            text.notes.append(_CHART)
        for part in [part for part in shown if not _older(part, element)] or shown[:1]:
            try:
                text.show(self._pictures.of(part))
            except images.Lost as error:
                text.notes.append(images.after_name(str(error)))

    def _table(self, table: Any) -> Iterator[Line]:
        rows = []
        for element in _rows(table):
            first = self._number + 1
            cells = [(span, list(self.blocks(cell))) for cell, span in _cells(element)]
            rows.append((first, cells))
        if (sheet := docx_tables.sheet(rows)) is not None:
            self.found.tables.append(sheet)
            held = [line for _, cells in rows for _, lines in cells for line in lines]
            self.found.remarks += [(line.number, f"Ô trong bảng {note}") for line in held for note in line.notes]
            return
        for _, cells in rows:
            yield from docx_tables.laid_out([lines for _, lines in cells])


def _value(element: Any, name: str) -> str:
    if element is None:
        return ""
    return next((attribute(child, "val") for child in element if local(child) == name), "")


def _older(part: Any, top: Any) -> bool:
    return _within(part, top, "Fallback")


def _boxed(part: Any, top: Any) -> bool:
    return _within(part, top, "txbxContent")


def _within(part: Any, top: Any, name: str) -> bool:
    for above in part.iterancestors():
        if above is top:
            return False
        if local(above) == name:
            return True
    return False


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if local(child) == "tr":
            yield child
        elif local(child) in _AROUND:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[tuple[Any, int]]:
    for child in row:
        if local(child) == "tc":
            properties = next((part for part in child if local(part) == "tcPr"), None)
            span = _value(properties, "gridSpan")
            yield child, int(span) if span.isdigit() and len(span) < 3 else 1
        elif local(child) in _AROUND:
            yield from _cells(child)
