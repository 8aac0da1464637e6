"""One's own rank: the live board's while the round runs, the kept places' afterwards, from the copy or without it."""

from collections.abc import Callable

import pytest
import redis

from contest.contests import queries as contests
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import Standing
from contest.quiz.models import Attempt
from contest.quiz.queries.live_members import board_keys
from contest.quiz.queries.own_rank import copy_keys
from contest.quiz.service.places_copy import copy_places
from tests.addresses import of_attempt
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close
from tests.quiz.test_regrade import handed_in, run

Make = Callable[..., Quiz]


def ranks_of(quiz: Quiz) -> dict[str, int | None]:
    """Everybody with an attempt, by name, and the rank each is told."""
    from contest.accounts.models import Account

    with quiz.app.app_context():
        round_ = contests.round_by_id(quiz.round_id)
        people = db.session.execute(
            db.select(Account.full_name, Account.id).where(Account.id.in_(db.select(Attempt.entrant_id)))
        ).all()
        return {name: queries.my_rank(round_, who, clock.now()) for name, who in people}


def forget(quiz: Quiz) -> None:
    with quiz.app.app_context():
        queue.connection().flushall()


@pytest.fixture
def three(make_quiz: Make) -> Quiz:
    """A round in which two people are equal and one is behind them."""
    quiz = make_quiz(attempts=1, prediction="none", tie_breaks=["score"])
    for name, correct in (("Nhất", 10), ("Cùng nhất", 10), ("Ba", 7)):
        attempt(quiz, name, correct=correct)
    return quiz


@pytest.mark.both_databases
def test_closed_round_tells_the_same_rank_from_the_copy_and_from_the_database(three: Quiz) -> None:
    close(three)
    expected = {"Nhất": 1, "Cùng nhất": 1, "Ba": 3}
    with three.app.app_context():
        assert queue.connection().exists(copy_keys(three.round_id)[0])

    assert ranks_of(three) == expected
    forget(three)
    assert ranks_of(three) == expected


def test_copy_answers_where_it_is_and_the_database_is_not_asked(three: Quiz) -> None:
    close(three)
    with three.app.app_context(), unit_of_work():
        db.session.execute(db.delete(Standing))

    assert ranks_of(three) == {"Nhất": 1, "Cùng nhất": 1, "Ba": 3}


@pytest.mark.both_databases
def test_rank_follows_an_annulment_and_nobody_keeps_the_place_of_before(three: Quiz) -> None:
    close(three)
    with three.app.app_context():
        gone = db.session.scalars(db.select(Attempt.id).order_by(Attempt.id)).first()
        assert gone is not None
        with unit_of_work():
            service.annul(attempt_id=gone, actor_id=three.organizer_id, reason="Thi hộ")
        jobs.rank()

    assert ranks_of(three) == {"Nhất": None, "Cùng nhất": 1, "Ba": 2}


def test_copy_of_an_older_count_is_replaced_by_the_sweep(three: Quiz) -> None:
    close(three)
    with three.app.app_context():
        places, placed = copy_keys(three.round_id)
        queue.connection().set(places, b"\0\0\0\x63" * 1000)
        queue.connection().set(placed, f"{0:020.6f}")
        assert set(ranks_of(three).values()) == {99}

        jobs.rebuild_boards()

    assert ranks_of(three) == {"Nhất": 1, "Cùng nhất": 1, "Ba": 3}


def test_copy_of_an_older_count_never_replaces_a_newer_one(three: Quiz) -> None:
    close(three)
    with three.app.app_context():
        client, (places, placed) = queue.connection(), copy_keys(three.round_id)
        client.set(placed, f"{clock.now().timestamp() + 60:020.6f}")

        assert copy_places(three.round_id) is False
        assert client.exists(places)
        assert list(client.scan_iter(f"{places}:*")) == []


def test_places_counted_while_redis_is_away_are_told_by_the_database(
    three: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setitem(three.app.extensions, "kv_redis", redis.Redis.from_url("redis://127.0.0.1:1"))
        close(three)
        assert ranks_of(three) == {"Nhất": 1, "Cùng nhất": 1, "Ba": 3}

    run(three, jobs.rebuild_boards)
    with three.app.app_context():
        assert queue.connection().exists(copy_keys(three.round_id)[0])


def test_running_round_tells_the_rank_of_the_live_board(three: Quiz) -> None:
    run(three, jobs.rebuild_boards)

    found = ranks_of(three)

    assert sorted(found[name] or 0 for name in ("Nhất", "Cùng nhất")) == [1, 2]
    assert found["Ba"] == 3
    forget(three)
    assert set(ranks_of(three).values()) == {None}


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "tie_breaks",
    [
        ["score"],
        ["score", "duration", "submitted"],
        ["score", "submitted", "started", "duration"],
        ["score", "started", "lot"],
    ],
)
def test_who_has_one_attempt_is_found_by_its_name_on_the_board(make_quiz: Make, tie_breaks: list[str]) -> None:
    quiz = make_quiz(attempts=1, prediction="none", tie_breaks=tie_breaks)
    for n in range(12):
        attempt(quiz, f"Người {n}", correct=10 - n % 2, seconds=(100, 100.001, 7)[n % 3], began=n % 4 + 0.000001 * n)
    run(quiz, jobs.rebuild_boards)
    with quiz.app.app_context():
        round_, now = contests.round_by_id(quiz.round_id), clock.now()
        everybody = db.session.scalars(db.select(Attempt)).all()
        expected = [queries.my_rank(round_, found.entrant_id, now) for found in everybody]
        queue.connection().delete(board_keys(round_.id)[1])  # who is called what

        by_name = [queries.my_rank(round_, found.entrant_id, now, own=[found]) for found in everybody]

    assert sorted(expected) == list(range(1, 13))
    assert by_name == expected


@pytest.mark.both_databases
@pytest.mark.parametrize("counted", ["best", "first", "last"])
def test_who_has_several_attempts_is_found_by_the_name_of_the_one_that_counts(make_quiz: Make, counted: str) -> None:
    quiz = make_quiz(attempts=3, prediction="none", counted=counted, tie_breaks=["score", "duration"])
    for n in range(9):
        for turn in range(3):
            attempt(quiz, f"Người {n}", correct=(n + 4 * turn * turn) % 7, seconds=100 + (n * 5 + turn * 3) % 11)
    run(quiz, jobs.rebuild_boards)
    with quiz.app.app_context():
        round_, now = contests.round_by_id(quiz.round_id), clock.now()
        people = db.session.scalars(db.select(Attempt.entrant_id).distinct()).all()
        expected = [queries.my_rank(round_, who, now) for who in people]
        queue.connection().delete(board_keys(round_.id)[1])  # who is called what

        by_name = [
            queries.my_rank(round_, who, now, own=[row.attempt for row in queries.my_attempts(who, round_.id)])
            for who in people
        ]

    assert sorted(expected) == list(range(1, 10))
    assert by_name == expected


@pytest.mark.both_databases
def test_on_a_board_that_is_not_whole_nobody_has_a_rank(three: Quiz) -> None:
    run(three, jobs.rebuild_boards)
    forget(three)
    held = handed_in(three, three.entrant_id, right=3)
    run(three, jobs.grade)
    with three.app.app_context():
        round_, mine = contests.round_by_id(three.round_id), db.session.get_one(Attempt, held)
        assert mine.points is not None

        assert queries.my_rank(round_, three.entrant_id, clock.now(), own=[mine]) is None
        jobs.rebuild_boards()
        assert queries.my_rank(round_, three.entrant_id, clock.now(), own=[mine]) == 4


def test_other_rules_leave_no_rank_by_the_old_ones(three: Quiz) -> None:
    run(three, jobs.rebuild_boards)
    with three.app.app_context():
        round_, somebody = contests.round_by_id(three.round_id), db.session.scalars(db.select(Attempt)).all()[-1]
        assert queries.my_rank(round_, somebody.entrant_id, clock.now(), own=[somebody]) == 3
        with unit_of_work():
            service.follow_rules(round_id=round_.id)

        assert queries.my_rank(round_, somebody.entrant_id, clock.now(), own=[somebody]) is None


def test_an_annulled_attempt_has_no_rank_though_it_is_the_only_one(three: Quiz) -> None:
    run(three, jobs.rebuild_boards)
    with three.app.app_context():
        first = db.session.scalars(db.select(Attempt).order_by(Attempt.id)).first()
        assert first is not None
        with unit_of_work():
            service.annul(attempt_id=first.id, actor_id=three.organizer_id, reason="Thi hộ")

        assert queries.my_rank(contests.round_by_id(three.round_id), first.entrant_id, clock.now(), own=[first]) is None


def test_round_whose_numbers_are_guessed_tells_no_rank_before_it_closes(make_quiz: Make) -> None:
    quiz = make_quiz(attempts=1, prediction="participants", hide_counters=True)
    attempt(quiz, "Người thi", guess=1)
    run(quiz, jobs.rebuild_boards)
    assert ranks_of(quiz) == {"Người thi": None}

    close(quiz)

    assert ranks_of(quiz) == {"Người thi": 1}


def test_result_page_says_the_rank_as_far_as_it_is_known(make_quiz: Make) -> None:
    quiz = make_quiz(attempts=1, prediction="none", tie_breaks=["score"], reveal_score="now")
    attempt(quiz, "Đúng hết")
    held = handed_in(quiz, quiz.entrant_id, right=3)
    address = of_attempt(quiz.app, held, "/ket-qua")
    run(quiz, jobs.grade)
    run(quiz, lambda: jobs.rebuild_boards(True))

    assert "Hạng tạm tính của bạn: <b>2</b>" in quiz.client().get(address).text
    close(quiz)
    assert "Hạng của bạn trong đợt: <b>2</b>" in quiz.client().get(address).text
