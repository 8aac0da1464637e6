"""A worker or a web process killed right after its commit, before boards and copies followed: what runs every so often brings them to where they belong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core import db as core_db
from contest.core.db import unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import KeyRule
from tests.quiz.at_once import Make, signed
from tests.quiz.conftest import Quiz
from tests.quiz.places import close
from tests.quiz.test_regrade import handed_in, other_key, versions_of

pytestmark = pytest.mark.both_databases
Heal = Callable[[], None]


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def dying_after_the_commit() -> Iterator[None]:
    """Whoever commits a unit of work dies at once: what it has written stays, and nothing that was to follow does."""

    def die() -> None:
        raise Killed

    def plan(session: Session) -> None:
        following = core_db._after_commit.get()
        if following is not None and not session.in_nested_transaction():
            following.insert(0, die)

    event.listen(Session, "before_commit", plan)
    try:
        with suppress(Killed):
            yield
            raise AssertionError("nobody died")
    finally:
        event.remove(Session, "before_commit", plan)


@pytest.fixture
def three(make_quiz: Make) -> tuple[Quiz, list[int]]:
    """A running round with three on its board: all right, nine right, eight right."""
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=1)
    attempts = [handed_in(quiz, who, right=right) for who, right in zip(quiz.entrants(3), (10, 9, 8), strict=True)]
    with quiz.app.app_context():
        jobs.grade()
        jobs.rebuild_boards()
    assert board(quiz) == people(quiz, attempts)
    return quiz, attempts


Three = tuple[Quiz, list[int]]


def people(quiz: Quiz, attempts: list[int]) -> list[int]:
    return [quiz.attempt(one).entrant_id for one in attempts]


def board(quiz: Quiz) -> list[int]:
    """Who stands on the board as everybody sees it, in order."""
    with quiz.app.app_context():
        found = queries.board_page(contests.round_by_id(quiz.round_id), clock.now())
        return [row.entrant_id for row in found.rows]


def ranks(quiz: Quiz, attempts: list[int]) -> list[int | None]:
    """What each is told of their own rank."""
    with quiz.app.app_context():
        round_ = contests.round_by_id(quiz.round_id)
        return [queries.my_rank(round_, who, clock.now()) for who in people(quiz, attempts)]


def heal(quiz: Quiz, *what: Heal) -> None:
    """Let the periodic work pass, half a minute later."""
    with quiz.app.app_context(), clock.shifted(timedelta(seconds=40)):
        for one in what:
            one()


def killed(quiz: Quiz, act: Callable[[], Any]) -> None:
    """Do it in a unit of work, and die after its commit."""
    with quiz.app.app_context(), dying_after_the_commit(), unit_of_work():
        act()


def test_batch_that_was_graded_reaches_the_board(three: Three) -> None:
    quiz, attempts = three
    late = handed_in(quiz, quiz.entrant_id, right=7)

    with quiz.app.app_context(), dying_after_the_commit():
        jobs.grade()
    assert quiz.attempt(late).points == 35
    assert board(quiz) == people(quiz, attempts)

    heal(quiz, jobs.heal_boards)
    assert board(quiz) == people(quiz, [*attempts, late])


def test_attempt_that_was_annulled_leaves_the_board(three: Three) -> None:
    quiz, attempts = three

    killed(quiz, partial(service.annul, attempt_id=attempts[0], **signed(quiz)))

    heal(quiz, partial(jobs.rebuild_boards, True))
    assert board(quiz) == people(quiz, attempts[1:])


def test_board_follows_rules_that_were_changed(three: Three) -> None:
    quiz, attempts = three

    def change() -> None:
        params = QuizParams.read(contests.round_by_id(quiz.round_id).params)
        made = rounds.change_rules(
            round_id=quiz.round_id, params=replace(params, all_answered=True), begun=True, **signed(quiz)
        )
        service.follow_rules(round_id=quiz.round_id, changed=made.after)

    killed(quiz, change)

    heal(quiz, partial(jobs.rebuild_boards, True))
    assert board(quiz) == people(quiz, attempts[:1])


def test_key_whose_marks_were_written_moves_the_board(three: Three) -> None:
    quiz, attempts = three
    version_id = min(set(versions_of(quiz, attempts[0])[:9]) - set(versions_of(quiz, attempts[1])[:9]))
    change = partial(
        service.change_key,
        round_id=quiz.round_id,
        version_id=version_id,
        rule=KeyRule.KEY,
        key=other_key(quiz, version_id),
        **signed(quiz),
    )
    killed(quiz, change)
    for _ in range(3):
        with quiz.app.app_context(), suppress(AssertionError), dying_after_the_commit():
            jobs.regrade()
    assert quiz.attempt(attempts[0]).points == 45

    heal(quiz, jobs.regrade, partial(jobs.rebuild_boards, True))
    with quiz.app.app_context():
        found = queries.board_page(contests.round_by_id(quiz.round_id), clock.now())
    assert {row.entrant_id: row.points for row in found.rows} == {
        quiz.attempt(one).entrant_id: quiz.attempt(one).points for one in attempts
    }


def test_places_that_were_counted_again_are_told_by_every_page(three: Three) -> None:
    quiz, attempts = three
    close(quiz)
    assert ranks(quiz, attempts) == [1, 2, 3]

    killed(quiz, partial(service.annul, attempt_id=attempts[0], **signed(quiz)))
    killed(quiz, partial(service.rank_round, quiz.round_id))

    heal(quiz, jobs.rank, jobs.rebuild_boards)
    assert ranks(quiz, attempts) == [None, 1, 2]
    assert board(quiz) == people(quiz, attempts[1:])


def test_first_count_of_a_round_that_is_over_is_told_by_every_page(three: Three) -> None:
    quiz, attempts = three
    with quiz.app.app_context(), unit_of_work():
        rounds.close_now(round_id=quiz.round_id, **signed(quiz))

    killed(quiz, partial(service.rank_round, quiz.round_id))

    heal(quiz, jobs.rank, jobs.rebuild_boards)
    assert ranks(quiz, attempts) == [1, 2, 3]
    assert board(quiz) == people(quiz, attempts)
