"""Boards: what stays hidden while people guess, any page of a closed round, a board that heals, pages that explain each place."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
import redis

from contest.contests import queries as contests
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, ranks, service
from contest.quiz.models import Attempt
from contest.quiz.queries import board
from contest.quiz.queries.board import keys
from contest.quiz.queries.kept import kept_for_all
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import attempt, close, whole_ranking
from tests.quiz.test_regrade import change, handed_in, run, versions_of

Make = Callable[..., Quiz]
BOARD = "/thi-trac-nghiem/bang-xep-hang"


def page(quiz: Quiz, **wanted: int) -> queries.BoardPage:
    with quiz.app.app_context():
        return queries.board_page(contests.round_by_id(quiz.round_id), clock.now(), **wanted)


@pytest.mark.parametrize("asked", ["participants", "attempts", "all_correct", "all_correct_percent"])
def test_open_round_gives_no_number_away_that_people_guess(make_quiz: Make, asked: str) -> None:
    quiz = make_quiz(prediction=asked, hide_counters=True)
    for n in range(7):
        attempt(quiz, f"Người thi số {n}")
    handed_in(quiz, quiz.entrant_id, right=3)
    run(quiz, jobs.grade)
    run(quiz, jobs.rebuild_boards)
    client = quiz.client()

    found = page(quiz)
    seen = client.get(BOARD).text + client.get(f"{BOARD}?page=9&xem=1").text

    assert (found.veiled, found.total, list(found.rows)) == (True, 0, [])
    assert "Người thi số" not in seen
    assert "người có điểm" not in seen
    assert "Hạng của bạn" not in seen
    assert "Bảng xếp hạng hiện khi đợt đóng" in seen
    with quiz.app.app_context():
        mine = queries.my_place(contests.round_by_id(quiz.round_id), quiz.entrant_id, clock.now())
        assert mine is not None
        assert (mine.place, mine.points) == (0, 15)


def test_head_is_shown_once_so_many_stand_that_it_tells_nothing(
    make_quiz: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = make_quiz(prediction="all_correct", hide_counters=True)
    monkeypatch.setattr(ranks, "VEIL", 3)
    monkeypatch.setattr(ranks, "HEAD", 2)
    for n in range(3):
        attempt(quiz, f"Sai một {n}", correct=QUESTIONS - 1)
    attempt(quiz, "Đúng hết 0")
    attempt(quiz, "Đúng hết 1")
    run(quiz, jobs.rebuild_boards)
    assert list(page(quiz).rows) == []

    attempt(quiz, "Đúng hết 2")
    run(quiz, lambda: service.rebuild_board(quiz.round_id))

    assert len(page(quiz).rows) == 2
    assert page(quiz).total == 0


def test_home_page_counts_nobody_of_a_veiled_round(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants", hide_counters=True)
    for n in range(3):
        attempt(quiz, f"Người thi số {n}")
    from contest.public import queries as public

    with quiz.app.app_context():
        assert public.participation(contests.the_contest()).total == 0
        queue.connection().flushall()
    close(quiz)
    with quiz.app.app_context():
        assert public.participation(contests.the_contest()).total == 3


def test_round_without_a_guess_has_a_whole_live_board(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", hide_counters=True)
    attempt(quiz, "Một")
    run(quiz, jobs.rebuild_boards)

    assert (page(quiz).veiled, page(quiz).total) == (False, 1)


@pytest.mark.both_databases
def test_any_page_of_a_closed_round_is_the_ranking_cut_there(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "duration", "submitted"])
    for n in range(23):
        attempt(quiz, f"Người {n:02}", correct=n % 4, seconds=60 + n % 3, began=n)
    close(quiz)
    with quiz.app.app_context():
        whole = [row.full_name for row in whole_ranking(quiz.round_id)]

    for number in (1, 2, 3, 99):
        found = page(quiz, page=number, per_page=10)
        start = (min(number, 3) - 1) * 10
        assert [row.full_name for row in found.rows] == whole[start : start + 10]
        assert (found.total, found.pages, found.first) == (23, 3, start + 1)


def test_board_heals_when_the_worker_died_before_the_move(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none")
    run(quiz, jobs.rebuild_boards)
    first, second = quiz.entrants(2)
    handed_in(quiz, first)
    run(quiz, jobs.grade)
    with clock.shifted(timedelta(seconds=1)):
        handed_in(quiz, second, right=2)
    with quiz.app.app_context():
        before = {which: quiz.app.extensions[which] for which in ("kv_redis",)}
        quiz.app.extensions["kv_redis"] = redis.Redis.from_url("redis://127.0.0.1:1")
        jobs.grade()
        quiz.app.extensions.update(before)
    assert [row.entrant_id for row in page(quiz).rows] == [first]

    with clock.shifted(timedelta(seconds=40)), quiz.app.app_context():
        assert service.heal_boards() == 1
        assert service.heal_boards() == 0

    assert [row.entrant_id for row in page(quiz).rows] == [first, second]


def test_one_thread_counts_and_the_others_get_what_was_counted_last(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none")
    counted: list[int] = []

    def count() -> int:
        counted.append(1)
        if len(counted) == 2:
            assert kept_for_all(("x",), count) == 1
        return len(counted)

    with quiz.app.app_context():
        assert kept_for_all(("x",), count) == 1
        assert kept_for_all(("x",), count) == 1
        quiz.app.extensions["kv_board_kept"]["x",].at -= 60
        assert kept_for_all(("x",), count) == 2
    assert len(counted) == 2


def test_closed_board_explains_any_place_and_says_what_was_graded_anew(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants", tie_breaks=["score", "prediction", "submitted"], attempts=1)
    held = handed_in(quiz, quiz.entrant_id)
    run(quiz, jobs.grade)
    change(quiz, versions_of(quiz, held)[0])
    attempt(quiz, "Người Đoán Trúng", guess=3, correct=9)
    attempt(quiz, "Người Đoán Lệch", guess=5, correct=9)
    with quiz.app.app_context(), unit_of_work():
        db.session.execute(db.update(Attempt).where(Attempt.id != held).values(answers="1" * QUESTIONS))
    with quiz.app.app_context(), unit_of_work():
        db.session.execute(db.text("UPDATE key_change SET done_at = made_at"))
    close(quiz)

    seen = quiz.app.test_client().get(f"{BOARD}?xem=3").text

    assert re.search(r"Vì sao Mã [0-9A-Z]{4}-[0-9A-Z]{4} ở hạng 3\?", seen)
    assert "Đáp số 3, người này đoán 5." in seen
    assert "Đã chấm lại ngày" in seen
    assert "Lý do: Đáp án in nhầm" in seen
    assert "Theo đơn vị" in seen


def test_stranger_and_entrant_read_the_same_rows_on_any_page(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=1)
    for n in range(120):
        attempt(quiz, f"Người {n:03}", correct=n % 11, began=n)
    close(quiz)
    stranger, entrant = quiz.app.test_client(), quiz.client()

    for number in (1, 2, 3, 9):
        address = f"{BOARD}?page={number}"
        shared, own = stranger.get(address).text, entrant.get(address).text
        codes = re.compile(r"Mã [0-9A-Z]{4}-[0-9A-Z]{4}")
        assert codes.findall(shared) == codes.findall(own) != []
        assert ("Theo đơn vị" in shared) is (number == 1)


@pytest.mark.both_databases
def test_board_built_anew_after_an_older_reading_holds_who_was_graded_since(quiz: Quiz) -> None:
    with quiz.app.app_context():
        contests.round_by_id(quiz.round_id)

        def graded_meanwhile() -> None:
            handed_in(quiz, quiz.entrant_id, right=4)
            run(quiz, jobs.grade)

        meanwhile = Thread(target=graded_meanwhile)
        meanwhile.start()
        meanwhile.join()
        assert service.rebuild_board(quiz.round_id) == 1


def test_rules_changed_while_a_board_is_built_are_not_undone_by_it(quiz: Quiz) -> None:
    with quiz.app.app_context():
        _, _, built, _, lock = keys(quiz.round_id)
        queue.connection().set(lock, "a builder by the old rules")

        with unit_of_work():
            service.follow_rules(round_id=quiz.round_id)

        assert not queue.connection().exists(lock)
        assert not queue.connection().exists(built)


@pytest.mark.both_databases
def test_while_one_visitor_is_ranked_without_redis_the_others_see_their_points(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none")
    attempt(quiz, "Người khác")
    handed_in(quiz, quiz.entrant_id, right=4)
    run(quiz, jobs.grade)
    client = quiz.client()
    with quiz.app.app_context():
        queue.connection().flushall()

    with board._one_ranked:
        meanwhile = client.get(BOARD).text
    afterwards = client.get(BOARD).text

    assert "Kết quả của bạn" in meanwhile
    assert "Hạng đang được tính lại và hiện ở đây sau ít phút" in meanwhile
    assert "Hạng của bạn" not in meanwhile
    assert "Hạng của bạn" in afterwards


def test_who_has_no_attempt_is_never_told_that_a_place_is_being_counted(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["duration", "score"])
    attempt(quiz, "Người khác")

    with board._one_ranked:
        seen = quiz.client().get(BOARD).text

    assert "Bạn chưa có trên bảng" in seen
    assert "đang được tính lại" not in seen
