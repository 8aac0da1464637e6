"""The organisers' desk: its pages live in one file for each room that it governs; here they are hung on the blueprint. HTTP only."""

from contest.backoffice import (
    attempts,
    audit,
    bank,
    dashboard,
    entrants,
    essays,
    judging,
    photos,
    queues,
    results,
    rounds,
    units,
)
from contest.backoffice.blueprint import bp

__all__ = [
    "attempts",
    "audit",
    "bank",
    "bp",
    "dashboard",
    "entrants",
    "essays",
    "judging",
    "photos",
    "queues",
    "results",
    "rounds",
    "units",
]
