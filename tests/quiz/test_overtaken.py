"""Who moves the same entrant on the live board at the same moment: whoever comes last to the board never leaves there what was true before, on both databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Thread, current_thread
from typing import Any

import pytest
from sqlalchemy import event

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.core import clock, queue
from contest.core.db import after_commit, db, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.queries import board
from tests.quiz.at_once import Make, beside, signed
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.test_regrade import change, handed_in, run, versions_of

pytestmark = pytest.mark.both_databases
LATER = 7  # right answers of the second attempt, which alone counts


@pytest.fixture
def quiz(make_quiz: Make) -> Quiz:
    """The last attempt counts; the live board is whole and somebody else stands on it."""
    quiz = make_quiz(prediction="none", tie_breaks=["score", "duration"], counted="last")
    handed_in(quiz, quiz.entrants(1)[0])
    run(quiz, jobs.grade)
    run(quiz, jobs.rebuild_boards)
    return quiz


def points(quiz: Quiz) -> int | None:
    """What the live board says of the entrant."""
    with quiz.app.app_context():
        found = queries.board_page(contests.round_by_id(quiz.round_id), clock.now())
        assert found.live
        return next((row.points for row in found.rows if row.entrant_id == quiz.entrant_id), None)


def graded(quiz: Quiz) -> None:
    """Another worker grades what waits."""
    with quiz.app.app_context():
        jobs.grade()
        db.session.remove()


def elsewhere(act: Callable[[], Any]) -> None:
    """Do it in a thread, to its end."""
    runner = Thread(target=act)
    runner.start()
    runner.join(20)
    assert not runner.is_alive()


def later(quiz: Quiz) -> None:
    """The entrant hands in once more, and another worker grades that and moves the board."""
    handed_in(quiz, quiz.entrant_id, right=LATER)
    graded(quiz)


@contextmanager
def after_reading(quiz: Quiz, act: Callable[[], Any]) -> Iterator[None]:
    """`act` comes, once, when this thread has read where the entrants stand and has not yet told the board."""
    reader, due = current_thread(), [act]

    def on_read(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if current_thread() is reader and "turn" in statement and due:
            elsewhere(due.pop())

    with quiz.app.app_context():
        event.listen(db.engine, "after_cursor_execute", on_read)
        try:
            yield
        finally:
            event.remove(db.engine, "after_cursor_execute", on_read)
    assert not due


def test_board_keeps_the_later_attempt_graded_between_commit_and_move(quiz: Quiz) -> None:
    handed_in(quiz, quiz.entrant_id)

    with quiz.app.app_context(), unit_of_work():
        after_commit(lambda: elsewhere(partial(later, quiz)))
        service.grade_batch()

    assert points(quiz) == LATER * 5


def test_board_keeps_the_later_attempt_graded_beside_the_first(quiz: Quiz) -> None:
    handed_in(quiz, quiz.entrant_id)

    beside(quiz, service.grade_batch, partial(later_in_the_unit, quiz))
    run(quiz, jobs.grade)

    assert points(quiz) == LATER * 5


def later_in_the_unit(quiz: Quiz) -> int:
    """Hand in once more and grade, within the open unit of work."""
    attempt_id = service.begin(round_id=quiz.round_id, who=quiz.entrant_id).attempt_id
    paper = queries.attempt_by_id(attempt_id).attempt
    answers = queries.frozen_bank(quiz.round_id).key(paper.seed)[:LATER].ljust(len(paper.answers), "0")
    service.hand_in(attempt_id=attempt_id, who=quiz.entrant_id, packet=service.Packet(sequence=1, answers=answers))
    return service.grade_batch()


def test_board_keeps_the_later_attempt_graded_between_reading_and_moving(quiz: Quiz) -> None:
    handed_in(quiz, quiz.entrant_id)

    with after_reading(quiz, partial(later, quiz)), unit_of_work():
        service.grade_batch()

    assert points(quiz) == LATER * 5


def test_board_forgets_who_was_annulled_while_another_attempt_was_moved(quiz: Quiz) -> None:
    first = handed_in(quiz, quiz.entrant_id)

    def annul() -> None:
        with quiz.app.app_context(), unit_of_work():
            service.annul(attempt_id=first, **signed(quiz))

    with after_reading(quiz, annul), unit_of_work():
        service.grade_batch()

    assert points(quiz) is None


def test_board_has_the_marks_of_a_key_that_was_changed_while_they_were_moved(quiz: Quiz) -> None:
    attempt_id = handed_in(quiz, quiz.entrant_id)

    def correct() -> None:
        change(quiz, versions_of(quiz, attempt_id)[0])
        run(quiz, jobs.regrade)

    with after_reading(quiz, correct), unit_of_work():
        service.grade_batch()

    assert points(quiz) == (QUESTIONS - 1) * 5


def test_board_stands_by_the_rules_that_were_changed_while_somebody_was_moved(quiz: Quiz) -> None:
    handed_in(quiz, quiz.entrants(1)[0])
    run(quiz, jobs.grade)
    later(quiz)
    handed_in(quiz, quiz.entrant_id)

    def count_the_first() -> None:
        with quiz.app.app_context(), unit_of_work():
            round_ = db.session.get_one(Round, quiz.round_id)
            round_.params = {**round_.params, "counted": "first"}
            service.follow_rules(round_id=quiz.round_id)
        run(quiz, jobs.rebuild_boards)

    with after_reading(quiz, count_the_first), unit_of_work():
        service.grade_batch()

    assert points(quiz) == LATER * 5


def test_board_moves_on_when_redis_forgot_how_far_it_had_counted(quiz: Quiz) -> None:
    with quiz.app.app_context():
        queue.connection().set(board.drawn_keys(quiz.round_id)[0], 1000)
    handed_in(quiz, quiz.entrant_id)

    def forget() -> None:
        with quiz.app.app_context():
            queue.connection().flushall()
            service.rebuild_board(quiz.round_id)

    with after_reading(quiz, forget), unit_of_work():
        service.grade_batch()
    later(quiz)

    assert points(quiz) == LATER * 5
