"""Spreadsheets of people and attempts: written row by row into a temporary file and sent from there, however many rows there are."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import xlsxwriter
from flask import Response, send_file

from contest.accounts.contacts import shown_phone
from contest.accounts.models import Account
from contest.core.sheets import OPTIONS, Cell, Cells, read_back
from contest.quiz.models import Attempt
from contest.results.rules import Candidate, Value
from contest.units import queries as units

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {"open": "Đang làm", "handed_in": "Đã nộp", "expired": "Hết giờ, đã tự nộp", "annulled": "Đã hủy"}
Asked = Sequence[tuple[str, str]]  # what a list was narrowed to, in words; empty for all of it


def entrants(people: Iterable[Account], asked: Asked) -> Response:
    """The entrants that were asked for, with what the contest asks of them."""

    def lines() -> Iterator[Sequence[Cell]]:
        for person in people:
            yield (
                person.full_name,
                person.birth_date,
                person.sex,
                shown_phone(person.phone) if person.phone else "",
                person.known_email or "",
                units.path(person.unit_id) if person.unit_id else "",
                person.workplace,
                person.occupation,
                person.address,
                person.created_at,
            )

    heads = (
        ("Họ và tên", 28),
        ("Ngày sinh", 12),
        ("Giới tính", 10),
        ("Điện thoại", 16),
        ("Thư điện tử", 30),
        ("Đơn vị", 36),
        ("Nơi công tác", 30),
        ("Nghề nghiệp", 22),
        ("Địa chỉ", 36),
        ("Đăng ký lúc", 18),
    )
    return _sent("Người dự thi", "nguoi-du-thi.xlsx", heads, lines(), asked)


def attempts(rows: Iterable[tuple[Attempt, str, str, int]], asked: Asked) -> Response:
    """The attempts that were asked for, with its times, receipt and points."""

    def lines() -> Iterator[Sequence[Cell]]:
        for attempt, round_title, name, scale in rows:
            yield (
                attempt.receipt or "",
                round_title,
                name,
                units.path(attempt.unit_id) if attempt.unit_id else "",
                attempt.number,
                STATES[attempt.state.value],
                attempt.started_at,
                attempt.handed_in_at,
                None if attempt.duration_ms is None else timedelta(milliseconds=attempt.duration_ms),
                attempt.correct,
                attempt.points,
                None if attempt.prediction is None else attempt.prediction / scale,
            )

    heads = (
        ("Biên nhận", 16),
        ("Đợt", 14),
        ("Họ và tên", 28),
        ("Đơn vị", 36),
        ("Lượt", 8),
        ("Trạng thái", 18),
        ("Bắt đầu", 20),
        ("Nộp bài", 20),
        ("Thời gian làm", 14),
        ("Số câu đúng", 12),
        ("Điểm", 8),
        ("Dự đoán", 12),
    )
    return _sent("Lượt thi", "luot-thi.xlsx", heads, lines(), asked)


def equals(place: int, candidates: Iterable[Candidate], criteria: Sequence[str], *, works: bool) -> Response:
    """Everybody who shares a place, with the values in which they are equal; with the works' titles where `works` are ranked."""
    titles = (("Tác phẩm", 36),) if works else ()
    heads = (("Hạng", 8), ("Họ và tên", 28), ("Đơn vị", 36), *titles, *((words, 18) for words in criteria))

    def lines() -> Iterator[Sequence[Cell]]:
        for found in candidates:
            title = (found.title,) if works else ()
            yield (place, found.name, found.unit, *title, *(_figure(value) for value in found.values))

    return _sent("Đồng hạng", f"dong-hang-{place}.xlsx", heads, lines())


def _figure(value: Value) -> Cell:
    """A value by which candidates are compared, as a number or time; a lot is a word, whatever its digits."""
    return value.shown if value.criterion == "lot" else read_back(value.shown)[0]


def _sent(
    title: str, name: str, heads: Sequence[tuple[str, int]], lines: Iterable[Sequence[Cell]], asked: Asked = ()
) -> Response:
    """The file is unlinked at once and lives as long as the reply reads it. A second sheet says what the list was narrowed to."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 (the reply closes it)
    book = xlsxwriter.Workbook(target, {"constant_memory": True, **OPTIONS})
    cells = Cells(book)
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bottom": 1})
    for place, (words, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, words, bold)
    sheet.freeze_panes(1, 0)
    row = 0
    for row, line in enumerate(lines, start=1):
        for place, cell in enumerate(line):
            cells.write(sheet, row, place, cell)
    sheet.autofilter(0, 0, row, len(heads) - 1)
    if asked:
        about = book.add_worksheet("Bộ lọc")
        about.set_column(0, 1, 36)
        for place, pair in enumerate(asked):
            for column, words in enumerate(pair):
                cells.write(about, place, column, words)
    book.close()
    target.seek(0)
    return send_file(target, mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)
