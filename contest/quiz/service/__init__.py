"""Use cases of the quiz room, by noun: the bank, a sitting, organisers' oversight, grading, the board."""

from contest.quiz.rules import Packet
from contest.quiz.service.attempts import HandedIn, Held, Saved, begin, expire_due, hand_in, held, save, start
from contest.quiz.service.bank import Imported, import_questions, prepare_round
from contest.quiz.service.board import rebuild_board, rebuild_boards
from contest.quiz.service.grading import grade_batch
from contest.quiz.service.oversight import annul, grant_time, reset_deadlines, restore, settle_predictions

__all__ = [
    "HandedIn",
    "Held",
    "Imported",
    "Packet",
    "Saved",
    "annul",
    "begin",
    "expire_due",
    "grade_batch",
    "grant_time",
    "hand_in",
    "held",
    "import_questions",
    "prepare_round",
    "rebuild_board",
    "rebuild_boards",
    "reset_deadlines",
    "restore",
    "save",
    "settle_predictions",
    "start",
]
