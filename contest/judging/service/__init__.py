"""Use cases of judging, by noun: a stage, a scorecard, the gallery of what was judged."""

from contest.judging.service.gallery import release_gallery
from contest.judging.service.scorecards import Held, declare_conflict, reopen, save, sign
from contest.judging.service.stages import NewCriterion, assign, close_stage, open_stage, reopen_stage

__all__ = [
    "Held",
    "NewCriterion",
    "assign",
    "close_stage",
    "declare_conflict",
    "open_stage",
    "release_gallery",
    "reopen",
    "reopen_stage",
    "save",
    "sign",
]
