"""Reads of the quiz room, by noun; desks, results and public pages import this package: `from contest.quiz import queries as quiz`."""

from contest.quiz.queries.attempts import (
    AttemptPage,
    AttemptRow,
    attempt_by_id,
    attempt_by_receipt,
    attempts_page,
    counts_by_state,
    entrants_by_unit,
    handed_in_since,
    my_attempts,
    open_count,
    own_attempt,
    starts_by_hour,
    ungraded_count,
)
from contest.quiz.queries.bank import (
    QuestionPage,
    QuestionRow,
    chapters,
    digests,
    question_by_id,
    questions_page,
    quiz_round,
)
from contest.quiz.queries.board import BoardPage, BoardRow, board_page, my_place, settled
from contest.quiz.queries.papers import FrozenBank, SheetQuestion, frozen_bank
from contest.quiz.queries.ranking import RankedAttempt, TraceStep, final_ranking, trace_of

__all__ = [
    "AttemptPage",
    "AttemptRow",
    "BoardPage",
    "BoardRow",
    "FrozenBank",
    "QuestionPage",
    "QuestionRow",
    "RankedAttempt",
    "SheetQuestion",
    "TraceStep",
    "attempt_by_id",
    "attempt_by_receipt",
    "attempts_page",
    "board_page",
    "chapters",
    "counts_by_state",
    "digests",
    "entrants_by_unit",
    "final_ranking",
    "frozen_bank",
    "handed_in_since",
    "my_attempts",
    "my_place",
    "open_count",
    "own_attempt",
    "question_by_id",
    "questions_page",
    "quiz_round",
    "settled",
    "starts_by_hour",
    "trace_of",
    "ungraded_count",
]
