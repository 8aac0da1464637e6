"""Background work of the quiz room; every job may run twice, late, or after a crash, with the same outcome."""

from contest.core import queue
from contest.core.db import unit_of_work
from contest.core.queue import Periodic
from contest.quiz import service


def grade() -> None:
    """Grade whatever waits, a batch a transaction, and note what was to be predicted once a round is graded to the last."""
    waiting = True
    while waiting:
        with unit_of_work():
            waiting = service.grade_batch() > 0
    with unit_of_work():
        service.settle_predictions()


def sweep() -> None:
    """Hand in what ran out of time, then grade; this also finds what a lost Redis forgot."""
    waiting = True
    while waiting:
        with unit_of_work():
            waiting = service.expire_due() > 0
    grade()


def rebuild_boards(all_running: bool = False) -> None:
    """Rebuild the boards that Redis has lost, or those of all rounds that run."""
    service.rebuild_boards(all_running=all_running)


PERIODIC = [
    Periodic(sweep, queue.QUIZ, every=30),
    Periodic(rebuild_boards, queue.QUIZ, every=30),
    Periodic(rebuild_boards, queue.QUIZ, every=600, args=(True,)),
]
