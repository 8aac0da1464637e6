"""The day's figures and taking part by unit; the dashboard and the tree of units show them."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.backoffice.queries.counting import count_where
from contest.core.db import db
from contest.core.display import vietnam_time
from contest.quiz import queries as quiz
from contest.quiz.models import Attempt
from contest.units import queries as units

NO_UNIT = "Chưa ghi đơn vị"


@dataclass(frozen=True)
class Today:
    """The figures that the dashboard keeps fresh."""

    running: int
    handed_in: int
    ungraded: int


@dataclass(frozen=True)
class UnitLine:
    """How a unit takes part: hand-ins of the quiz today and yesterday, entrants in all."""

    name: str
    today: int
    yesterday: int
    entrants: int


def midnight(now: datetime) -> datetime:
    """The beginning of the Vietnamese day of `now`, in UTC."""
    return vietnam_time(now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def today(now: datetime) -> Today:
    """How many attempts run, were handed in today, and wait to be graded."""
    return Today(
        running=quiz.open_count(),
        handed_in=quiz.handed_in_since(midnight(now)),
        ungraded=quiz.ungraded_count(),
    )


def participation(now: datetime) -> list[UnitLine]:
    """How every unit below the province takes part, the most entrants first; people without a unit come last."""
    start = midnight(now)
    before = start - timedelta(days=1)
    todays: Counter[str] = Counter()
    yesterdays: Counter[str] = Counter()
    entrants: Counter[str] = Counter()
    for unit_id, of_today, of_yesterday in db.session.execute(
        select(Attempt.unit_id, count_where(Attempt.handed_in_at >= start), count_where(Attempt.handed_in_at < start))
        .where(Attempt.handed_in_at >= before)
        .group_by(Attempt.unit_id)
    ):
        todays[counted_as(unit_id)] += of_today
        yesterdays[counted_as(unit_id)] += of_yesterday
    for unit_id, number in db.session.execute(
        select(Account.unit_id, func.count()).where(Account.role == Role.ENTRANT).group_by(Account.unit_id)
    ):
        entrants[counted_as(unit_id)] += number
    names = [place.name for place in units.top_level(vietnam_time(now).date())]
    names += [name for name in entrants if name not in names]
    lines = [UnitLine(name, todays[name], yesterdays[name], entrants[name]) for name in names]
    return sorted(lines, key=lambda line: (line.name == NO_UNIT, -line.entrants))


def counted_as(unit_id: int | None) -> str:
    """The name of the unit by which somebody of `unit_id` is counted."""
    return units.district_name(unit_id) or NO_UNIT


def entrants_by_unit() -> dict[int, int]:
    """How many entrants name each unit itself, by its id."""
    rows = db.session.execute(
        select(Account.unit_id, func.count())
        .where(Account.role == Role.ENTRANT, Account.unit_id.is_not(None))
        .group_by(Account.unit_id)
    )
    return {unit_id: number for unit_id, number in rows if unit_id}
