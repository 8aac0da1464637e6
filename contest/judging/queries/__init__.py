"""Reads about judging, by who asks: the judge's desk; stages for organisers and results."""

from contest.judging.queries.desk import Desk, Queue, QueueItem, desk, entry_of, queues_of
from contest.judging.queries.lacking import Lack, entries_of, lacking, panel
from contest.judging.queries.stages import (
    EntryScore,
    JudgeProgress,
    all_stages,
    cards,
    is_assigned,
    is_judged,
    judged_rounds,
    loads,
    progress,
    scores,
    stage_by_id,
    stages_of,
    weights_of,
)

__all__ = [
    "Desk",
    "EntryScore",
    "JudgeProgress",
    "Lack",
    "Queue",
    "QueueItem",
    "all_stages",
    "cards",
    "desk",
    "entries_of",
    "entry_of",
    "is_assigned",
    "is_judged",
    "judged_rounds",
    "lacking",
    "loads",
    "panel",
    "progress",
    "queues_of",
    "scores",
    "stage_by_id",
    "stages_of",
    "weights_of",
]
