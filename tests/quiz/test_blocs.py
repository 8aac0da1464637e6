"""Blocs: the board of one, its number of places and the tables beside it speak of the same people."""

from collections.abc import Callable

import pytest

from contest.contests import queries as contests
from contest.core import clock
from contest.core.db import unit_of_work
from contest.quiz import queries
from contest.units.rules import UnitKind
from tests.factories import make_unit
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import attempt, close

pytestmark = pytest.mark.both_databases
Make = Callable[..., Quiz]


def units(quiz: Quiz) -> tuple[int, int]:
    with quiz.app.app_context(), unit_of_work():
        away = make_unit(name="Ngoài tỉnh thử", kind=UnitKind.OUTSIDE).id
        return away, make_unit(name="Huyện Thử", kind=UnitKind.DISTRICT).id


def board(quiz: Quiz, bloc: int) -> queries.BoardPage:
    with quiz.app.app_context():
        return queries.board_page(contests.round_by_id(quiz.round_id), clock.now(), bloc=bloc, per_page=2)


def test_bloc_counts_only_whom_it_shows(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", all_answered=True, tie_breaks=["score", "duration"])
    away, _ = units(quiz)
    attempt(quiz, "Làm hết", unit_id=away)
    for n in range(5):
        attempt(quiz, f"Bỏ trống {n}", unit_id=away, blanks=1, correct=QUESTIONS - 1)
    close(quiz)

    found = board(quiz, 1)

    assert (found.total, found.pages, [row.full_name for row in found.rows]) == (1, 1, ["Làm hết"])
    assert (board(quiz, 0).total, list(board(quiz, 0).rows)) == (0, [])


@pytest.mark.parametrize("best_is_away", [True, False])
def test_who_sat_from_two_units_is_counted_where_the_board_says(make_quiz: Make, best_is_away: bool) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "duration"])
    away, near = units(quiz)
    attempt(quiz, "Đã chuyển", unit_id=away, correct=QUESTIONS if best_is_away else 1)
    attempt(quiz, "Đã chuyển", unit_id=near, correct=1 if best_is_away else QUESTIONS, began=1000)
    close(quiz)

    bloc = int(best_is_away)
    found = board(quiz, bloc)

    assert (found.total, len(found.rows), board(quiz, 1 - bloc).total) == (1, 1, 0)
    assert found.ledger is not None
    tables = found.ledger.tables
    assert [(line["id"], line["people"], line["attempts"]) for line in tables["blocs"]] == [(bloc, 1, 2)]
    assert [line["id"] for line in tables["units"]] == [found.rows[0].unit_name]
