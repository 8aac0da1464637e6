"""The worker for long work is killed while it marks anew, or counts places, and another one grades: all marks and places are right in the end."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from contest.config import Config
from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import KeyChange, KeyRule, RoundLedger, Standing
from contest.quiz.models import Attempt
from tests.resilience import ledger
from tests.resilience.killed import EACH, hand_in_many, work_until_killed
from tests.resilience.site import Entrant, seeded
from tests.tools.running import eventually

PEOPLE = 8  # with their attempts more than two transactions of a regrade in parts of a hundred
QUESTION = 3  # the place of the question, among the bank's, whose key is changed

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]


@pytest.fixture
def begun(app: Flask) -> tuple[int, list[Entrant]]:
    """A round in which many were graded, and a changed key that no worker has seen yet."""
    round_id, entrants = seeded(app, people=PEOPLE, params={"questions": 20, "attempts": 0, "prediction": "none"})
    hand_in_many(app, round_id, entrants[: PEOPLE // 2])
    with app.app_context():
        jobs.grade()
        jobs.rebuild_boards()
        with unit_of_work():
            service.change_key(
                round_id=round_id,
                version_id=sorted(queries.frozen_bank(round_id).questions)[QUESTION],
                rule=KeyRule.ANY,
                key=0,
                actor_id=entrants[0].account_id,
                reason="Câu có hai đáp án đúng",
            )
        db.session.remove()
    return round_id, entrants


def right_again(app: Flask, round_id: int) -> None:
    """Nothing changes when everything is marked once more: every mark is by the keys that hold."""
    with app.app_context():
        with unit_of_work():
            seen, changed, _ = service.regrade(round_id=round_id)
        assert (seen, changed) == (PEOPLE * EACH, 0)
        assert db.session.scalars(select(KeyChange.done_at)).one()
        db.session.remove()


def until(app: Flask, job: Callable[[], None], done: Callable[[], bool]) -> None:
    """Do the job as another worker does, again while a dead worker's rows hold it back."""

    def again() -> bool:
        with app.app_context():
            job()
            found = done()
            db.session.remove()
            return found

    eventually(again)


def graded_to_the_last() -> bool:
    return db.session.scalar(select(Attempt.id).where(Attempt.graded_at.is_(None)).limit(1)) is None


def applied() -> bool:
    return db.session.scalar(select(KeyChange.id).where(KeyChange.done_at.is_(None))) is None


@pytest.mark.parametrize(
    ("moment", "number"),
    [("before_commit", 2), ("after_commit", 2), ("before_commit", 4)],
    ids=["in the first part", "after the first part", "in the second part"],
)
def test_marks_and_board_are_right_when_the_worker_that_marks_anew_is_killed_while_another_grades(
    app: Flask, config: Config, begun: tuple[int, list[Entrant]], moment: str, number: int
) -> None:
    round_id, entrants = begun
    hand_in_many(app, round_id, entrants[PEOPLE // 2 :])
    grader = Thread(target=until, args=(app, jobs.grade, graded_to_the_last))

    grader.start()
    work_until_killed(config, "regrading_until_killed.py", "regrade", moment, str(number))
    grader.join(60)

    assert not grader.is_alive()
    until(app, jobs.regrade, applied)
    right_again(app, round_id)
    assert ledger.board_is_live_and_right(app, round_id)


@pytest.mark.parametrize("number", [1, 3], ids=["before the count", "in the count"])
def test_places_are_whole_when_the_worker_that_counts_them_is_killed(
    app: Flask, config: Config, begun: tuple[int, list[Entrant]], number: int
) -> None:
    round_id, entrants = begun
    hand_in_many(app, round_id, entrants[PEOPLE // 2 :])
    with app.app_context():
        jobs.grade()
        jobs.regrade()
        with unit_of_work():
            db.session.get_one(Round, round_id).closes_at = clock.now() - timedelta(seconds=1)
        db.session.remove()

    work_until_killed(config, "regrading_until_killed.py", "rank", "before_commit", str(number))

    until(app, jobs.rank, lambda: db.session.scalar(select(RoundLedger.standing_due)) is False)
    right_again(app, round_id)
    with app.app_context():
        ranked = db.session.scalars(select(Standing).order_by(Standing.position)).all()
        assert [row.position for row in ranked] == list(range(1, PEOPLE + 1))
        assert len({row.entrant_id for row in ranked}) == PEOPLE
        db.session.remove()
