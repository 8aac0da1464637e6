"""An annulment undone: the attempt is again what it was."""

from datetime import timedelta

import pytest

from contest.contests import service as rounds
from contest.core import clock
from contest.core.db import unit_of_work
from contest.quiz import jobs, service
from contest.quiz.rules import AttemptState
from tests.quiz.conftest import Quiz

WHY = "Theo biên bản"
pytestmark = pytest.mark.both_databases


def annulled_and_restored(quiz: Quiz, attempt_id: int) -> AttemptState:
    with quiz.app.app_context():
        with unit_of_work():
            service.annul(attempt_id=attempt_id, actor_id=quiz.organizer_id, reason=WHY)
        with unit_of_work():
            return service.restore(attempt_id=attempt_id, actor_id=quiz.organizer_id, reason=WHY).state


def test_attempt_handed_in_during_a_pause_is_restored_as_handed_in(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        rounds.pause(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason=WHY)
    with clock.shifted(timedelta(hours=1)):
        quiz.hand_in(attempt_id, answers=quiz.key(attempt_id))
        before = quiz.attempt(attempt_id)
        assert before.handed_in_at > before.deadline
        assert annulled_and_restored(quiz, attempt_id) is AttemptState.HANDED_IN


def test_attempt_that_ran_out_is_restored_as_run_out(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    with clock.shifted(timedelta(hours=1)), quiz.app.app_context():
        jobs.sweep()
        assert quiz.attempt(attempt_id).state is AttemptState.EXPIRED
        assert annulled_and_restored(quiz, attempt_id) is AttemptState.EXPIRED
