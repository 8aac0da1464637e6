"""Rounds without a time limit that stay open for months: whoever began on the first day hands in on the last."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs
from contest.quiz.rules import AttemptState
from tests.quiz.conftest import Quiz

pytestmark = pytest.mark.both_databases
MONTHS = timedelta(days=60)


def open_for_months(make_quiz: Callable[..., Quiz]) -> Quiz:
    quiz = make_quiz(minutes=0)
    with quiz.app.app_context(), unit_of_work():
        db.session.get_one(Round, quiz.round_id).closes_at = clock.now() + MONTHS
    return quiz


def test_attempt_of_two_months_is_handed_in_with_its_whole_duration(make_quiz: Callable[..., Quiz]) -> None:
    quiz = open_for_months(make_quiz)
    attempt_id = quiz.begin()

    with clock.shifted(MONTHS - timedelta(days=1)):
        done = quiz.hand_in(attempt_id, answers=quiz.key(attempt_id))

    assert done.fresh
    assert quiz.attempt(attempt_id).duration_ms >= timedelta(days=59) // timedelta(milliseconds=1)


def test_sweep_ends_an_attempt_of_two_months_beside_shorter_ones(make_quiz: Callable[..., Quiz]) -> None:
    quiz = open_for_months(make_quiz)
    first = quiz.begin()
    with clock.shifted(MONTHS - timedelta(minutes=5)):
        last = quiz.begin(quiz.entrants(1)[0])

    with clock.shifted(MONTHS + timedelta(minutes=1)), quiz.app.app_context():
        jobs.sweep()

    for attempt_id in (first, last):
        assert quiz.attempt(attempt_id).state is AttemptState.EXPIRED
        assert quiz.attempt(attempt_id).points == 0
