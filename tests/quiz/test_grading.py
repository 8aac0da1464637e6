"""Grading twice, late and after a crash; the board after Redis forgot; the ranking in the rules' order."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from redis.exceptions import ConnectionError as Unreachable

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.queries.board import keys
from question_bank.grading import Scheme, grade
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import whole_ranking


def sit(quiz: Quiz, entrant_id: int, *, right: int, seconds: int = 60, prediction: int | None = None) -> int:
    """An attempt with so many right answers, handed in after `seconds`; not graded yet."""
    attempt_id = quiz.begin(entrant_id)
    answers = quiz.key(attempt_id)[:right].ljust(QUESTIONS, "0")
    began = quiz.attempt(attempt_id).started_at
    with clock.frozen(began + timedelta(seconds=seconds)):
        quiz.hand_in(attempt_id, sequence=1, answers=answers, prediction=prediction)
    return attempt_id


def close(quiz: Quiz) -> None:
    """Let the round be over, the sweep have passed and the places be counted."""
    with quiz.app.app_context():
        with unit_of_work():
            db.session.get_one(Round, quiz.round_id).closes_at = clock.now()
        jobs.sweep()
        jobs.rank()


def board(quiz: Quiz) -> queries.BoardPage:
    with quiz.app.app_context():
        return queries.board_page(contests.round_by_id(quiz.round_id), clock.now())


def run(quiz: Quiz, job: Callable[[], Any]) -> None:
    with quiz.app.app_context():
        job()


@pytest.mark.both_databases
def test_graded_marks_equal_those_of_the_question_bank(quiz: Quiz) -> None:
    rng, attempts = random.Random(7), []
    for entrant_id in quiz.entrants(12):
        attempt_id = quiz.begin(entrant_id)
        quiz.hand_in(attempt_id, sequence=1, answers="".join(rng.choice("01248") for _ in range(QUESTIONS)))
        attempts.append(attempt_id)

    run(quiz, jobs.grade)

    for attempt_id in attempts:
        kept = quiz.attempt(attempt_id)
        marks = grade(quiz.key(attempt_id), kept.answers, Scheme(points_per_question=5))
        assert (kept.correct, kept.points) == (marks.correct, marks.points)


def test_grading_twice_changes_nothing(quiz: Quiz) -> None:
    attempt_id = sit(quiz, quiz.entrant_id, right=4)
    run(quiz, jobs.grade)
    first = quiz.attempt(attempt_id).graded_at

    run(quiz, jobs.grade)

    assert quiz.attempt(attempt_id).graded_at == first
    assert board(quiz).total == 1


def test_killed_grader_leaves_everything_to_be_graded_once(quiz: Quiz, database_url: str, redis_url: str) -> None:
    attempts = [sit(quiz, entrant_id, right=3) for entrant_id in quiz.entrants(4)]
    script = (
        "import os, signal\n"
        "from contest import create_app\n"
        "from contest.core.db import unit_of_work\n"
        "from contest.quiz import service\n"
        "with create_app().app_context(), unit_of_work():\n"
        "    service.grade_batch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    env = os.environ | {"KV_ENV": "test", "DATABASE_URL": database_url, "REDIS_URL": redis_url}

    killed = subprocess.run([sys.executable, "-c", script], env=env, timeout=60, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert {quiz.attempt(attempt_id).graded_at for attempt_id in attempts} == {None}
    run(quiz, jobs.sweep)
    assert {quiz.attempt(attempt_id).points for attempt_id in attempts} == {15}
    assert board(quiz).total == 4


def test_sweep_grades_what_a_flushed_redis_forgot_and_the_board_comes_back(quiz: Quiz, redis: redis.Redis) -> None:
    sit(quiz, quiz.entrant_id, right=9)
    run(quiz, jobs.grade)
    for entrant_id in quiz.entrants(3):
        sit(quiz, entrant_id, right=2)
    redis.flushall()

    run(quiz, jobs.sweep)
    run(quiz, jobs.rebuild_boards)

    found = board(quiz)
    assert found.live
    assert [row.points for row in found.rows] == [45, 10, 10, 10]


def test_sweep_hands_in_what_ran_out_of_time_with_what_it_held(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        packet = service.Packet(sequence=1, changes={0: quiz.key(attempt_id)[0]})
        service.save(attempt_id=attempt_id, who=quiz.entrant_id, packet=packet)

    with clock.shifted(timedelta(minutes=16)):
        run(quiz, jobs.sweep)

    kept = quiz.attempt(attempt_id)
    assert (kept.state.value, kept.points, kept.handed_in_at) == ("expired", 5, kept.deadline)
    assert kept.receipt.startswith("TN1-")


@pytest.mark.both_databases
def test_board_orders_by_points_then_time_then_moment_in_redis_and_in_sql(quiz: Quiz) -> None:
    slow, fast, best, low = quiz.entrants(4)
    for entrant_id, right, seconds in ((slow, 5, 90), (fast, 5, 30), (best, 9, 200), (low, 1, 10)):
        sit(quiz, entrant_id, right=right, seconds=seconds)
    from_sql = board_after(quiz, jobs.grade, flush=True)
    from_redis = board_after(quiz, jobs.rebuild_boards)

    assert not from_sql.live
    assert from_redis.live
    assert [row.entrant_id for row in from_redis.rows] == [best, fast, slow, low]
    assert [row.duration_ms for row in from_redis.rows] == [200_000, 30_000, 90_000, 10_000]
    assert list(from_sql.rows) == list(from_redis.rows)


def board_after(quiz: Quiz, job: Callable[[], Any], *, flush: bool = False) -> queries.BoardPage:
    run(quiz, job)
    if flush:
        with quiz.app.app_context():
            queue.connection().flushall()
    return board(quiz)


@pytest.mark.parametrize(("counted", "points"), [("best", 40), ("first", 10), ("last", 40)])
def test_one_attempt_of_an_entrant_counts(make_quiz: Callable[..., Quiz], counted: str, points: int) -> None:
    quiz = make_quiz(counted=counted)
    sit(quiz, quiz.entrant_id, right=2)
    run(quiz, jobs.grade)
    sit(quiz, quiz.entrant_id, right=8)
    run(quiz, jobs.rebuild_boards)
    run(quiz, jobs.grade)

    found = board(quiz)
    assert [(row.entrant_id, row.points) for row in found.rows] == [(quiz.entrant_id, points)]


@pytest.mark.both_databases
def test_closed_round_is_ranked_by_every_criterion_in_the_rules_order(quiz: Quiz) -> None:
    exact, near, none, late = quiz.entrants(4)
    for entrant_id, seconds, prediction in ((late, 99, 4), (none, 10, None), (near, 40, 2), (exact, 60, 4)):
        sit(quiz, entrant_id, right=QUESTIONS, seconds=seconds, prediction=prediction)
    close(quiz)

    with quiz.app.app_context():
        ranking = whole_ranking(quiz.round_id)
        mine = next(row for row in ranking if row.entrant_id == late)
        trace = queries.trace_of(contests.round_by_id(quiz.round_id), mine)
        page = queries.board_page(contests.round_by_id(quiz.round_id), clock.now())

    assert [row.entrant_id for row in ranking] == [exact, late, near, none]
    assert [row.prediction_error for row in ranking] == [0, 0, 2, None]
    assert [(step.criterion, step.equal, step.decides) for step in trace] == [
        ("score", 3, False),
        ("prediction", 1, False),
        ("duration", 0, True),
        ("submitted", 0, False),
    ]
    assert (page.final, page.actual, [row.entrant_id for row in page.rows]) == (True, 4, [exact, late, near, none])


@pytest.mark.parametrize(
    ("asked", "actual"), [("all_correct", 1), ("participants", 2), ("attempts", 3), ("none", None)]
)
def test_prediction_is_answered_once_the_round_is_over(
    make_quiz: Callable[..., Quiz], asked: str, actual: int | None
) -> None:
    quiz = make_quiz(prediction=asked)
    sit(quiz, quiz.entrant_id, right=QUESTIONS)
    sit(quiz, quiz.entrant_id, right=1)
    sit(quiz, quiz.entrants(1)[0], right=1)
    close(quiz)

    found = board(quiz)
    assert found.final
    assert found.actual == actual


def test_annulled_attempt_leaves_board_and_ranking_and_comes_back(quiz: Quiz) -> None:
    attempt_id = sit(quiz, quiz.entrant_id, right=5)
    run(quiz, jobs.grade)
    run(quiz, jobs.rebuild_boards)
    with quiz.app.app_context(), unit_of_work():
        service.annul(attempt_id=attempt_id, actor_id=quiz.organizer_id, reason="Hai người làm chung một máy")
    assert board(quiz).total == 0

    with quiz.app.app_context(), unit_of_work():
        service.restore(attempt_id=attempt_id, actor_id=quiz.organizer_id, reason="Đã xác minh")

    assert board(quiz).total == 1


def test_board_reads_and_grading_do_without_redis(quiz: Quiz, monkeypatch: pytest.MonkeyPatch) -> None:
    sit(quiz, quiz.entrant_id, right=5)
    dead = redis.Redis.from_url("redis://127.0.0.1:1")
    with pytest.raises(Unreachable):
        dead.ping()
    quiz.app.extensions["kv_redis"] = dead

    run(quiz, jobs.grade)
    run(quiz, jobs.rebuild_boards)

    assert [row.points for row in board(quiz).rows] == [25]


def test_change_during_a_rebuild_is_not_lost(quiz: Quiz) -> None:
    first, second = quiz.entrants(2)
    sit(quiz, first, right=5)
    run(quiz, jobs.grade)
    run(quiz, jobs.rebuild_boards)
    sit(quiz, second, right=7)
    run(quiz, jobs.grade)
    with quiz.app.app_context():
        assert service.rebuild_board(quiz.round_id) == 2

    assert [row.entrant_id for row in board(quiz).rows] == [second, first]


@pytest.mark.both_databases
def test_boards_built_anew_while_people_are_graded_lose_nobody(quiz: Quiz, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contest.quiz.service.board._CHUNK", 2)
    everybody = quiz.entrants(10)
    done, built = Event(), []

    def build() -> None:
        while not done.is_set():
            run(quiz, lambda: built.append(service.rebuild_board(quiz.round_id)))

    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(build)
        try:
            for right, entrant_id in enumerate(everybody):
                sit(quiz, entrant_id, right=right)
                run(quiz, jobs.grade)
        finally:
            done.set()
        building.result()

    assert built
    assert None not in built
    assert [row.entrant_id for row in board(quiz).rows] == everybody[::-1]


def test_builder_that_lost_its_lock_leaves_the_board_to_the_next(quiz: Quiz) -> None:
    sit(quiz, quiz.entrant_id, right=5)
    run(quiz, jobs.grade)
    lock = keys(quiz.round_id)[4]
    with quiz.app.app_context():

        @sa.event.listens_for(db.engine, "before_cursor_execute")
        def another_takes_it(*given: Any) -> None:
            queue.connection().set(lock, "another")

        assert service.rebuild_board(quiz.round_id) is None
        assert queue.connection().get(lock) == b"another"


def test_deadlines_follow_an_earlier_and_a_later_close(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    before = quiz.attempt(attempt_id).deadline
    now = clock.now()

    for closes_at, deadline in (
        (now + timedelta(minutes=5), now + timedelta(minutes=5)),
        (now + timedelta(days=1), before),
    ):
        with quiz.app.app_context(), unit_of_work():
            db.session.get_one(Round, quiz.round_id).closes_at = closes_at
            db.session.flush()
            assert service.reset_deadlines(round_id=quiz.round_id) == 1
        assert quiz.attempt(attempt_id).deadline == deadline


def test_granted_time_reaches_beyond_the_close_and_is_on_record(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    before = quiz.attempt(attempt_id).deadline

    with quiz.app.app_context(), unit_of_work():
        service.grant_time(attempt_id=attempt_id, minutes=10, actor_id=quiz.organizer_id, reason="Mất điện cả xã")

    assert quiz.attempt(attempt_id).deadline == before + timedelta(minutes=10)
