"""Use cases of the quiz room, by noun: the bank, a sitting, organisers' oversight, grading, the board."""

from contest.quiz.queries.looks import Imported
from contest.quiz.rules import Packet
from contest.quiz.service.attempts import (
    Begun,
    HandedIn,
    Held,
    Saved,
    begin,
    expire_due,
    hand_in,
    held,
    impossible_answer,
    save,
    start,
)
from contest.quiz.service.bank_blueprint import count_exposure, prepare_round, shortcomings
from contest.quiz.service.bank_edit import (
    EditConflict,
    Kept,
    add_question,
    add_tag,
    bring_back,
    edit_question,
    hold_questions,
    move_chapter,
    retire,
    set_difficulty,
)
from contest.quiz.service.bank_import import import_questions
from contest.quiz.service.board import heal_boards, rebuild_board, rebuild_boards
from contest.quiz.service.grading import grade_batch
from contest.quiz.service.objections import note
from contest.quiz.service.oversight import (
    accommodate,
    annul,
    annul_all,
    follow_rules,
    forget_paper,
    grant_time,
    hold,
    reset_deadlines,
    restore,
    resume,
    settle_predictions,
)
from contest.quiz.service.paper_index import index_papers, rounds_to_index
from contest.quiz.service.places_copy import copy_lost_places
from contest.quiz.service.preview import preview
from contest.quiz.service.previews import ask_for_preview, confirm_change, preview_next, preview_of
from contest.quiz.service.regrading import apply_change, change_key, changes_to_apply, regrade
from contest.quiz.service.signals import LONGEST_NOTE, find_signals, judge_signal, keep_signals, rounds_to_search
from contest.quiz.service.standings import rank_round, rounds_to_rank
from contest.quiz.service.twins import alike, ask_for_twins, compare_next, twins_of

__all__ = [
    "LONGEST_NOTE",
    "Begun",
    "EditConflict",
    "HandedIn",
    "Held",
    "Imported",
    "Kept",
    "Packet",
    "Saved",
    "accommodate",
    "add_question",
    "add_tag",
    "alike",
    "annul",
    "annul_all",
    "apply_change",
    "ask_for_preview",
    "ask_for_twins",
    "begin",
    "bring_back",
    "change_key",
    "changes_to_apply",
    "compare_next",
    "confirm_change",
    "copy_lost_places",
    "count_exposure",
    "edit_question",
    "expire_due",
    "find_signals",
    "follow_rules",
    "forget_paper",
    "grade_batch",
    "grant_time",
    "hand_in",
    "heal_boards",
    "held",
    "hold",
    "hold_questions",
    "import_questions",
    "impossible_answer",
    "index_papers",
    "judge_signal",
    "keep_signals",
    "move_chapter",
    "note",
    "prepare_round",
    "preview",
    "preview_next",
    "preview_of",
    "rank_round",
    "rebuild_board",
    "rebuild_boards",
    "regrade",
    "reset_deadlines",
    "restore",
    "resume",
    "retire",
    "rounds_to_index",
    "rounds_to_rank",
    "rounds_to_search",
    "save",
    "set_difficulty",
    "settle_predictions",
    "shortcomings",
    "start",
    "twins_of",
]
