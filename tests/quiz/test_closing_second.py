"""The closing moment to the microsecond, on both databases: what still counts just before it and no longer counts at it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.errors import Refused
from contest.quiz import service
from contest.quiz.rules import AttemptState, Packet
from tests.factories import make_account
from tests.quiz.conftest import Quiz

pytestmark = pytest.mark.both_databases
WHY = "Theo Công văn số 12-CV/BTC"
JUST_BEFORE, AT = timedelta(microseconds=-1), timedelta(0)
Act = Callable[[Quiz, int], Any]


@pytest.fixture
def running(quiz: Quiz) -> int:
    """An attempt that the close cuts short: round and clock end at the same moment."""
    with clock.frozen(closes_at(quiz) - timedelta(minutes=5)):
        return quiz.begin()


def closes_at(quiz: Quiz) -> Any:
    with quiz.app.app_context():
        return contests.round_by_id(quiz.round_id).closes_at


def _round(act: Callable[..., Any], **more: Any) -> Act:
    return lambda quiz, _: act(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason=WHY, **more)


def _start(quiz: Quiz, _: int) -> Any:
    return service.begin(round_id=quiz.round_id, who=make_account().id)


def _save(quiz: Quiz, attempt_id: int) -> Any:
    return service.save(attempt_id=attempt_id, who=quiz.entrant_id, packet=Packet(sequence=1, changes={0: "4"}))


def _hand_in(quiz: Quiz, attempt_id: int) -> Any:
    done = service.hand_in(attempt_id=attempt_id, who=quiz.entrant_id, packet=Packet(sequence=1, changes={0: "4"}))
    return done.state is AttemptState.HANDED_IN


def _allow(quiz: Quiz, _: int) -> Any:
    return _round(rounds.allow_attempts, account_id=quiz.entrant_id, attempts=1)(quiz, 0)


IN_TIME = {
    "start": _start,
    "save": _save,
    "hand in": _hand_in,
    "pause": _round(rounds.pause),
    "close": _round(rounds.close_now),
    "grant an attempt": _allow,
}


@pytest.mark.parametrize("name", IN_TIME)
def test_what_needs_an_open_round_is_done_just_before_the_close(quiz: Quiz, running: int, name: str) -> None:
    with quiz.app.app_context(), clock.frozen(closes_at(quiz) + JUST_BEFORE), unit_of_work():
        assert IN_TIME[name](quiz, running)


def test_what_needs_an_open_round_is_not_done_at_the_close(quiz: Quiz, running: int) -> None:
    done = []
    for name, act in IN_TIME.items():
        with quiz.app.app_context(), clock.frozen(closes_at(quiz) + AT), suppress(Refused), unit_of_work():
            done += [name] if act(quiz, running) else []

    assert done == []


def test_sweep_takes_an_attempt_at_its_deadline_and_not_before(quiz: Quiz, running: int) -> None:
    taken = []
    for moment in (JUST_BEFORE, AT, AT):
        with quiz.app.app_context(), clock.frozen(closes_at(quiz) + moment), unit_of_work():
            taken.append(service.expire_due())

    assert taken == [0, 1, 0]


@pytest.mark.parametrize("moment", [JUST_BEFORE, AT], ids=["just before", "at"])
@pytest.mark.parametrize("act", ["extend", "grant time"])
def test_more_time_given_at_the_close_reaches_who_was_not_handed_in_yet(
    quiz: Quiz, running: int, act: str, moment: timedelta
) -> None:
    close = closes_at(quiz)
    with quiz.app.app_context(), clock.frozen(close + moment), unit_of_work():
        if act == "extend":
            _round(rounds.extend, until=close + timedelta(days=1))(quiz, 0)
            service.reset_deadlines(round_id=quiz.round_id)
        else:
            service.grant_time(attempt_id=running, minutes=10, actor_id=quiz.organizer_id, reason=WHY)

    assert quiz.attempt(running).deadline == close + timedelta(minutes=10)
    with quiz.app.app_context(), clock.frozen(close + timedelta(minutes=9)), unit_of_work():
        assert _save(quiz, running)


def test_round_paused_just_before_its_close_leaves_that_much_when_it_goes_on(quiz: Quiz, running: int) -> None:
    close = closes_at(quiz)
    later = close + timedelta(hours=2)
    for moment, act in ((close + JUST_BEFORE, rounds.pause), (later, service.resume)):
        with quiz.app.app_context(), clock.frozen(moment), unit_of_work():
            _round(act)(quiz, 0)

    assert quiz.attempt(running).deadline == closes_at(quiz) == later - JUST_BEFORE
    with quiz.app.app_context(), clock.frozen(later), unit_of_work():
        assert _save(quiz, running)
