"""Spreadsheets of questions, .xlsx and .csv, one question a row under headings; `template` gives one to fill in.

Columns are found by their headings in any order, accents and letter case aside: Câu hỏi, A to J, Đáp án are due; Chương,
Độ khó, Nguồn, Vị trí, Nhãn, Mã, Giữ thứ tự, Giải thích and Giải thích A to J may follow. The key is letters ("A, C"),
numbers or a choice's own words. Everything a question holds is carried. Cells with formulas are refused, and no cell
is written that a spreadsheet would take for one.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import xlsxwriter

from question_bank.formats import spreadsheet_csv, spreadsheet_rows, spreadsheet_template, spreadsheet_xlsx
from question_bank.formats.decoding import decode, normalize
from question_bank.formats.office import Unreadable, holds
from question_bank.formats.spreadsheet_cells import Sheet
from question_bank.formats.spreadsheet_columns import TITLES, columns
from question_bank.formula_cells import opens_formula
from question_bank.schema import LETTERS, Parsed, Problem, Question

_FIRST = ("code", "chapter", "difficulty", "stem")
_LAST = ("key", "feedback", "source", "locator", "tags", "pinned")

template = spreadsheet_template.template


def recognises_xlsx(data: bytes, head: str) -> bool:
    """Whether the bytes look like an Excel workbook."""
    return holds(data, "xl/")


def recognises_csv(data: bytes, head: str) -> bool:
    """Whether the text begins with a row of headings."""
    if not head.strip():
        return False
    sign = spreadsheet_csv.delimiter(head)
    first = next(spreadsheet_csv.rows(head), None)
    return sign in head and first is not None and columns(first).complete


def read(data: str | bytes) -> Parsed:
    """The questions of an .xlsx or .csv file; every problem names its cell and spoils no other row."""
    if isinstance(data, bytes) and data.startswith(b"PK"):
        return _workbook(data)
    text, remarks = decode(data, compose=False) if isinstance(data, bytes) else (normalize(data, compose=False), ())
    parsed = _sheets([Sheet("", spreadsheet_csv.rows(text), plain=True)])
    return replace(parsed, problems=(*remarks, *parsed.problems))


def write(questions: Iterable[Question]) -> bytes:
    """The questions as .xlsx, every cell a text; reading it gives equal questions, as long as each has a key."""
    table = list(_table(questions))
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet("Câu hỏi")
    spreadsheet_template.arrange(book, sheet, table[0])
    look = {"text_wrap": True, "valign": "top", "num_format": "@"}
    body, quoted = book.add_format(look), book.add_format({**look, "quote_prefix": True})
    for line, values in enumerate(table[1:], 1):
        for column, value in enumerate(values):
            if value:
                sheet.write_string(line, column, value, quoted if opens_formula(value) else body)
    book.close()
    return out.getvalue()


def write_csv(questions: Iterable[Question]) -> bytes:
    """The questions as comma-separated UTF-8 with a mark, which Excel needs; reading it gives equal questions."""
    return spreadsheet_csv.written(_table(questions)).encode("utf-8-sig")


def _workbook(data: bytes) -> Parsed:
    try:
        sheets, remarks = spreadsheet_xlsx.sheets(data)
        parsed = _sheets([sheet for sheet in sheets if not sheet.hidden])
    except Unreadable as error:
        return Parsed(problems=(Problem(None, str(error)),))
    hidden = [sheet.title for sheet in sheets if sheet.hidden]
    remarks += [f"Trang tính “{title}” đang ẩn nên không được đọc." for title in hidden]
    return replace(parsed, problems=(*(Problem(None, remark, kept=True) for remark in remarks), *parsed.problems))


def _sheets(sheets: Sequence[Sheet]) -> Parsed:
    questions: list[Question] = []
    problems: list[Problem] = []
    heads = [(sheet, spreadsheet_rows.headings(sheet)) for sheet in sheets]
    usable = [(sheet, found) for sheet, found in heads if found is not None and found.complete]
    if not usable:
        nearest = max((found for _, found in heads if found), key=lambda found: found.found, default=None)
        return Parsed(problems=(Problem(None, spreadsheet_rows.table_without_headings(nearest)),))
    for sheet, found in heads:
        if found is None or not found.complete:
            if found is not None:
                message = f"Trang tính “{sheet.title}”: {spreadsheet_rows.table_without_headings(found)}"
                problems.append(Problem(None, message))
            elif sheet.title not in spreadsheet_template.OWN_SHEETS:
                message = f"Trang tính “{sheet.title}” không có dòng tiêu đề nên không được đọc."
                problems.append(Problem(None, message, kept=True))
            continue
        problems.extend(Problem(None, remark, kept=True) for remark in found.remarks)
        parsed = spreadsheet_rows.questions(sheet, found, many=len(usable) > 1)
        questions += parsed.questions
        problems += parsed.problems
    return Parsed(tuple(questions), tuple(problems))


def _table(questions: Iterable[Question]) -> Iterator[list[str]]:
    listed = list(questions)
    wide = max((len(question.choices) for question in listed), default=0)
    letters = LETTERS[: max(wide, len(spreadsheet_template.USUAL_LETTERS))]
    explained = [
        place for place in range(len(LETTERS)) if any(c.feedback for q in listed for c in q.choices[place : place + 1])
    ]
    headings = (*(TITLES[role] for role in _FIRST), *letters, *(TITLES[role] for role in _LAST))
    yield [*headings, *(f"{TITLES['feedback']} {LETTERS[place]}" for place in explained)]
    for question in listed:
        yield [*_line(question, len(letters)), *(_feedback(question, place) for place in explained)]


def _line(question: Question, columns_of_choices: int) -> list[str]:
    choices = [choice.text for choice in question.choices]
    return [
        question.code,
        question.chapter,
        question.difficulty.label,
        question.stem,
        *choices,
        *[""] * (columns_of_choices - len(choices)),
        ", ".join(LETTERS[place] for place in sorted(question.key)),
        question.feedback,
        question.source.document if question.source else "",
        question.source.locator if question.source else "",
        _tags(question.tags),
        "Có" if question.pinned else "",
    ]


def _feedback(question: Question, place: int) -> str:
    return question.choices[place].feedback if place < len(question.choices) else ""


def _tags(tags: Sequence[str]) -> str:
    """The tags between semicolons, or each on a line of its own where one holds a separator itself."""
    if any("," in tag or ";" in tag for tag in tags):
        return "".join(f"{tag}\n" for tag in tags)
    return "; ".join(tags)
