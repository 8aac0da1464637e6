"""Background work of the quiz room; every job may run twice, late, or after a crash, with the same outcome."""

from datetime import timedelta

from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.core.queue import Periodic
from contest.quiz import queries, service
from contest.quiz.queries.looks import IMPORTING
from contest.quiz.service import analysis, counting, grading, imports, looks
from contest.quiz.service.pace import Pace

AT_ONCE = 50  # batches that one job grades; then the sweep has its turn
NOT_YET = timedelta(minutes=1)  # for which attempts that begin are left to the next count


def grade() -> None:
    """Grade whatever waits, a batch a transaction, until a batch is not full: who hands in meanwhile asks for another job."""
    for _ in range(AT_ONCE):
        with unit_of_work():
            if service.grade_batch() < grading.BATCH:
                return
    queue.send(queue.QUIZ, grade, once="grade")


def rank() -> None:
    """Once a round is over and graded to the last, note what was to be predicted and count the places, again when they no longer hold; index large ones."""
    with unit_of_work():
        service.settle_predictions()
    due = service.rounds_to_rank()
    for round_id in due:
        with unit_of_work():
            counting.count_places(round_id)
    if due:
        service.copy_lost_places()
    for round_id in service.rounds_to_index():
        more = True
        while more:
            with unit_of_work():
                more = service.index_papers(round_id) > 0


def regrade() -> None:
    """Mark anew what changed keys ask for, a few chunks a transaction, then let boards and places follow.

    While somebody sits it works half of the time. Where no other worker grades, whoever hands in meanwhile is graded between the chunks.
    """
    for change_id in service.changes_to_apply():
        pace, more = Pace(), True
        while more:
            with unit_of_work():
                more = service.apply_change(change_id)
            if queue.heard_here(queue.QUIZ):
                grade()
            pace.rest()
        service.rebuild_boards(all_running=True)
    rank()


def analyse() -> None:
    """Work out the item analyses of large rounds that the desk asked for."""
    while analysis.analyse_next():
        pass


def preview_keys() -> None:
    """Look at the changed keys of large rounds that the desk asked about; nothing is written, each is read as it stands when its turn comes."""
    while service.preview_next():
        db.session.remove()


def compare_bank() -> None:
    """Compare the questions of large banks that the desk asked about; nothing is written."""
    while service.compare_next():
        db.session.remove()


def read_files() -> None:
    """Read the large files of questions that the desk was sent; nothing is written into the bank."""
    while looks.look_next():
        db.session.remove()


def import_files() -> None:
    """Import what organisers confirmed of large files, some hundreds of questions a transaction; half of the time while somebody sits."""
    while (word := imports.import_taken()) is not None:
        with IMPORTING.at_work(word):
            underway, pace, more = imports.begin_import(word), Pace(), True
            while more:
                with unit_of_work():
                    more = imports.import_part(underway)
                imports.tell_import(underway)
                pace.rest()


def look_for_signals() -> None:
    """Look for what people should judge in rounds that are over; off the hours in which people sit."""
    for round_id in service.rounds_to_search():
        looked_at = clock.now()
        found = service.find_signals(round_id)
        with unit_of_work():
            service.keep_signals(round_id, found, looked_at=looked_at)


def sweep() -> None:
    """Hand in what ran out of time, and grade; this also finds what a lost Redis forgot."""
    waiting = True
    while waiting:
        with unit_of_work():
            waiting = service.expire_due() > 0
        grade()


def rebuild_boards(all_running: bool = False) -> None:
    """Rebuild the boards that Redis has lost, or those of all rounds that run, and copy the places that it has lost."""
    service.rebuild_boards(all_running=all_running)
    service.copy_lost_places()


def heal_boards() -> None:
    """Send again what was graded but never arrived on the boards."""
    service.heal_boards()


def count_exposure() -> None:
    """Count how often each question was drawn since the last count, a few thousand papers a transaction, round by round; what began just now waits for the next count."""
    settled = clock.now() - NOT_YET
    for round_id in queries.drawing_rounds():
        waiting = True
        while waiting:
            with unit_of_work():
                waiting = service.count_exposure(round_id=round_id, begun_before=settled) > 0


PERIODIC = [
    Periodic(sweep, queue.QUIZ, every=30, timeout=queue.LONGEST),
    Periodic(heal_boards, queue.QUIZ, every=30),
    Periodic(preview_keys, queue.LONG, every=3, timeout=queue.LONGEST),
    Periodic(compare_bank, queue.LONG, every=3, timeout=queue.LONGEST),
    Periodic(read_files, queue.LONG, every=3, timeout=queue.LONGEST),
    Periodic(import_files, queue.LONG, every=3, timeout=queue.LONGEST),
    Periodic(analyse, queue.LONG, every=10, timeout=queue.LONGEST),
    Periodic(rank, queue.LONG, every=10, timeout=queue.LONGEST),
    Periodic(regrade, queue.LONG, every=10, timeout=queue.LONGEST),
    Periodic(rebuild_boards, queue.LONG, every=30, timeout=queue.LONGEST),
    Periodic(rebuild_boards, queue.LONG, every=600, args=(True,), timeout=queue.LONGEST),
    Periodic(look_for_signals, queue.LONG, every=60, timeout=queue.LONGEST),
    Periodic(count_exposure, queue.LONG, every=900, timeout=queue.LONGEST),
]
