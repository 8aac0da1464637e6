"""Fifty people in the closing second and the moment after it, at once: each is taken with exactly what was acknowledged, or refused with what the server holds."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from contest.contests import queries as contests
from contest.core import clock
from contest.core.db import db, single_statement, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.rules import AttemptState, Packet, seal
from question_bank import answers as codes
from tests.quiz.conftest import QUESTIONS, Quiz

pytestmark = pytest.mark.both_databases
PEOPLE, AT_ONCE = 50, 25
LAST = timedelta(seconds=1)


@dataclass
class Told:
    """What one person was told: how many saves were acknowledged, how the attempt ended, with which receipt."""

    attempt_id: int
    moment: timedelta
    acknowledged: int
    done: service.HandedIn


def closing(quiz: Quiz) -> datetime:
    with quiz.app.app_context():
        return contests.round_by_id(quiz.round_id).closes_at


def code(saved: int) -> str:
    """The answers of whoever had so many saves acknowledged: each answers one question more."""
    return "".join(codes.ALPHABET[1 << place % 4] for place in range(saved)).ljust(QUESTIONS, codes.BLANK)


def hurry(quiz: Quiz, who: int, attempt_id: int, moment: timedelta, barrier: Barrier) -> Told:
    """Save three answers and hand in with a fourth, each a little later than the one before, around the close."""
    close = closing(quiz)
    barrier.wait(30)
    acknowledged = 0
    with quiz.app.app_context():
        for number in range(1, 4):
            packet = Packet(sequence=number, changes={number - 1: code(number)[number - 1]})
            with clock.frozen(close + moment + number * LAST / 10), single_statement():
                saved = service.save(attempt_id=attempt_id, who=who, packet=packet)
            if saved is not None:
                assert acknowledged == number - 1, "a save was taken after one that was refused"
                acknowledged = number
        packet = Packet(sequence=4, changes={3: code(4)[3]}, prediction=7)
        with clock.frozen(close + moment + 4 * LAST / 10), single_statement():
            done = service.hand_in(attempt_id=attempt_id, who=who, packet=packet)
        db.session.remove()
    return Told(attempt_id, moment, acknowledged, done)


def test_fifty_in_the_closing_second_keep_exactly_what_was_acknowledged(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(close_cuts_short=True, prediction="participants", hide_counters=True)
    close = closing(quiz)
    with clock.frozen(close - timedelta(minutes=5)):
        attempts = {quiz.begin(who): who for who in quiz.entrants(PEOPLE)}
    # From a second before the close until half a second after it.
    moments = [-LAST + n * 1.5 * LAST / PEOPLE for n in range(PEOPLE)]
    barrier = Barrier(AT_ONCE)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        pressed = [
            pool.submit(hurry, quiz, who, attempt_id, moment, barrier)
            for (attempt_id, who), moment in zip(attempts.items(), moments, strict=True)
        ]
        told = [one.result() for one in pressed]

    for one in told:
        kept = quiz.attempt(one.attempt_id)
        in_time = one.moment + 4 * LAST / 10 < timedelta()
        assert kept.state is (AttemptState.HANDED_IN if in_time else AttemptState.EXPIRED)
        assert kept.answers == code(4 if in_time else one.acknowledged)
        assert kept.prediction == (7 if in_time else None)
        assert (one.done.receipt, one.done.handed_in_at, one.done.state) == (
            kept.receipt,
            kept.handed_in_at,
            kept.state,
        )
        assert kept.handed_in_at == (close + one.moment + 4 * LAST / 10 if in_time else close)
        assert kept.digest == seal(
            receipt=kept.receipt, answers=kept.answers, prediction=kept.prediction, handed_in_at=kept.handed_in_at
        )
    assert Counter(one.acknowledged for one in told).keys() == {0, 1, 2, 3}
    assert len({one.done.receipt for one in told}) == PEOPLE


def test_sweep_beside_the_last_hand_ins_ends_each_attempt_once(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(close_cuts_short=True, prediction="none", hide_counters=True)
    close = closing(quiz)
    with clock.frozen(close - timedelta(minutes=5)):
        attempts = {quiz.begin(who): who for who in quiz.entrants(PEOPLE)}
    barrier = Barrier(AT_ONCE)

    def sweep(number: int) -> int:
        barrier.wait(30)
        with quiz.app.app_context(), clock.frozen(close), unit_of_work():
            return service.expire_due()

    def press(attempt_id: int) -> bool:
        barrier.wait(30)
        with quiz.app.app_context(), clock.frozen(close), single_statement():
            return service.hand_in(attempt_id=attempt_id, who=attempts[attempt_id]).fresh

    with ThreadPoolExecutor(AT_ONCE) as pool:
        hands = [pool.submit(press, attempt_id) for attempt_id in list(attempts)[: AT_ONCE - 3]]
        sweeps = [pool.submit(sweep, number) for number in range(3)]
        fresh, swept = sum(one.result() for one in hands), sum(one.result() for one in sweeps)

    found = [quiz.attempt(attempt_id) for attempt_id in attempts]
    assert fresh + swept == sum(one.state is AttemptState.EXPIRED for one in found) == PEOPLE
    assert {one.handed_in_at for one in found} == {close}
    assert len({one.receipt for one in found}) == PEOPLE
    with quiz.app.app_context(), clock.frozen(close):
        jobs.grade()
        assert queries.ungraded_count(quiz.round_id) == 0
