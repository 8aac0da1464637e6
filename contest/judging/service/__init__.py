"""Use cases of judging, by noun: a stage, its panel, an assignment, a scorecard, the gallery of what was judged."""

from contest.judging.service.assignments import assign, give
from contest.judging.service.gallery import release_gallery
from contest.judging.service.panels import Left, add_judge, remove_judge
from contest.judging.service.scorecards import Held, declare_conflict, reopen, save, sign
from contest.judging.service.stages import NewCriterion, close_stage, open_stage, reopen_stage

__all__ = [
    "Held",
    "Left",
    "NewCriterion",
    "add_judge",
    "assign",
    "close_stage",
    "declare_conflict",
    "give",
    "open_stage",
    "release_gallery",
    "remove_judge",
    "reopen",
    "reopen_stage",
    "save",
    "sign",
]
