"""An attempt annulled before it was graded and restored after the close: the prediction's answer waits for its marks."""

from collections.abc import Callable

import pytest

from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.models import QuizRound
from contest.quiz.queries.ranking import actual_now
from tests.quiz.conftest import Quiz
from tests.quiz.places import close

pytestmark = pytest.mark.both_databases
WHY = "Theo biên bản"


def annulled_while_sat(make_quiz: Callable[..., Quiz], **params: object) -> tuple[Quiz, int]:
    """A closed and counted round whose attempt with everything right was annulled before anybody handed it in."""
    quiz = make_quiz(prediction="all_correct", hide_counters=True, **params)
    attempt_id = quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        service.save(
            attempt_id=attempt_id, who=quiz.entrant_id, packet=service.Packet(sequence=1, answers=quiz.key(attempt_id))
        )
    with quiz.app.app_context(), unit_of_work():
        service.annul(attempt_id=attempt_id, actor_id=quiz.organizer_id, reason=WHY)
    close(quiz)
    return quiz, attempt_id


def answer(quiz: Quiz) -> int | None:
    with quiz.app.app_context():
        return db.session.scalar(db.select(QuizRound.actual).where(QuizRound.round_id == quiz.round_id))


def test_answer_counts_an_attempt_that_is_graded_after_it_was_restored(make_quiz: Callable[..., Quiz]) -> None:
    quiz, attempt_id = annulled_while_sat(make_quiz)
    assert answer(quiz) == 0

    with quiz.app.app_context(), unit_of_work():
        service.restore(attempt_id=attempt_id, actor_id=quiz.organizer_id, reason=WHY)
    with quiz.app.app_context():
        jobs.sweep()
        jobs.rank()

    assert quiz.attempt(attempt_id).correct == 10
    assert answer(quiz) == 1
    with quiz.app.app_context():
        round_ = contests.round_by_id(quiz.round_id, TrackKind.QUIZ)
        assert actual_now(round_) == 1
        assert queries.settled(round_, clock.now()) == (True, 1)
