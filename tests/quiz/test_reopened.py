"""A round that is extended after its close and closes again: what was counted before holds no more, and everything is counted anew."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import RoundLedger
from contest.quiz.queries.board import board_page
from contest.quiz.queries.own_rank import my_rank
from tests.quiz.at_once import beside, signed
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close
from tests.quiz.test_regrade import run

Make = Callable[..., Quiz]
BOARD = "/thi-trac-nghiem/bang-xep-hang"


def extend(quiz: Quiz) -> None:
    """Move the close an hour on, as the desk does."""
    rounds.extend(round_id=quiz.round_id, until=clock.now() + timedelta(hours=1), **signed(quiz))
    service.reset_deadlines(round_id=quiz.round_id)


def reopened(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        extend(quiz)


def closed_again(quiz: Quiz) -> None:
    """Close the round as the desk does; nothing is swept or counted yet."""
    with quiz.app.app_context(), unit_of_work():
        rounds.close_now(round_id=quiz.round_id, **signed(quiz))
        service.reset_deadlines(round_id=quiz.round_id)


def shown(quiz: Quiz) -> queries.BoardPage:
    with quiz.app.app_context():
        return board_page(contests.round_by_id(quiz.round_id), clock.now())


def rank_of(quiz: Quiz) -> int | None:
    with quiz.app.app_context():
        return my_rank(contests.round_by_id(quiz.round_id), quiz.entrant_id, clock.now())


@pytest.mark.both_databases
def test_round_that_closes_again_shows_no_places_until_they_are_counted_anew(make_quiz: Make) -> None:
    quiz = make_quiz(
        prediction="all_correct",
        hide_counters=True,
        close_cuts_short=False,
        tie_breaks=["score", "prediction", "duration"],
    )
    attempt(quiz, "Người trước", guess=4)
    own = quiz.begin()
    quiz.hand_in(own, answers=quiz.key(own), prediction=5)
    close(quiz)
    run(quiz, jobs.rebuild_boards)
    assert shown(quiz).final
    assert rank_of(quiz) == 2

    reopened(quiz)
    quiz.begin(quiz.entrants(1)[0])
    attempt(quiz, "Người sau", guess=1, seconds=1)
    closed_again(quiz)
    run(quiz, jobs.sweep)
    run(quiz, jobs.rank)

    assert not shown(quiz).final
    assert rank_of(quiz) is None
    assert quiz.client().get(BOARD).status_code == 200
    assert quiz.app.test_client().get(f"{BOARD}?xem=1").status_code == 200

    with clock.shifted(timedelta(hours=1)):
        run(quiz, jobs.sweep)
        run(quiz, jobs.rank)
        assert (shown(quiz).final, shown(quiz).actual, shown(quiz).total) == (True, 3, 4)


@pytest.mark.both_databases
def test_lot_is_drawn_anew_after_the_second_close(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "lot"])
    attempt(quiz, "Người trước")
    close(quiz)
    first = seed(quiz)

    reopened(quiz)
    assert seed(quiz) is None
    attempt(quiz, "Người sau")
    close(quiz)

    assert first is not None
    assert seed(quiz) not in (None, first)
    assert shown(quiz).total == 2


@pytest.mark.both_databases
def test_best_prizes_know_no_places_of_a_round_that_closed_again(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score"])
    attempt(quiz, "Người trước")
    close(quiz)
    reopened(quiz)
    closed_again(quiz)

    with quiz.app.app_context():
        assert queries.places_over_rounds() == {}
        jobs.rank()
        assert len(queries.places_over_rounds()) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("counted_first", [False, True])
def test_extension_beside_a_count_of_places_leaves_none(make_quiz: Make, counted_first: bool) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "lot"])
    attempt(quiz, "Người trước")
    with quiz.app.app_context(), unit_of_work():
        contests.round_by_id(quiz.round_id).closes_at = clock.now()

    both = [partial(service.rank_round, quiz.round_id), partial(extend, quiz)]
    beside(quiz, *(both if counted_first else reversed(both)))

    with quiz.app.app_context():
        ledger = db.session.get(RoundLedger, quiz.round_id)
        assert ledger is None or (ledger.ranked_at, ledger.lot_seed) == (None, None)


def seed(quiz: Quiz) -> str | None:
    """The lot that is drawn now."""
    with quiz.app.app_context():
        return db.session.get_one(RoundLedger, quiz.round_id).lot_seed
