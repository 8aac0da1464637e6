"""The desk's pages of item analysis: what stands on them, who waits, what leads where."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.rules import Role
from contest.contests.rules import RoundState
from contest.core.db import unit_of_work
from contest.quiz import jobs, rules
from contest.quiz.queries.analysis import WAITING
from contest.quiz.service import analysis
from question_bank import answers as codes
from tests import pages
from tests.factories import make_account
from tests.quiz.conftest import Quiz, make_quiz  # noqa: F401
from tests.quiz.previewing import break_off
from tests.signed_in import csrf_token, sign_in


@pytest.fixture
def sat(make_quiz: Callable[..., Quiz]) -> Quiz:  # noqa: F811
    """Forty people have sat papers of nearly the whole bank: the more blanks, the fewer points."""
    quiz = make_quiz(questions=23)
    for number, who in enumerate(quiz.entrants(40)):
        attempt_id = quiz.begin(who)
        blanks = number % 6
        quiz.hand_in(attempt_id, answers=codes.BLANK * blanks + quiz.key(attempt_id)[blanks:])
    with quiz.app.app_context():
        jobs.grade()
    return quiz


@pytest.fixture
def office(sat: Quiz) -> FlaskClient:
    """The organiser, signed in."""
    client = sat.app.test_client()
    sign_in(client, sat.organizer_id)
    return client


def address(quiz: Quiz, more: str = "") -> str:
    return f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/phan-tich{more}"


def test_the_page_shows_the_round_its_questions_and_that_it_still_runs(office: FlaskClient, sat: Quiz) -> None:
    page = pages.get(office, address(sat))

    assert page.h1.startswith("Phân tích câu hỏi")
    assert "Đợt chưa đóng" in page.text
    assert "lượt được tính" in page.text
    assert "Độ phân biệt" in page.text
    assert "Theo đơn vị" in page.text


def test_flagged_questions_are_shown_alone_when_asked_for(office: FlaskClient, sat: Quiz) -> None:
    every, some = (office.get(address(sat, more)).get_data(as_text=True) for more in ("", "?cau=can-xem"))

    assert "Phương án nhiễu không ai chọn" in some
    assert every.count("/phan-tich/cau/") >= some.count("/phan-tich/cau/") > 0


def test_a_question_shows_its_choices_its_units_and_the_way_to_the_bank(office: FlaskClient, sat: Quiz) -> None:
    with sat.app.app_context():
        found = analysis.analysis_of(analysis.Scope(sat.round_id))
    assert found
    item = found.items[0]

    page = pages.get(office, address(sat, f"/cau/{item.version_id}"))

    assert "(đáp án)" in page.text
    assert "Bỏ trống" in page.text
    assert "Chưa ghi đơn vị" in page.text
    assert any("/ban-dieu-hanh/cau-hoi/" in link for link in page.links)


def test_a_question_that_the_round_lacks_is_not_found(office: FlaskClient, sat: Quiz) -> None:
    assert office.get(address(sat, "/cau/999999")).status_code == 404


def test_a_large_round_is_asked_for_and_shown_once_worked_out(
    office: FlaskClient, sat: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LARGE", 5)
    before = office.get(address(sat)).get_data(as_text=True)
    office.post(address(sat), data={"luot": "", "csrf_token": csrf_token(office)})
    waiting = office.get(address(sat)).get_data(as_text=True)
    told = json.loads(office.get(address(sat, "/tien-do")).data)
    with sat.app.app_context():
        jobs.analyse()
    over = json.loads(office.get(address(sat, "/tien-do")).data)
    after = office.get(address(sat)).get_data(as_text=True)

    assert "Tính phân tích" in before
    assert "Đang tính phân tích" in waiting
    assert told == {"running": True, "done": 0, "total": 40, "shown": "0/40"}
    assert over["running"] is False
    assert "lượt được tính" in after


def test_a_large_round_shows_its_old_figures_and_says_so(
    office: FlaskClient, sat: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.get(address(sat))
    attempt_id = sat.begin(sat.entrants(1)[0])
    sat.hand_in(attempt_id)
    with sat.app.app_context():
        jobs.grade()
    monkeypatch.setattr(rules, "LARGE", 5)

    text = office.get(address(sat)).get_data(as_text=True)

    assert "Số liệu dưới đây đã cũ" in text
    assert "Tính lại" in text
    assert "lượt được tính" in text


def test_an_analysis_that_broke_off_is_told_until_it_is_asked_for_again(
    office: FlaskClient, sat: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LARGE", 5)
    pages.get(office, address(sat)).submit("Tính phân tích")
    with sat.app.app_context():
        break_off(WAITING)

    failed = pages.get(office, address(sat))

    assert "Việc tính bị dừng giữa chừng" in failed.text
    assert "Đang tính phân tích" in failed.submit("Tính lại").text


def test_a_negative_consistency_is_shown_as_it_is(office: FlaskClient, sat: Quiz) -> None:
    with sat.app.app_context():
        found = analysis.analysis_of(analysis.Scope(sat.round_id))
    assert found
    assert found.quiz.cic is not None

    text = office.get(address(sat)).get_data(as_text=True)

    shown = f"{found.quiz.cic:.1f}".replace(".", ",") + "%"
    assert shown in text


def test_a_closed_round_without_attempts_says_so(make_quiz: Callable[..., Quiz], client: FlaskClient) -> None:  # noqa: F811
    empty = make_quiz(RoundState.CLOSED)
    sign_in(client, empty.organizer_id)

    page = pages.get(client, address(empty))

    assert "Chưa có lượt nào để phân tích" in page.text
    assert "Đợt chưa đóng" not in page.text


def test_only_organisers_may_look(app: Flask, sat: Quiz) -> None:
    with app.app_context(), unit_of_work():
        judge = make_account(Role.JUDGE).id
    for who in (judge, sat.entrant_id):
        client = app.test_client()
        sign_in(client, who)
        assert client.get(address(sat)).status_code == 403
        assert client.post(address(sat), data={"csrf_token": csrf_token(client)}).status_code == 403
