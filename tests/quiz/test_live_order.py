"""The order of a running round: whatever the rules compare, the live board stands as the database says, names and figures alike."""

import random
from collections.abc import Callable

import pytest

from contest.contests import queries as contests
from contest.contests.rules import Eligible, TieBreak
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, ranks
from contest.quiz.queries.places import ranking_slice
from contest.quiz.queries.ranking import params_of
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import attempt

Make = Callable[..., Quiz]
LISTS = [
    ["score", "started", "duration"],
    ["score", "submitted", "started", "duration"],
    ["score", "duration", "started", "submitted"],
    ["score", "lot"],
    ["submitted"],
    ["duration", "score", "submitted"],
    ["lot"],
]


def boards(quiz: Quiz) -> tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]]:
    """Names, points and durations, in the order of the board and in that of the database."""
    with quiz.app.app_context():
        round_ = contests.round_by_id(quiz.round_id)
        shown = queries.board_page(round_, clock.now(), per_page=100)
        assert shown.live == ranks.live_in_redis(params_of(round_))
        truth = ranking_slice(round_, final=False, offset=0, limit=100)
        for found in truth:
            mine = queries.my_place(round_, found.entrant_id, clock.now())
            assert mine
            assert (mine.place, mine.points, mine.duration_ms) == (found.position, found.points, found.duration_ms)
    board = [(row.full_name, row.points, row.duration_ms) for row in shown.rows]
    return board, [(row.full_name, row.points, row.duration_ms) for row in truth]


@pytest.mark.both_databases
def test_live_board_stands_in_the_order_of_the_database(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", reveal_score="now")
    chance = random.Random(2026)
    for n in range(40):
        attempt(
            quiz,
            f"Người {n:02}",
            correct=chance.choice((QUESTIONS, QUESTIONS - 1)),
            seconds=chance.choice((100, 100.001, 200)),
            began=chance.choice((0, 0.000001, 50, 100)),
        )
    words = [word for word in TieBreak if word is not TieBreak.PREDICTION]
    wanted = LISTS + [chance.sample(words, chance.randint(1, len(words))) for _ in range(12)]
    for tie_breaks in wanted:
        with quiz.app.app_context():
            with unit_of_work():
                round_ = contests.round_by_id(quiz.round_id)
                round_.params = round_.params | {
                    "tie_breaks": [str(word) for word in tie_breaks],
                    "eligible": Eligible.ALL_CORRECT_ONLY.value,
                }
            db.session.remove()
            jobs.rebuild_boards(True)
            quiz.app.extensions.pop("kv_board_kept", None)
        board, truth = boards(quiz)
        assert board == truth, tie_breaks
