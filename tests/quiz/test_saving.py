"""The autosave as the page's script sees it: what is kept, what is refused, and what the reply says."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import AccountSession
from contest.accounts.rules import Role
from contest.core import clock
from contest.core.db import db, unit_of_work
from tests import statements
from tests.addresses import of_attempt
from tests.factories import make_account
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.signed_in import sign_in

pytestmark = pytest.mark.usefixtures("no_csrf")


@pytest.fixture
def no_csrf(app: Any) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


def send(client: FlaskClient, attempt_id: int, **packet: Any) -> Any:
    return client.post(of_attempt(client.application, attempt_id, "/luu"), json=packet)


@pytest.mark.both_databases
def test_save_keeps_what_changed_and_says_how_long_is_left(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()

    reply = send(client, attempt_id, sequence=3, changes={"0": "1", "4": "8", "9": "2"}, marked="01", prediction=1250)

    kept = quiz.attempt(attempt_id)
    assert reply.status_code == 200
    assert (reply.json["sequence"], reply.json["answers"]) == (3, "1000800002")
    assert 14 * 60_000 < reply.json["remaining_ms"] <= 15 * 60_000
    assert (kept.answers, kept.marked, kept.prediction) == ("1000800002", "01", 1250)


@pytest.mark.both_databases
def test_whole_code_replaces_the_answers(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()

    send(client, attempt_id, sequence=1, answers="1248124812", changes={"9": "8"})

    assert quiz.attempt(attempt_id).answers == "1248124818"


def test_old_packet_never_overwrites_a_newer_one(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()
    send(client, attempt_id, sequence=5, changes={"0": "4"}, prediction=7)

    reply = send(client, attempt_id, sequence=4, changes={"0": "1", "1": "1"})

    assert reply.status_code == 200
    assert reply.json["stale"] is True
    assert (reply.json["sequence"], reply.json["answers"]) == (5, "4" + "0" * (QUESTIONS - 1))
    assert quiz.attempt(attempt_id).answers == reply.json["answers"]


def test_same_packet_twice_changes_nothing_more(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()

    replies = [send(client, attempt_id, sequence=2, changes={"3": "2"}) for _ in range(2)]

    assert [reply.json.get("stale", False) for reply in replies] == [False, True]
    assert replies[1].json["answers"][3] == "2"


def test_late_save_is_refused_and_says_what_is_held(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()
    send(client, attempt_id, sequence=1, changes={"0": "4"})
    with clock.shifted(timedelta(minutes=16)):
        reply = send(client, attempt_id, sequence=2, changes={"1": "4"})

    assert reply.status_code == 409
    assert reply.json["over"] is True
    assert reply.json["answers"] == "4" + "0" * (QUESTIONS - 1)
    assert "giữ 1 câu" in reply.json["error"]["kept"]


def test_save_after_hand_in_is_refused(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()
    quiz.hand_in(attempt_id)

    assert send(client, attempt_id, sequence=1, changes={"0": "4"}).status_code == 409
    assert quiz.attempt(attempt_id).answers == "0" * QUESTIONS


def test_anothers_attempt_is_not_found(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    stranger = quiz.client(quiz.entrants(1)[0])

    assert send(stranger, attempt_id, sequence=1, changes={"0": "4"}).status_code == 404
    assert send(stranger, 10**9, sequence=1).status_code == 404
    assert quiz.attempt(attempt_id).answers == "0" * QUESTIONS


@pytest.mark.parametrize("role", [Role.JUDGE, Role.ORGANIZER, Role.ADMIN])
def test_staff_cannot_save(quiz: Quiz, role: Role) -> None:
    attempt_id = quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        staff = make_account(role=role).id

    assert send(quiz.client(staff), attempt_id, sequence=1, changes={"0": "4"}).status_code == 403


def test_revoked_session_is_asked_to_sign_in(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.app.test_client()
    session_id = sign_in(client, quiz.entrant_id).id
    with quiz.app.app_context(), unit_of_work():
        db.session.get_one(AccountSession, session_id).revoked_at = clock.now()

    assert send(client, attempt_id, sequence=1, changes={"0": "4"}).status_code == 401
    assert send(quiz.app.test_client(), attempt_id, sequence=1).status_code == 401
    assert quiz.attempt(attempt_id).answers == "0" * QUESTIONS


@pytest.mark.parametrize(
    "packet",
    [
        {"sequence": None},
        [],
        "x",
        {},
        {"sequence": 0},
        {"sequence": "7"},
        {"sequence": True},
        {"sequence": 2**30},
        {"sequence": 1, "changes": []},
        {"sequence": 1, "changes": {"-1": "1"}},
        {"sequence": 1, "changes": {"64": "1"}},
        {"sequence": 1, "changes": {"١": "1"}},
        {"sequence": 1, "changes": {"0": "é"}},
        {"sequence": 1, "changes": {"0": "12"}},
        {"sequence": 1, "changes": {"0": 1}},
        {"sequence": 1, "answers": "1" * 65},
        {"sequence": 1, "answers": "'; drop"},
        {"sequence": 1, "marked": "2"},
        {"sequence": 1, "prediction": -1},
        {"sequence": 1, "prediction": 1.5},
        {"sequence": 1, "prediction": "mười"},
        {"sequence": 1, "prediction": 10**30},
    ],
)
def test_garbage_is_refused_with_a_sentence(quiz: Quiz, packet: Any) -> None:
    attempt_id, client = quiz.begin(), quiz.client()

    reply = client.post(of_attempt(client.application, attempt_id, "/luu"), json=packet)

    assert reply.status_code == 400
    assert reply.json["error"]["kept"]
    assert quiz.attempt(attempt_id).sequence == 0


def test_broken_json_is_refused(quiz: Quiz) -> None:
    address = of_attempt(quiz.app, quiz.begin(), "/luu")

    assert quiz.client().post(address, data=b"{\x00", content_type="application/json").status_code == 400


def test_huge_body_is_refused_before_it_is_read(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()

    assert send(client, attempt_id, sequence=1, changes={"0": "1"}, marked="0" * 100_000).status_code == 413


@pytest.mark.parametrize("packet", [{"changes": {"10": "1"}}, {"answers": "111"}, {"answers": "1" * 11}])
def test_packet_of_another_length_changes_nothing(quiz: Quiz, packet: dict[str, Any]) -> None:
    attempt_id, client = quiz.begin(), quiz.client()

    reply = send(client, attempt_id, sequence=1, **packet)

    assert reply.json["answers"] == "0" * QUESTIONS
    assert quiz.attempt(attempt_id).answers == "0" * QUESTIONS


def test_save_is_one_statement(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()

    with statements.sent(quiz.app) as seen:
        send(client, attempt_id, sequence=1, changes={"0": "1"})

    assert [statement.split()[0] for statement in seen] == ["UPDATE"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "sent", [{"changes": {"2": "g"}}, {"changes": {"0": "1", "1": "w"}}, {"answers": "000000000g"}]
)
def test_choice_that_a_question_lacks_is_refused_with_what_is_held(quiz: Quiz, sent: dict[str, Any]) -> None:
    attempt_id, client = quiz.begin(), quiz.client()
    send(client, attempt_id, sequence=1, changes={"0": "8"})

    reply = send(client, attempt_id, sequence=2, **sent)

    assert reply.status_code == 400
    assert reply.json is not None
    assert "phương án mà đề không có" in reply.json["error"]["happened"]
    assert reply.json["answers"] == quiz.attempt(attempt_id).answers == "8000000000"


def test_hand_in_with_an_impossible_choice_is_refused_and_the_attempt_stays_open(quiz: Quiz) -> None:
    attempt_id, client = quiz.begin(), quiz.client()

    reply = client.post(of_attempt(client.application, attempt_id, "/nop"), json={"sequence": 1, "changes": {"0": "w"}})

    assert reply.status_code == 400
    assert quiz.attempt(attempt_id).handed_in_at is None
