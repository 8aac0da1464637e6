"""Counts of places and answers beside acts that change them, on both databases: what was counted too early is counted again."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, service
from contest.quiz.ledger import Standing
from contest.quiz.models import QuizRound
from tests.quiz.at_once import THREADS, Make, acts_of, beside, signed, tried_at_once
from tests.quiz.places import close, whole_ranking

pytestmark = pytest.mark.both_databases


def test_annulments_at_once_after_the_close_never_wait_in_a_ring(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants", attempts=1)
    attempts = [quiz.begin(who) for who in quiz.entrants(8)]
    for attempt_id in attempts:
        quiz.hand_in(attempt_id)
    close(quiz)

    def annul(*which: int) -> None:
        service.hold(attempt_ids=which)
        for attempt_id in which:
            service.annul(attempt_id=attempt_id, **signed(quiz))

    tried_at_once(quiz, partial(annul, *attempts), *(partial(annul, attempt_id) for attempt_id in reversed(attempts)))

    with quiz.app.app_context():
        assert db.session.get_one(QuizRound, quiz.round_id).actual == 0
    assert acts_of(quiz, "attempt.annul") == 8


@pytest.mark.parametrize("counted_first", [False, True])
def test_count_for_the_prediction_beside_an_extension_leaves_no_answer_to_an_open_round(
    make_quiz: Make, counted_first: bool
) -> None:
    quiz = make_quiz(prediction="participants")
    quiz.hand_in(quiz.begin())
    with quiz.app.app_context():
        with unit_of_work():
            service.grade_batch()
        with unit_of_work():
            contests.round_by_id(quiz.round_id).closes_at = clock.now()

    def later() -> None:
        rounds.extend(round_id=quiz.round_id, until=clock.now() + timedelta(days=1), **signed(quiz))
        service.reset_deadlines(round_id=quiz.round_id)

    acts = [service.settle_predictions, later]
    beside(quiz, *(acts if counted_first else reversed(acts)))

    with quiz.app.app_context():
        assert db.session.get_one(QuizRound, quiz.round_id).actual is None


def test_places_counted_by_many_at_once_are_counted_once_with_one_lot(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "lot"], attempts=1)
    for who in quiz.entrants(5):
        quiz.hand_in(quiz.begin(who))
    with quiz.app.app_context():
        with unit_of_work():
            service.grade_batch()
        with unit_of_work():
            db.session.get_one(Round, quiz.round_id).closes_at = clock.now()

    assert tried_at_once(quiz, *[partial(service.rank_round, quiz.round_id)] * THREADS) == [5] * THREADS

    assert acts_of(quiz, "quiz.lot") == 1
    with quiz.app.app_context():
        assert len(whole_ranking(quiz.round_id)) == 5


@pytest.mark.parametrize("counted_first", [False, True])
@pytest.mark.parametrize("ranked_before", [False, True])
def test_annulment_beside_a_count_of_places_is_counted_after_all(
    make_quiz: Make, ranked_before: bool, counted_first: bool
) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=1)
    attempts = [quiz.begin(who) for who in quiz.entrants(3)]
    for attempt_id in attempts:
        quiz.hand_in(attempt_id)
    with quiz.app.app_context():
        with unit_of_work():
            service.grade_batch()
        with unit_of_work():
            contests.round_by_id(quiz.round_id).closes_at = clock.now()
    annul = [partial(service.annul, attempt_id=attempt_id, **signed(quiz)) for attempt_id in attempts]
    if ranked_before:
        tried_at_once(quiz, partial(service.rank_round, quiz.round_id))
        tried_at_once(quiz, annul[1])

    both = [partial(service.rank_round, quiz.round_id), annul[0]]
    beside(quiz, *(both if counted_first else reversed(both)))

    with quiz.app.app_context():
        jobs.rank()
        ranked = set(db.session.scalars(select(Standing.attempt_id)))
    assert ranked == set(attempts[2:] if ranked_before else attempts[1:])
