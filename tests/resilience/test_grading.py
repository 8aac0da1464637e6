"""A worker is killed in the middle of grading: another goes on, every attempt is graded once and the board is right."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.config import Config
from contest.core.db import db
from contest.quiz import jobs
from contest.quiz.models import Attempt
from contest.quiz.service.grading import BATCH
from tests.resilience import ledger
from tests.resilience.killed import EACH, hand_in_many, work_until_killed
from tests.resilience.site import seeded
from tests.tools.running import eventually

PEOPLE = 20  # with their attempts more than two batches

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]


def graded(app: Flask) -> dict[int, tuple[object, ...]]:
    """The marks of every graded attempt and when it got them."""
    with app.app_context():
        columns = (Attempt.id, Attempt.points, Attempt.correct, Attempt.graded_at)
        found = {
            row[0]: tuple(row[1:]) for row in db.session.execute(select(*columns).where(Attempt.graded_at.is_not(None)))
        }
        db.session.remove()
        return found


def run(app: Flask) -> bool:
    """Grade as another worker does; True when nothing waits any more, not even what a dead worker's rows still hold back."""
    with app.app_context():
        jobs.grade()
        left = db.session.scalar(select(func.count()).where(Attempt.graded_at.is_(None)))
        db.session.remove()
        return left == 0


@pytest.mark.parametrize(
    ("moment", "number", "before"),
    [("after_commit", 1, BATCH), ("before_commit", 1, 0), ("before_commit", 2, BATCH)],
    ids=["before the board moves", "in the first batch", "in the second batch"],
)
def test_another_worker_goes_on_where_one_was_killed(
    app: Flask, config: Config, moment: str, number: int, before: int
) -> None:
    round_id, entrants = seeded(app, people=PEOPLE, params={"questions": 20, "attempts": 0})
    hand_in_many(app, round_id, entrants)
    with app.app_context():
        jobs.rebuild_boards()

    work_until_killed(config, "grading_until_killed.py", moment, str(number))
    first = graded(app)
    eventually(lambda: run(app))

    assert len(first) == before
    everything = graded(app)
    assert len(everything) == PEOPLE * EACH
    assert everything.items() >= first.items()
    ledger.each_graded_right(app, round_id)
    assert run(app)
    assert graded(app) == everything
    with app.app_context():
        jobs.rebuild_boards(all_running=True)
    assert ledger.board_is_live_and_right(app, round_id)
