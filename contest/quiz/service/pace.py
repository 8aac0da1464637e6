"""Work in bulk gives way to those who sit: between its parts a job rests as long as it worked; regrading and the rebuilding of boards use it.

What it leaves free is the database's and the processors' time, which saves and grading need; a queue of its own leaves them the worker.
"""

import time

from sqlalchemy import exists, select

from contest.core import clock
from contest.core.db import db
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState


class Pace:
    """The pace of one job: at most half of the time at work while somebody sits, else all of it."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def rest(self) -> None:
        """Rest as long as was worked since the last rest, if somebody sits now; called where nothing is locked."""
        if somebody_sits():
            time.sleep(time.monotonic() - self._began)
        self._began = time.monotonic()


def somebody_sits() -> bool:
    """Whether an attempt is open whose time runs."""
    sitting = exists().where(Attempt.state == AttemptState.OPEN, Attempt.deadline > clock.now())
    return bool(db.session.scalar(select(sitting)))
