"""Rules changed between one request's reading of a round and its lock: the second organiser is told, overwrites nothing, and may insist at once."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread, get_ident
from typing import Any

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.models import RuleChange
from contest.contests.rules import QuizParams, RoundState
from contest.core.db import db, unit_of_work
from contest.core.display import datetime_local
from contest.quiz import service
from tests import pages
from tests.backoffice.test_rounds import DESK, REASON, filled
from tests.quiz.at_once import Make, acts_of, signed
from tests.quiz.conftest import QUESTIONS, Quiz, make_quiz  # noqa: F401

pytestmark = pytest.mark.both_databases
WAIT = 20


@contextmanager
def reading_a_round(quiz: Quiz) -> Iterator[Event]:
    """Set once another thread has read a round: on SQLite what it sees of the database stands still from there."""
    has_read, here = Event(), get_ident()

    def note(*given: Any) -> None:
        if get_ident() != here and "FROM round" in given[2]:
            has_read.set()

    with quiz.app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", note)
    try:
        yield has_read
    finally:
        event.remove(engine, "after_cursor_execute", note)


def pressed_beside(quiz: Quiz, address: str, form: dict[str, Any], first: Callable[[], object]) -> TestResponse:
    """The answer to a form that was read and judged while the first organiser had written and not yet committed."""
    found: list[TestResponse] = []
    client = quiz.client(quiz.organizer_id)
    press = Thread(target=lambda: found.append(client.post(address, data=form)))
    with quiz.app.app_context(), reading_a_round(quiz) as has_read:
        with unit_of_work():
            first()
            press.start()
            assert has_read.wait(WAIT)
        press.join(WAIT)
    return found[0]


def params(quiz: Quiz) -> QuizParams:
    with quiz.app.app_context():
        return QuizParams.read(contests.round_by_id(quiz.round_id).params)


def mark_on(text: str) -> dict[str, str]:
    found = re.search(r'name="seen" value="([^"]+)"', text)
    assert found
    return {"seen": found[1]}


@pytest.fixture
def quiz(make_quiz: Make) -> Quiz:  # noqa: F811
    """An open round that nobody has begun."""
    made = make_quiz(hide_counters=True)
    made.app.config["WTF_CSRF_ENABLED"] = False
    return made


def rules_form(**changed: str) -> dict[str, str]:
    return filled(questions=str(QUESTIONS), attempts="2", reason=REASON, **changed)


def test_rules_changed_between_the_reading_and_the_lock_are_not_overwritten(quiz: Quiz) -> None:
    address = f"{DESK}/dot-thi/{quiz.round_id}/dieu-chinh-the-le"
    look = quiz.client(quiz.organizer_id).post(address, data=rules_form(minutes="20", step="look"))

    def first() -> None:
        after = replace(params(quiz), minutes=25)
        change = rounds.change_rules(round_id=quiz.round_id, params=after, begun=False, **signed(quiz))
        service.follow_rules(round_id=quiz.round_id, changed=change.after)

    told = pressed_beside(quiz, address, rules_form(minutes="20") | mark_on(look.text), first)

    assert (told.status_code, pages.faults(told.text)) == (422, [])
    assert "Người khác vừa sửa đợt này" in told.text
    assert "25 phút" in told.text
    assert (params(quiz).minutes, acts_of(quiz, "round.change_rules")) == (25, 1)
    again = quiz.client(quiz.organizer_id).post(address, data=rules_form(minutes="20") | mark_on(told.text))
    assert again.status_code == 302
    with quiz.app.app_context():
        assert [row.before["minutes"] for row in db.session.scalars(db.select(RuleChange).order_by(RuleChange.id))] == [
            15,
            25,
        ]


def test_round_edited_between_the_reading_and_the_lock_is_not_overwritten(make_quiz: Make) -> None:  # noqa: F811
    quiz = make_quiz(RoundState.SOON, hide_counters=True)
    quiz.app.config["WTF_CSRF_ENABLED"] = False
    address = f"{DESK}/dot-thi/{quiz.round_id}/sua"
    mark = mark_on(quiz.client(quiz.organizer_id).get(address).text)
    with quiz.app.app_context():
        found = contests.round_by_id(quiz.round_id)
        opens_at, closes_at = found.opens_at, found.closes_at
    hours = {"opens_at": datetime_local(opens_at), "closes_at": datetime_local(closes_at), "title": ""}

    def first() -> None:
        rounds.edit(
            round_id=quiz.round_id,
            title="Đợt mùa thu",
            opens_at=opens_at,
            closes_at=closes_at,
            params=params(quiz),
            actor_id=quiz.organizer_id,
        )

    told = pressed_beside(quiz, address, filled(questions=str(QUESTIONS), minutes="20", **hours) | mark, first)

    assert (told.status_code, pages.faults(told.text)) == (422, [])
    assert "Người khác vừa sửa đợt này" in told.text
    with quiz.app.app_context():
        assert contests.round_by_id(quiz.round_id).title == "Đợt mùa thu"
    again = quiz.client(quiz.organizer_id).post(
        address, data=filled(questions=str(QUESTIONS), minutes="20", **hours) | mark_on(told.text)
    )
    assert again.status_code == 302
    assert params(quiz).minutes == 20
