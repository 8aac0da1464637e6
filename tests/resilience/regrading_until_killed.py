"""Runs a job of the worker for long work, in small parts, and dies by SIGKILL at the moment that the arguments name; test_regrading starts it.

`python regrading_until_killed.py regrade before_commit 2` dies when the session is about to commit for the second time; what was only read is
committed too.
"""

import os
import signal
import sys

from sqlalchemy import event

from contest import create_app
from contest.core import queue
from contest.core.db import db
from contest.quiz import jobs
from contest.quiz.service import regrading

PART = 100


def main(job: str, moment: str, number: int) -> None:
    """Do the job as a worker that grades nothing, and die when `moment` comes for the `number`th time."""
    left = number
    regrading.CHUNK = PART

    def die(session: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with create_app().app_context():
        queue.hear([queue.LONG])
        event.listen(db.session, moment, die)
        getattr(jobs, job)()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
