"""Sheets of lists: what the list's filter found goes into the file, the link and the file say so, and so does the record."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl.workbook import Workbook

from contest.core.audit import AuditRow
from contest.core.db import unit_of_work
from contest.quiz import service
from tests import pages
from tests.backoffice.conftest import Scene, add_attempt
from tests.factories import make_account
from tests.quiz.conftest import bank_of

DESK = "/ban-dieu-hanh"
Acts = Callable[[str], list[AuditRow]]


@pytest.fixture
def crowd(app: Flask, scene: Scene) -> Scene:
    """Three more people of no unit, each with an attempt that was handed in."""
    with app.app_context(), unit_of_work():
        for number in range(3):
            person = make_account(full_name=f"Lò Thị Thêm {number}")
            add_attempt(scene.quiz, person.id, None, receipt=f"TN1-DDDD-000{number}")
    return scene


def taken(desk: FlaskClient, page: pages.Page) -> Workbook:
    """The file behind the page's link."""
    return openpyxl.load_workbook(io.BytesIO(desk.get(page.link(".xlsx")).data))


def names(book: Workbook) -> list[str]:
    heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    return sorted(str(row[heads.index("Họ và tên")]) for row in rows)


def test_sheet_of_attempts_holds_what_the_list_found(desk: FlaskClient, crowd: Scene, acts: Acts) -> None:
    page = pages.get(desk, f"{DESK}/luot-thi?tim=tuyet&trang-thai=open&don-vi={crowd.unit}&dot={crowd.quiz}&page=1")
    book = taken(desk, page)

    assert "Tải 1 lượt khớp bộ lọc, .xlsx" in page.text
    assert names(book) == ["Nguyễn Thị Ánh Tuyết"]
    said = dict(book["Bộ lọc"].iter_rows(values_only=True))
    assert said == {"Tìm": "tuyet", "Đợt": said["Đợt"], "Đơn vị": said["Đơn vị"], "Trạng thái": "Đang làm"}
    assert [row.detail for row in acts("export.attempts")] == [{"narrowed": ["Tìm", "Đợt", "Đơn vị", "Trạng thái"]}]


@pytest.mark.parametrize(
    ("query", "found"), [("trang-thai=handed_in", 4), ("tim=them", 3), ("khieu-nai=cho", 0), ("tim=TN1-AAAA-BBBB", 1)]
)
def test_sheet_of_attempts_follows_each_filter(desk: FlaskClient, crowd: Scene, query: str, found: int) -> None:
    page = pages.get(desk, f"{DESK}/luot-thi?{query}")

    assert len(names(taken(desk, page))) == found
    assert f"Tải {found} lượt khớp bộ lọc" in page.text


def test_sheet_of_people_holds_what_the_list_found(desk: FlaskClient, crowd: Scene, acts: Acts) -> None:
    page = pages.get(desk, f"{DESK}/nguoi-du-thi?tim=them")
    by_unit = pages.get(desk, f"{DESK}/nguoi-du-thi?don-vi={crowd.unit}")

    assert names(taken(desk, page)) == ["Lò Thị Thêm 0", "Lò Thị Thêm 1", "Lò Thị Thêm 2"]
    assert names(taken(desk, by_unit)) == ["Nguyễn Thị Ánh Tuyết"]
    assert "Tải 3 người khớp bộ lọc, .xlsx" in page.text
    assert [row.detail for row in acts("export.entrants")] == [{"narrowed": ["Tìm"]}, {"narrowed": ["Đơn vị"]}]


@pytest.mark.parametrize(("path", "count"), [("luot-thi", 5), ("nguoi-du-thi", 5)])
def test_sheet_of_a_whole_list_holds_all_and_says_no_filter(
    desk: FlaskClient, crowd: Scene, path: str, count: int
) -> None:
    page = pages.get(desk, f"{DESK}/{path}?page=1")
    book = taken(desk, page)

    assert len(names(book)) == count
    assert book.sheetnames == [book.sheetnames[0]]
    assert "khớp bộ lọc" not in page.text


def test_questions_that_leave_the_bank_are_said_to_be_those_of_the_filter(
    app: Flask, desk: FlaskClient, scene: Scene
) -> None:
    with app.app_context(), unit_of_work():
        service.import_questions(contest_id=scene.contest, questions=bank_of(4), actor_id=scene.organizer)

    assert "4 câu." in pages.get(desk, f"{DESK}/cau-hoi/xuat").text
    assert "4 câu khớp bộ lọc." in pages.get(desk, f"{DESK}/cau-hoi/xuat?trang-thai=active").text
