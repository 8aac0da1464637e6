"""A round that has closed while people still sit: what waits for the close waits for the last of them, and the pages say until when."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.core.display import vn_datetime
from contest.core.errors import Refused
from contest.quiz import jobs, queries, service
from contest.quiz.rules import sentences
from tests.addresses import of_attempt
from tests.quiz.at_once import signed, tried_at_once
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close
from tests.quiz.test_regrade import run

Make = Callable[..., Quiz]
BOARD = "/thi-trac-nghiem/bang-xep-hang"
GUESSED = {"prediction": "participants", "hide_counters": True, "tie_breaks": ["score", "prediction"]}


def shut(quiz: Quiz) -> None:
    """The round closes now; who sits goes on, as the rules or granted time let them."""
    with quiz.app.app_context(), unit_of_work():
        rounds.close_now(round_id=quiz.round_id, **signed(quiz))
        service.reset_deadlines(round_id=quiz.round_id)
    for job in (jobs.sweep, jobs.rank, jobs.rebuild_boards):
        run(quiz, job)


def until(quiz: Quiz) -> str:
    """The hour that pages wait for."""
    with quiz.app.app_context():
        moment = queries.sat_until(contests.round_by_id(quiz.round_id), clock.now())
    assert moment is not None
    return vn_datetime(moment)


@pytest.mark.both_databases
@pytest.mark.parametrize("granted", [False, True])
def test_key_and_figures_wait_for_the_last_who_sits(make_quiz: Make, granted: bool) -> None:
    from contest.public import queries as public

    quiz = make_quiz(close_cuts_short=granted, **GUESSED)
    own, other = quiz.begin(), quiz.begin(quiz.entrants(1)[0])
    quiz.hand_in(own, answers=quiz.key(own))
    if granted:
        with quiz.app.app_context(), unit_of_work():
            service.grant_time(attempt_id=other, minutes=60, **signed(quiz))
    shut(quiz)

    result, board = quiz.client().get(of_attempt(quiz.app, own, "/ket-qua")).text, quiz.client().get(BOARD).text

    assert "đáp án đúng" not in result
    assert f"Còn người đang làm bài đến {until(quiz)}" in result
    assert "Còn người đang làm bài đến" in board
    assert until(quiz) in board
    assert "người có điểm" not in board
    with quiz.app.app_context():
        assert public.participation(contests.the_contest()).total == 0
        queue.connection().flushall()

    quiz.hand_in(other)
    for job in (jobs.sweep, jobs.rank):
        run(quiz, job)
    assert "đáp án đúng" in quiz.client().get(of_attempt(quiz.app, own, "/ket-qua")).text
    assert "2 người có điểm" in quiz.client().get(BOARD).text
    with quiz.app.app_context():
        assert public.participation(contests.the_contest()).total == 2


def test_points_that_wait_for_the_close_wait_for_the_last_who_sits(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", close_cuts_short=False, reveal_score="after_close", tie_breaks=["score"])
    own, other = quiz.begin(), quiz.begin(quiz.entrants(1)[0])
    quiz.hand_in(own, answers=quiz.key(own))
    shut(quiz)
    page = of_attempt(quiz.app, own, "/ket-qua")

    assert "điểm hiện sau đó" in quiz.client().get(page).text
    assert "Bạn đúng" not in quiz.client().get(page).text

    quiz.hand_in(other)
    assert "Bạn đúng 10 trên 10 câu" in quiz.client().get(page).text


@pytest.mark.both_databases
def test_attempt_whose_time_has_run_out_is_waited_for_until_it_is_handed_in(make_quiz: Make) -> None:
    quiz = make_quiz(close_cuts_short=False, **GUESSED)
    quiz.begin()
    shut(quiz)

    with quiz.app.app_context(), clock.shifted(timedelta(minutes=15)):
        found = contests.round_by_id(quiz.round_id)
        assert not queries.is_over(found, clock.now())
        jobs.sweep()
        assert queries.is_over(found, clock.now())


@pytest.mark.both_databases
@pytest.mark.parametrize("swept", [False, True])
def test_who_may_have_seen_the_key_is_given_no_more_time(quiz: Quiz, swept: bool) -> None:
    own, other = quiz.begin(), quiz.begin(quiz.entrants(1)[0])
    quiz.hand_in(own, answers=quiz.key(own))
    with quiz.app.app_context():
        closing = contests.round_by_id(quiz.round_id).closes_at
    page = of_attempt(quiz.app, own, "/ket-qua")
    with clock.frozen(closing + timedelta(seconds=20)):
        if swept:
            run(quiz, jobs.sweep)
        seen = "đáp án đúng" in quiz.client().get(page).text
        (given,) = tried_at_once(quiz, partial(service.grant_time, attempt_id=other, minutes=10, **signed(quiz)))

        assert (seen, isinstance(given, Refused)) == (swept, swept)
        assert ("đáp án đúng" in quiz.client().get(page).text) is swept


def test_nobody_is_waited_for_before_the_close(quiz: Quiz) -> None:
    quiz.begin()

    with quiz.app.app_context():
        found = contests.round_by_id(quiz.round_id)
        assert (queries.is_over(found, clock.now()), queries.sat_until(found, clock.now())) == (False, None)


def test_looking_for_who_sits_reads_the_index_of_open_attempts(quiz: Quiz) -> None:
    close(quiz)
    asked: list[tuple[str, Any]] = []
    with quiz.app.app_context():
        found = contests.round_by_id(quiz.round_id)
        event.listen(db.engine, "before_cursor_execute", lambda _c, _k, sql, values, *_: asked.append((sql, values)))
        queries.is_over(found, clock.now())
        (sql, values), *rest = asked
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()

    assert rest == []
    assert "ix_attempt_open_deadline" in plan[0][3] or "uq_attempt_one_open" in plan[0][3]


def test_regulations_say_what_is_waited_for(quiz: Quiz) -> None:
    with quiz.app.app_context():
        said = sentences(contests.round_by_id(quiz.round_id).rules)
    assert any("đến khi người cuối cùng nộp bài hoặc hết giờ" in line for line in said)


def test_desk_reads_what_an_extension_takes_back_of_a_round_that_is_over(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants", hide_counters=True, tie_breaks=["score", "prediction", "lot"])
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}"
    attempt(quiz, "Một", guess=1)
    desk = quiz.client(quiz.organizer_id)
    assert "gia hạn là mở lại" not in desk.get(address).text

    close(quiz)
    page = desk.get(address).text

    assert "Đáp án được giấu lại, nhưng ai đã nộp bài thì có thể đã xem" in page
    assert "đáp số câu dự đoán 1 đã hiện công khai" in page
    assert "máy bốc lại sau lần đóng mới" in page
