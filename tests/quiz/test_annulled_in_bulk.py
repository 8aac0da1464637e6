"""Two organisers who annul attempts of two closed rounds from the list, in opposite order: nobody waits in a ring, each round is counted right."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError, local
from typing import Any

import pytest
from sqlalchemy import event, select

from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, service
from contest.quiz.ledger import Standing
from contest.quiz.models import QuizRound
from contest.quiz.rules import AttemptState
from tests.factories import make_round
from tests.quiz.at_once import WHY, acts_of
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import attempt, close

pytestmark = pytest.mark.both_databases


@pytest.fixture
def both(make_quiz: Callable[..., Quiz]) -> tuple[Quiz, Quiz]:
    """Two rounds that guess how many take part, nobody in them yet."""
    rules = {"questions": QUESTIONS, "prediction": "participants", "attempts": 1}
    first = make_quiz(**rules)
    with first.app.app_context(), unit_of_work():
        other = make_round(contests.track_of(TrackKind.QUIZ), params=rules)
        service.prepare_round(round_id=other.id, actor_id=first.organizer_id)
        return first, replace(first, round_id=other.id)


@contextmanager
def meeting_in_the_middle(quiz: Quiz, people: int) -> Iterator[None]:
    """Whoever has taken the paper of a first round waits, a moment, until all the others have one too."""
    barrier, mine = Barrier(people), local()

    def stop(*given: Any) -> None:
        taken = "FROM quiz_round" in given[2] and "actual" in given[2]
        if taken and not getattr(mine, "passed", False):
            mine.passed = True
            with suppress(BrokenBarrierError):
                barrier.wait(1)

    with quiz.app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", stop)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", stop)


def test_annulments_over_two_rounds_in_opposite_order_both_arrive(both: tuple[Quiz, Quiz]) -> None:
    first, second = both
    # By their ids the one comes to the first round before the second, the other to the second before the first.
    lists: list[list[int]] = [[], []]
    for quiz, mine in ((second, 1), (first, 0), (second, 0), (first, 1)):
        lists[mine].append(attempt(quiz, f"Người {len(lists[mine])} của {mine}"))
    stay = [attempt(quiz, f"Người ở lại {quiz.round_id}") for quiz in both]
    for quiz in both:
        close(quiz)

    def press(chosen: list[int]) -> None:
        with first.app.app_context(), unit_of_work():
            held = service.hold(attempt_ids=chosen)
            service.annul_all(attempt_ids=held, actor_id=first.organizer_id, reason=WHY)

    with meeting_in_the_middle(first, 2), ThreadPoolExecutor(2) as pool:
        list(pool.map(press, lists))

    assert {first.attempt(one).state for mine in lists for one in mine} == {AttemptState.ANNULLED}
    assert acts_of(first, "attempt.annul") == 4
    with first.app.app_context():
        assert [db.session.get_one(QuizRound, quiz.round_id).actual for quiz in both] == [1, 1]
        jobs.rank()
        assert list(db.session.scalars(select(Standing.attempt_id).order_by(Standing.attempt_id))) == sorted(stay)


def test_one_attempt_that_is_gone_leaves_all_as_they_were(both: tuple[Quiz, Quiz]) -> None:
    first, _ = both
    there = attempt(first, "Người dự thi")
    first.app.config["WTF_CSRF_ENABLED"] = False
    form = {"act": "annul", "reason_annul": WHY, "chosen": [str(there), "999999"]}

    reply = first.client(first.organizer_id).post("/ban-dieu-hanh/luot-thi/nhieu-luot", data=form)

    assert reply.status_code == 404
    assert first.attempt(there).state is AttemptState.HANDED_IN
