"""Two organisers, or two tabs of one, with different content: who comes second is told before anything is overwritten, and may then insist."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.contests.models import Allowance, Round
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.display import datetime_local
from contest.quiz import queries, service
from contest.quiz.ledger import Signal, SignalKind
from contest.quiz.models import Attempt
from tests import pages
from tests.backoffice.conftest import Scene
from tests.backoffice.test_rounds import DESK, REASON, filled, newest
from tests.quiz.conftest import bank_of


@pytest.fixture(autouse=True)
def without_tokens(app: Flask) -> None:
    """These tests post without opening the page first."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def to_come(app: Flask, desk: FlaskClient, scene: Scene) -> int:
    """A round that has not opened, with a bank to draw from."""
    desk.post(f"{DESK}/dot-thi/moi", data=filled(questions="10"))
    with app.app_context(), unit_of_work():
        service.import_questions(contest_id=scene.contest, questions=bank_of(24), actor_id=scene.organizer)
    return newest(app).id


def seen(text: str) -> dict[str, str]:
    """The mark that a page's form carries."""
    found = re.search(r'name="seen" value="([^"]*)"', text)
    assert found
    return {"seen": found[1]}


def params(app: Flask, round_id: int) -> dict[str, Any]:
    with app.app_context():
        return db.session.get_one(Round, round_id).params


def test_round_that_somebody_else_edited_is_not_overwritten_unseen(app: Flask, desk: FlaskClient, to_come: int) -> None:
    address = f"{DESK}/dot-thi/{to_come}/sua"
    mark = seen(desk.get(address).text)
    look = desk.post(address, data=filled(questions="12", step="look") | mark)
    assert seen(look.text) == mark
    assert desk.post(address, data=filled(questions="10", minutes="30") | mark).status_code == 302

    second = desk.post(address, data=filled(questions="12") | mark)

    assert (second.status_code, pages.faults(second.text)) == (422, [])
    assert "Người khác vừa sửa đợt này" in second.text
    assert (params(app, to_come)["questions"], params(app, to_come)["minutes"]) == (10, 30)
    assert desk.post(address, data=filled(questions="12") | seen(second.text)).status_code == 302
    assert params(app, to_come)["questions"] == 12


def test_rules_that_somebody_else_changed_are_listed_again_before_they_change_back(
    app: Flask, desk: FlaskClient, scene: Scene
) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Round, scene.quiz).params = QuizParams(attempts=2).as_json()
    address, form = f"{DESK}/dot-thi/{scene.quiz}/dieu-chinh-the-le", {"attempts": "2", "reason": REASON}
    mark = seen(desk.post(address, data=filled(minutes="20", step="look", **form)).text)
    assert desk.post(address, data=filled(minutes="25", **form) | mark).status_code == 302

    second = desk.post(address, data=filled(minutes="20", **form) | mark)

    assert (second.status_code, pages.faults(second.text)) == (422, [])
    assert "25 phút" in second.text
    assert params(app, scene.quiz)["minutes"] == 25
    assert desk.post(address, data=filled(minutes="20", **form) | seen(second.text)).status_code == 302
    assert params(app, scene.quiz)["minutes"] == 20


def test_blueprint_that_somebody_else_froze_is_not_overwritten_unseen(
    app: Flask, desk: FlaskClient, to_come: int
) -> None:
    address = f"{DESK}/dot-thi/{to_come}/ma-tran"
    mark = seen(desk.get(address).text)
    theirs = {"act": "freeze", "reason": REASON, "chapter-0": "Chương 0", "n-0-2": "5", "n-x-0": "5"}
    ours = {"act": "freeze", "reason": REASON, "n-x-0": "10"}
    assert desk.post(address, data=theirs | mark).status_code == 302

    second = desk.post(address, data=ours | mark)

    assert (second.status_code, pages.faults(second.text)) == (409, [])
    assert "Người khác vừa chốt đề" in second.text
    assert 'id="n-x-0" name="n-x-0" value="10"' in second.text
    assert quotas(app, to_come) == 2
    assert desk.post(address, data=ours | seen(second.text)).status_code == 302
    assert quotas(app, to_come) == 1


def test_freezing_again_on_the_page_of_the_round_keeps_the_blueprint_and_tells_of_another(
    app: Flask, desk: FlaskClient, to_come: int
) -> None:
    page = f"{DESK}/dot-thi/{to_come}"
    mark = seen(desk.get(page).text)
    theirs = {"act": "freeze", "reason": REASON, "chapter-0": "Chương 0", "n-0-2": "5", "n-x-0": "5"}
    assert desk.post(f"{page}/ma-tran", data=theirs).status_code == 302

    assert desk.post(f"{page}/chot-de", data={"reason": REASON} | mark).status_code == 409

    assert quotas(app, to_come) == 2
    again = desk.post(f"{page}/chot-de", data={"reason": REASON} | seen(desk.get(page).text))
    assert (again.status_code, quotas(app, to_come)) == (302, 2)


def quotas(app: Flask, round_id: int) -> int:
    with app.app_context():
        drawn = queries.quiz_round(round_id)
        assert drawn
        return len(drawn.blueprint["quotas"])


def test_signal_that_somebody_else_judged_keeps_their_note(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    with app.app_context(), unit_of_work():
        signal = Signal(
            round_id=scene.quiz,
            kind=SignalKind.FAST,
            mark="fast:1",
            attempt_ids=[scene.finished],
            evidence={"seconds": 3, "correct": 18, "questions": 20, "least": 30},
            found_at=clock.now() - timedelta(hours=1),
        )
        db.session.add(signal)
        db.session.flush()
        address = f"{DESK}/tin-hieu/{signal.id}"
    mark = seen(desk.get(address).text)
    theirs, ours = {"state": "seen", "note": "Đã gọi điện"}, {"state": "cleared", "note": "Máy chủ chậm"}
    assert desk.post(address, data=theirs | mark).status_code == 302
    assert desk.post(address, data=theirs | mark).status_code == 302

    assert desk.post(address, data=ours | mark).status_code == 409

    page = desk.get(address).text
    assert "Đã gọi điện" in page
    assert desk.post(address, data=ours | seen(page)).status_code == 302


def test_press_sent_again_gives_no_time_and_no_attempt_twice(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    attempt, person = f"{DESK}/luot-thi/{scene.attempt}", f"{DESK}/nguoi-du-thi/{scene.entrant}"
    for page, act, form in (
        (attempt, "them-gio", {"minutes": "10", "reason": REASON}),
        (person, "them-luot", {"round_id": str(scene.quiz), "attempts": "1", "reason": REASON}),
    ):
        mark = seen(desk.get(page).text)
        assert [desk.post(f"{page}/{act}", data=form | mark).status_code for _ in range(2)] == [302, 409]
        assert desk.post(f"{page}/{act}", data=form | seen(desk.get(page).text)).status_code == 302

    with app.app_context():
        assert db.session.get_one(Attempt, scene.attempt).extra_seconds == 1200
        assert db.session.scalars(db.select(Allowance.extra_attempts)).all() == [2]


def test_several_attempts_sent_again_get_no_time_twice(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    address = f"{DESK}/luot-thi"
    form = {"act": "grant", "reason_grant": REASON, "minutes": "10", "chosen": str(scene.attempt)}

    def marks() -> dict[str, str]:
        return dict(re.findall(r'name="(seen-\d+)" value="(\d*)"', desk.get(address).text))

    mark = marks()
    assert mark[f"seen-{scene.attempt}"] == "0"
    assert [desk.post(f"{address}/nhieu-luot", data=form | mark).status_code for _ in range(2)] == [302, 409]
    assert desk.post(f"{address}/nhieu-luot", data=form | marks()).status_code == 302

    with app.app_context():
        assert db.session.get_one(Attempt, scene.attempt).extra_seconds == 1200


def test_second_press_that_makes_the_same_round_is_told_of_the_first(
    app: Flask, desk: FlaskClient, scene: Scene
) -> None:
    opens_at = clock.now() + timedelta(days=3)
    form = filled(opens_at=datetime_local(opens_at), closes_at=datetime_local(opens_at + timedelta(days=2)))
    assert desk.post(f"{DESK}/dot-thi/moi", data=form).status_code == 302
    first = newest(app).id

    again = desk.post(f"{DESK}/dot-thi/moi", data=form)

    assert again.status_code == 422
    assert "đúng những giờ này" in again.text
    assert newest(app).id == first
