"""Use cases of judging, by noun: a stage, a scorecard."""

from contest.judging.service.scorecards import Held, declare_conflict, reopen, save, sign
from contest.judging.service.stages import NewCriterion, assign, close_stage, open_stage, reopen_stage

__all__ = [
    "Held",
    "NewCriterion",
    "assign",
    "close_stage",
    "declare_conflict",
    "open_stage",
    "reopen",
    "reopen_stage",
    "save",
    "sign",
]
