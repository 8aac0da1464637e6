"""Reads that only the desk needs, across rooms, by noun; its routes and their modules import this package."""

from contest.backoffice.queries.contents import (
    RoundLoad,
    loads_of_rounds,
    photos_of,
    refused_photos,
    round_options,
    rounds_of,
    sessions_of,
)
from contest.backoffice.queries.figures import (
    NO_UNIT,
    Today,
    UnitLine,
    counted_as,
    entrants_by_unit,
    midnight,
    participation,
    today,
)
from contest.backoffice.queries.record import Act, actions, acts_on, acts_page
from contest.backoffice.queries.scorecards import (
    Card,
    cards_by_stage,
    cards_of,
    missing_assignments,
    stages_by_round,
    stranded_scorecards,
    unsigned_scorecards,
)
from contest.backoffice.queries.sheets import attempts_for_sheet, people_for_sheet

__all__ = [
    "NO_UNIT",
    "Act",
    "Card",
    "RoundLoad",
    "Today",
    "UnitLine",
    "actions",
    "acts_on",
    "acts_page",
    "attempts_for_sheet",
    "cards_by_stage",
    "cards_of",
    "counted_as",
    "entrants_by_unit",
    "loads_of_rounds",
    "midnight",
    "missing_assignments",
    "participation",
    "people_for_sheet",
    "photos_of",
    "refused_photos",
    "round_options",
    "rounds_of",
    "sessions_of",
    "stages_by_round",
    "stranded_scorecards",
    "today",
    "unsigned_scorecards",
]
