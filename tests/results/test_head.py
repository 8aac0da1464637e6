"""The head of a quiz's ranking gives the same list as the whole, whoever is equal to whom, and costs the same however many sat."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import service as quiz_service
from contest.quiz.ledger import RoundLedger
from contest.quiz.queries import head
from contest.results import queries, service
from contest.results.rules import award
from contest.results.service import NewPrize
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close, whole_ranking
from tests.results.conftest import Rounds

EVERYBODY = 10_000


def set_params(quiz: Quiz, **params: Any) -> None:
    """Other rules for the round."""
    with quiz.app.app_context(), unit_of_work():
        round_ = db.session.get_one(Round, quiz.round_id)
        round_.params = {**round_.params, **params}


def check_head_against_whole(quiz: Quiz) -> None:
    """What the head gives is what the whole gives, places and list alike."""
    with quiz.app.app_context():
        round_, now = contests.round_by_id(quiz.round_id), clock.now()
        offers, held = queries.offers(round_.id), queries.held_elsewhere(round_)
        whole = queries.ranking(round_, now, below=EVERYBODY)
        in_order = [row for row in whole_ranking(round_.id) if row.eligible]
        assert {p.candidate.id: p.place for p in whole.placed} == {row.attempt_id: row.place for row in in_order}
        for below in (0, 1, 2, 5):
            head = queries.ranking(round_, now, below=below)
            assert head.placed == whole.placed[: len(head.placed)]
            assert len(head.placed) >= min(len(whole.placed), sum(offer.places for offer in offers) + below)
            assert head.ranked == whole.ranked == len(in_order)
            assert award(head.placed, offers, held) == award(whole.placed, offers, held)


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(8))
def test_head_gives_the_same_list_as_the_whole_with_ties_at_every_edge(rounds: Rounds, seed: int) -> None:
    drawn = random.Random(seed)
    eligible = "all_correct_only" if seed % 2 else "everyone"
    for quiz in (rounds.first, rounds.second):
        set_params(quiz, eligible=eligible, tie_breaks=["score", "duration"])
    for number in drawn.sample(range(12), 12):
        attempt(rounds.first, f"Người {number}", seconds=drawn.random() * 900)
        attempt(rounds.second, f"Người {number}", correct=drawn.choice((9, 10)), seconds=drawn.choice((100, 200, 300)))
    close(rounds.first)
    rounds.publish(rounds.first)
    check_head_against_whole(rounds.second)
    close(rounds.second)
    for places in ((1, 1), (2, 3), (0, 4), (5, 20)):
        with rounds.app.app_context(), unit_of_work():
            prizes = [NewPrize(f"Giải {number}", count, 3_000_000 - number) for number, count in enumerate(places)]
            service.set_prizes(
                round_id=rounds.second.round_id, prizes=prizes, actor_id=rounds.second.organizer_id, reason="Kế hoạch"
            )
        check_head_against_whole(rounds.second)
    with rounds.app.app_context(), unit_of_work():
        db.session.get_one(RoundLedger, rounds.second.round_id).standing_due = True
    check_head_against_whole(rounds.second)


@pytest.mark.both_databases
def test_list_follows_an_annulment_before_places_are_kept_anew(rounds: Rounds) -> None:
    ids = [attempt(rounds.first, name, correct=correct) for name, correct in (("An", 10), ("Bình", 9), ("Cúc", 8))]
    close(rounds.first)
    with rounds.app.app_context(), unit_of_work():
        quiz_service.annul(attempt_id=ids[0], actor_id=rounds.first.organizer_id, reason="Thi hộ")

    assert rounds.listed(rounds.publish(rounds.first)) == [("Bình", "Giải Nhất"), ("Cúc", "Giải Nhì")]


@contextmanager
def sent() -> Iterator[list[tuple[str, Any]]]:
    """The statements sent while the block runs, with what they were sent with."""
    found: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        found.append((statement, parameters))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def rows_read(quiz: Quiz) -> int:
    """How many rows the database hands over for the ranking that the desk shows three places below the prizes of."""
    with quiz.app.app_context():
        round_ = contests.round_by_id(quiz.round_id)
        queries.ranking(round_, clock.now(), below=3)
        with sent() as statements:
            queries.ranking(round_, clock.now(), below=3)
        with db.engine.connect() as connection:
            return sum(len(connection.exec_driver_sql(*statement).all()) for statement in statements)


@pytest.mark.both_databases
def test_rows_read_do_not_grow_with_the_round(rounds: Rounds) -> None:
    for quiz, people in ((rounds.first, 12), (rounds.second, 36)):
        set_params(quiz, tie_breaks=["score", "duration"], best_prize_only=False)
        for number in range(people):
            attempt(quiz, f"Người {number}", seconds=100 + number)

    assert rows_read(rounds.first) == rows_read(rounds.second)
    for quiz in (rounds.first, rounds.second):
        close(quiz)
    assert rows_read(rounds.first) == rows_read(rounds.second)
    assert rows_read(rounds.first) < 15


@pytest.fixture
def few_equals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of equals beyond the prizes only a few are read, and the file is read a few rows at a time."""
    monkeypatch.setattr(queries, "MOST_EQUALS", 20)
    monkeypatch.setattr(head, "_CHUNK", 7)


def shared_place(rounds: Rounds, people: int) -> Quiz:
    """A round with one place above and `people` equals below it."""
    set_params(rounds.first, tie_breaks=["score", "duration"])
    attempt(rounds.first, "Người đầu", seconds=50)
    for number in range(people):
        attempt(rounds.first, f"Người {number:02}")
    attempt(rounds.first, "Người cuối", seconds=900)
    return rounds.first


@pytest.mark.both_databases
@pytest.mark.parametrize("closed", [False, True])
def test_crowd_of_equals_is_counted_whole_and_named_in_part(rounds: Rounds, few_equals: None, closed: bool) -> None:
    quiz = shared_place(rounds, 40)
    if closed:
        close(quiz)
    with rounds.app.app_context():
        round_, now = contests.round_by_id(quiz.round_id), clock.now()
        found = queries.ranking(round_, now)
        reach = sum(offer.places for offer in queries.offers(round_.id))

        with pytest.raises(service.Straddled) as refused:
            service.award_list(round_, found)

        assert (len(found.placed), found.rest, found.ranked) == (reach + 20, 41 - reach - 20, 42)
        assert found.placed[-1].decided_below is not None
        assert "Hạng 2 có 40 người bằng nhau" in refused.value.happened
        assert f"và {40 - service.MOST_NAMED} người nữa" in refused.value.todo
        assert sorted(c.name for c in queries.sharing(round_, now, 2)) == [f"Người {number:02}" for number in range(40)]
        assert [c.name for c in queries.sharing(round_, now, 42)] == ["Người cuối"]
        assert list(queries.sharing(round_, now, 3)) == list(queries.sharing(round_, now, 99)) == []


def test_desk_offers_everybody_who_shares_the_place_as_a_file(rounds: Rounds) -> None:
    quiz = shared_place(rounds, 14)
    close(quiz)
    desk = quiz.client(quiz.organizer_id)
    address = f"/ban-dieu-hanh/cong-bo/dot/{quiz.round_id}"

    page = desk.get(address).text
    sheet = desk.get(f"{address}/dong-hang-2.xlsx")
    rows = list(load_workbook(BytesIO(sheet.data)).active.values)

    assert f"{address}/dong-hang-2.xlsx" in page
    assert rows[0] == ("Hạng", "Họ và tên", "Đơn vị", "Điểm", "Thời gian")
    assert {row[1] for row in rows[1:]} == {f"Người {number:02}" for number in range(14)}
    assert desk.get(f"{address}/dong-hang-3.xlsx").status_code == 404
