"""Runs a job of the quiz as the worker does, and dies by SIGKILL when a statement begins as the argument says; test_analysis and test_previews start it.

`python job_until_killed.py analyse "SELECT attempt.id"` dies when the first such statement is about to be sent.
"""

import os
import signal
import sys

from sqlalchemy import event

from contest import create_app
from contest.core.db import db
from contest.quiz import jobs


def main(job: str, words: str) -> None:
    """Do the job, and die when a statement begins with `words`."""

    def die(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().startswith(words):
            os.kill(os.getpid(), signal.SIGKILL)

    with create_app().app_context():
        event.listen(db.engine, "before_cursor_execute", die)
        getattr(jobs, job)()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
