"""Runs the grading job as the worker does, and dies by SIGKILL at the moment that the arguments name; test_grading starts it.

`python grading_until_killed.py before_commit 2` dies when the second unit of work is about to commit.
"""

import os
import signal
import sys

from sqlalchemy import event

from contest import create_app
from contest.core.db import db
from contest.quiz import jobs


def main(moment: str, number: int) -> None:
    """Grade, and die when `moment` comes for the `number`th time."""
    left = number

    def die(session: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with create_app().app_context():
        event.listen(db.session, moment, die)
        jobs.grade()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
