"""The head of a quiz's ranking gives the same list as the whole, whoever is equal to whom, and costs the same however many sat."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import service as quiz_service
from contest.quiz.ledger import RoundLedger
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
