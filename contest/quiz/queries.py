"""Placeholder by the lead so that other rooms import while the quiz room is written: overwrite this file."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RankedAttempt:
    attempt_id: int
    entrant_id: int
    full_name: str
    unit_name: str
    points: int
    correct: int
    prediction: int | None
    prediction_error: int | None
    duration_ms: int
    handed_in_at: datetime
    started_at: datetime


def final_ranking(round_id): return []
def open_count(round_id=None): return 0
def ungraded_count(round_id=None): return 0
