"""How the rows of a Word table are read: as a sheet under headings, or as lines of text; `docx_lines` calls it."""

from collections.abc import Iterator

from question_bank.formats import word_paste_keys
from question_bank.formats.spreadsheet_cells import Cell, Row, Sheet, Shown
from question_bank.formats.spreadsheet_columns import columns
from question_bank.formats.word_paste_choices import chain
from question_bank.formats.word_paste_lines import Line, named_question
from question_bank.formats.word_paste_lines import field as field_of
from question_bank.schema import Picture

_SHORT = 60
_HEADING_ROWS = 3


def sheet(rows: list[tuple[int, list[tuple[int, list[Line]]]]]) -> Sheet | None:
    """The table as a sheet where its first rows are headings of questions, choices and keys."""
    listed, shown = [], dict[int, list[Shown]]()
    for line, cells in rows:
        column, found = 0, dict[int, Cell]()
        for span, lines in cells:
            text = "\n".join(part.text for part in lines).strip()
            if text:
                found[column] = Cell(text)
            for picture in (picture for part in lines for _, picture in part.pictures):
                shown.setdefault(line, []).append(Shown(column, picture))
            column += span
        listed.append(Row(line, found))
    if not any(columns(row).complete for row in listed[:_HEADING_ROWS]):
        return None
    return Sheet("", iter(listed), pictures=shown, named=False)


def laid_out(cells: list[list[Line]]) -> Iterator[Line]:
    """The lines of a row: a question beside its key, code or explanation, short cells side by side, or cells in turn."""
    gathered = [_gathered(lines) for lines in cells]
    loose = [line for _, rest in gathered for line in rest]
    cells = [lines for lines, _ in gathered if any(line.text.strip() for line in lines)]
    if loose and not cells:
        yield from loose
        return
    texts = ["\n".join(line.text for line in lines) for lines in cells]
    asked = [place for place, text in enumerate(texts) if "\n" in text and len(chain(text).labels) > 1]
    if loose:
        beside = cells[asked[0] if len(asked) == 1 else 0]
        place = next(number for number, held in enumerate(beside) if held.text.strip())
        beside[place] = _followed(beside[place], loose)
    if len(asked) == 1 and len(cells) > 1:
        yield from _beside(cells, texts, asked[0])
    elif len(cells) > 1 and all("\n" not in text.strip() and len(text) <= _SHORT for text in texts):
        yield _joined([next(line for line in lines if line.text.strip()) for lines in cells])
    else:
        for lines in cells:
            yield from lines


def _beside(cells: list[list[Line]], texts: list[str], asked: int) -> Iterator[Line]:
    lines = [line for line in cells[asked] if line.text.strip()]
    named = named_question(lines[0].text)
    code, borne = "", [line for cell in cells[:asked] for line in cell]
    for text in map(str.strip, texts[:asked]):
        number = text.removesuffix(".")
        if not named and (number.isdigit() or named_question(text)):
            lines[0] = _joined([Line(lines[0].number, f"Câu {number}:" if number.isdigit() else f"{text}:"), lines[0]])
            named = named_question(lines[0].text)
        elif " " not in text and not number.isdigit() and len(text) <= _SHORT:
            code = text
    told, explained = list[Line](), False
    if code:
        told.append(Line(lines[-1].number, f"Mã: {code}"))
    for cell, text in zip(cells[asked + 1 :], map(str.strip, texts[asked + 1 :]), strict=True):
        if word_paste_keys.letters(text) is not None:
            told.append(Line(cell[0].number, f"Đáp án: {text}"))
            borne += cell
            continue
        parts = [line for line in cell if line.text.strip()]
        if not explained and field_of(parts[0].text) is None:
            parts[0] = Line(
                parts[0].number,
                f"Giải thích: {parts[0].text.strip()}",
                notes=parts[0].notes,
                pictures=parts[0].pictures,
            )
        explained = True
        told += parts
    lines[0] = _followed(lines[0], borne)
    yield from lines
    yield from told


def _followed(line: Line, others: list[Line]) -> Line:
    for other in others:
        line = line.followed_by(other)
    return line


def _gathered(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of a cell, pictures that stand alone put behind the words before them, or told apart where there are none."""
    kept, loose, last = list[Line](), list[Line](), -1
    for line in lines:
        if line.text.strip() or not line.bears:
            last = len(kept) if line.text.strip() else last
            kept.append(line)
        elif last >= 0:
            kept[last] = kept[last].followed_by(line)
        else:
            loose.append(line)
    return kept, loose


def _joined(lines: list[Line]) -> Line:
    text, marks, notes = "", list[tuple[int, int, str]](), list[str]()
    pictures = list[tuple[int, Picture]]()
    for line in lines:
        text = f"{text}\t" if text else ""
        marks += [(start + len(text), end + len(text), kind) for start, end, kind in line.marks]
        pictures += [(place + len(text), picture) for place, picture in line.pictures]
        text += line.text.rstrip()
        notes += line.notes
    return Line(lines[0].number, text, tuple(marks), tuple(notes), tuple(pictures))
