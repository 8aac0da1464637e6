"""The organisers' desk: its pages live in one file for each room that it governs; here they are hung on the blueprint. HTTP only."""

from contest.backoffice import (
    attempts,
    audit,
    bank,
    bank_blueprint,
    bank_edit,
    bank_export,
    bank_import,
    bank_pictures,
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
    "bank_blueprint",
    "bank_edit",
    "bank_export",
    "bank_import",
    "bank_pictures",
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
