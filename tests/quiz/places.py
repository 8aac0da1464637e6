"""Attempts written as they would stand in the tables, for tests of rankings: each line of a test is one attempt."""

from datetime import timedelta
from itertools import count
from typing import Any

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs
from contest.quiz.models import Attempt
from contest.quiz.queries.places import RankedAttempt, ranking_slice
from contest.quiz.rules import AttemptState
from tests.factories import make_account
from tests.quiz.conftest import QUESTIONS, Quiz

_number = count(1)


def attempt(
    quiz: Quiz,
    name: str,
    *,
    correct: int = QUESTIONS,
    guess: int | None = None,
    seconds: float = 300,
    began: float = 0,
    blanks: int = 0,
    unit_id: int | None = None,
    **person: Any,
) -> int:
    """One graded attempt of the person of that name, who begins `began` seconds into the round."""
    with quiz.app.app_context(), unit_of_work():
        who = db.session.scalar(db.select(_account()).where(_account().full_name == name))
        who = who or make_account(full_name=name, unit_id=unit_id, **person)
        before = db.session.scalars(db.select(Attempt.number).where(Attempt.entrant_id == who.id)).all()
        start = db.session.get_one(Round, quiz.round_id).opens_at + timedelta(seconds=began)
        end = start + timedelta(seconds=seconds)
        row = Attempt(
            round_id=quiz.round_id,
            entrant_id=who.id,
            unit_id=unit_id,
            number=len(before) + 1,
            seed=next(_number),
            state=AttemptState.HANDED_IN,
            started_at=start,
            deadline=end + timedelta(minutes=1),
            answers=("1" * (QUESTIONS - blanks)).ljust(QUESTIONS, "0"),
            prediction=guess,
            handed_in_at=end,
            receipt=f"TN1-{next(_number):06}",
            duration_ms=round(seconds * 1000),
            correct=correct,
            points=correct * 5,
            graded_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def close(quiz: Quiz) -> None:
    """Let the round be over, the sweep have passed and the places be counted."""
    with quiz.app.app_context():
        with unit_of_work():
            db.session.get_one(Round, quiz.round_id).closes_at = clock.now()
        jobs.sweep()
        jobs.rank()


def whole_ranking(round_id: int) -> list[RankedAttempt]:
    """Everybody of a small round in the rules' order, the prediction included once its answer is known."""
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    return ranking_slice(round_, final=True, offset=0, limit=1000)


def _account() -> Any:
    from contest.accounts.models import Account

    return Account
