"""A worker is killed in the middle of grading: another goes on, every attempt is graded once and the board is right."""

import os
import random
import secrets
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from contest.config import ROOT, Config
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from contest.quiz.service.grading import BATCH
from question_bank.draw import SEED_BITS
from tests.resilience import ledger
from tests.resilience.site import Entrant, seeded
from tests.tools.running import eventually

SCRIPT = Path(__file__).with_name("grading_until_killed.py")
PEOPLE, EACH = 20, 230

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]


def hand_in_many(app: Flask, round_id: int, entrants: list[Entrant]) -> None:
    """Write handed-in attempts that wait for marks, more than two batches of them."""
    chance, now = random.Random(7), clock.now()
    with app.app_context():
        with unit_of_work() as session:
            session.execute(
                insert(Attempt),
                [
                    {
                        "round_id": round_id,
                        "entrant_id": entrant.account_id,
                        "number": number,
                        "seed": chance.getrandbits(SEED_BITS),
                        "state": AttemptState.HANDED_IN,
                        "started_at": now - timedelta(minutes=9),
                        "deadline": now + timedelta(minutes=6),
                        "extra_seconds": 0,
                        "answers": "".join(chance.choice("01248") for _ in range(20)),
                        "marked": "",
                        "sequence": number,
                        "handed_in_at": now - timedelta(seconds=number),
                        "receipt": f"{entrant.account_id}-{number}",
                        "digest": secrets.token_hex(32),
                        "duration_ms": chance.randrange(60_000, 540_000),
                    }
                    for entrant in entrants
                    for number in range(1, EACH + 1)
                ],
            )
        db.session.remove()


def grade_until_killed(config: Config, moment: str, number: int) -> None:
    """Grade in another process, which dies by SIGKILL at that moment."""
    env = os.environ | {
        "KV_ENV": "test",
        "KV_DATA_DIR": str(config.data_dir),
        "SECRET_KEY": config.secret_key,
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "STORAGE_URL": config.storage_url,
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPT), moment, str(number)], env=env, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


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

    grade_until_killed(config, moment, number)
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
