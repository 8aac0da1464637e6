"""Until a round is judged its organisers see codes beside marks and never names; who opens an entry beside its author is on the record."""

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.rules import AssignmentState
from tests import pages
from tests.backoffice.conftest import Scene
from tests.backoffice.test_acts import Acts

DESK = "/ban-dieu-hanh"
AUTHOR, WORK, CODE = "Nguyễn Thị Ánh Tuyết", "Mùa vải chín", "BV-000417"


@pytest.fixture
def settled(app: Flask, scene: Scene) -> Scene:
    """Both cards of the essay signed, its stage still open."""
    with app.app_context(), unit_of_work():
        for given in db.session.scalars(select(Assignment).where(Assignment.state == AssignmentState.OPEN)):
            given.state = AssignmentState.SIGNED
            now = clock.now()
            db.session.add(Scorecard(assignment_id=given.id, marks={}, total=83, saved_at=now, signed_at=now))
    return scene


def close(app: Flask, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Stage, scene.stage).closed_at = clock.now()


def test_ranking_shows_codes_until_the_stage_is_closed(app: Flask, desk: FlaskClient, settled: Scene) -> None:
    address = f"{DESK}/cong-bo/dot/{settled.essay_round}"
    page = pages.get(desk, address).text
    assert CODE in page
    assert AUTHOR not in page
    assert WORK not in page
    assert "Sơ khảo chưa đóng: bạn đóng vòng chấm trước khi công bố." in page
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{address}/dong-hang-1.xlsx").data))
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any(CODE in cell for cell in cells)
    assert not any(AUTHOR in cell for cell in cells)
    assert "vòng chấm đã ký đủ, chờ đóng" in pages.get(desk, f"{DESK}/").text

    close(app, settled)

    page = pages.get(desk, address).text
    assert AUTHOR in page
    assert "chưa đóng" not in page


def test_lists_tell_no_code_beside_a_name_while_judges_work(app: Flask, desk: FlaskClient, settled: Scene) -> None:
    for track, code in (("bai-viet", CODE), ("anh", "AV-000230")):
        listed = pages.get(desk, f"{DESK}/{track}").text
        assert AUTHOR in listed
        assert code not in listed
        assert AUTHOR not in pages.get(desk, f"{DESK}/{track}?tim={code}").text

    close(app, settled)

    assert CODE in pages.get(desk, f"{DESK}/bai-viet").text
    assert AUTHOR in pages.get(desk, f"{DESK}/bai-viet?tim={CODE}").text


def test_opening_an_entry_beside_its_author_is_on_the_record(desk: FlaskClient, settled: Scene, acts: Acts) -> None:
    looked = {
        f"{DESK}/bai-viet/{settled.essay}": f"entry:{settled.essay}",
        f"{DESK}/anh/{settled.photo}": f"entry:{settled.photo}",
    }
    for address in looked:
        page = pages.get(desk, address).text
        assert AUTHOR in page
        assert "Xem bài cùng tên tác giả" not in page

    rows = acts("entry.view")
    assert [(row.subject, row.actor_id) for row in rows] == [
        (subject, settled.organizer) for subject in looked.values()
    ]
    assert desk.get(f"{DESK}/anh/{settled.photo}/tep-goc").status_code == 200
    assert len(acts("entry.view")) == 3
    assert "Xem bài cùng tên tác giả" in pages.get(desk, f"{DESK}/nhat-ky").text
