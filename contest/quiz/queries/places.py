"""Places of a round as they are read: who stands where with every value that decided, and why; boards fall back on them, results freeze them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, select

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.db import db
from contest.quiz import ranks
from contest.quiz.ledger import RoundLedger, Standing
from contest.quiz.queries.ranking import params_of, ranked
from contest.units import queries as units


@dataclass(frozen=True)
class RankedAttempt:
    """One entrant's counted attempt with every value that may decide; durations in milliseconds.

    Who is equal by every criterion has the same `place`; `position` runs on. `prediction_error` is None without a prediction, or while its answer is
    not known; `perfect` counts the entrant's all-correct attempts in the round; `eligible` says whether the rules let this place win.
    """

    place: int
    position: int
    attempt_id: int
    entrant_id: int
    full_name: str
    unit_id: int | None
    unit_name: str
    points: int
    correct: int
    prediction: int | None
    prediction_error: int | None
    duration_ms: int
    handed_in_at: datetime
    started_at: datetime
    perfect: int
    lot: str
    eligible: bool
    bloc: int
    bloc_place: int
    depths: str

    @property
    def equal(self) -> int:
        """How many others share the place."""
        return equal_of(self.depths)

    @property
    def last_equal(self) -> int:
        """The last of the positions that share the place."""
        return _stretch(self.depths)[1]


@dataclass(frozen=True)
class TraceStep:
    """How one criterion bears on a place: how many others are equal up to and including it, between which positions, and whether it decided."""

    criterion: str
    equal: int
    first: int
    last: int
    needed: bool
    decides: bool


def equal_of(depths: str) -> int:
    """How many others share a place, by the last of the stretches in which it is equal to others: "1-900 17-42 17-17"."""
    first, last = _stretch(depths)
    return last - first


def _stretch(depths: str) -> tuple[int, int]:
    first, last = depths.rsplit(maxsplit=1)[-1].split("-")
    return int(first), int(last)


def ranking_slice(round_: Round, *, final: bool, offset: int, limit: int) -> list[RankedAttempt]:
    """Some positions of the ranking; without `final`, in the order that an open round's board has."""
    places = ranked(round_, final=final)
    return rows_of(named(places).where(places.c.position > offset, places.c.position <= offset + limit))


def place_of(round_: Round, entrant_id: int, *, final: bool) -> RankedAttempt | None:
    """One entrant's place; None for who has no attempt that counts."""
    places = ranked(round_, final=final)
    found = rows_of(named(places).where(places.c.entrant_id == entrant_id))
    return found[0] if found else None


def trace_of(round_: Round, mine: RankedAttempt) -> list[TraceStep]:
    """Why a place is what it is: criterion by criterion, how many are equal, until the one that leaves nobody equal."""
    steps: list[TraceStep] = []
    before = 0
    words = ranks.criteria(params_of(round_))
    for index, (word, depth) in enumerate(zip(words, mine.depths.split(), strict=True)):
        first, last = (int(figure) for figure in depth.split("-"))
        count = last - first + 1
        needed = index == 0 or before > 1
        steps.append(TraceStep(word, count - 1, first, last, needed=needed, decides=needed and count == 1))
        before = count
    return steps


def places_over_rounds(entrant_ids: Iterable[int] | None = None) -> dict[int, dict[int, int]]:
    """For each entrant the place in every round of the contest that is closed now and ranked, {entrant: {round: place}}.

    Places kept of a round that was extended after its close are left out. Who wins twice takes the better prize only where `best_prize_only` says so;
    results asks for it then.
    """
    now = clock.now()
    closed = [r.id for r in contests.track_of(TrackKind.QUIZ).rounds if r.state(now) is RoundState.CLOSED]
    query = (
        select(Standing.entrant_id, Standing.round_id, Standing.place)
        .join(RoundLedger, RoundLedger.round_id == Standing.round_id)
        .where(Standing.round_id.in_(closed), RoundLedger.ranked_at.is_not(None))
    )
    if entrant_ids is not None:
        query = query.where(Standing.entrant_id.in_(list(entrant_ids)))
    found: dict[int, dict[int, int]] = {}
    for entrant_id, round_id, place in db.session.execute(query):
        found.setdefault(entrant_id, {})[round_id] = place
    return found


def named(places: Subquery) -> Select[Any]:
    """Places with the names of their people, in order."""
    people = select(places, Account.full_name).join(Account, Account.id == places.c.entrant_id)
    return people.order_by(places.c.position)


def rows_of(query: Select[Any]) -> list[RankedAttempt]:
    """What a query of places found."""
    return [
        RankedAttempt(
            place=row.place,
            position=row.position,
            attempt_id=row.id,
            entrant_id=row.entrant_id,
            full_name=row.full_name,
            unit_id=row.unit_id,
            unit_name=units.shown_name(row.unit_id),
            points=row.points,
            correct=row.correct,
            prediction=row.prediction,
            prediction_error=row.error,
            duration_ms=row.duration_ms,
            handed_in_at=row.handed_in_at,
            started_at=row.started_at,
            perfect=row.perfect,
            lot=row.lot,
            eligible=not row.barred,
            bloc=row.bloc,
            bloc_place=row.bloc_place,
            depths=row.depths.strip(),
        )
        for row in db.session.execute(query)
    ]
