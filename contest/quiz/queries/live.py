"""What a running round looks like from the desk: attempts by the minute, how many are open, how far hand-in and grading are behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from contest.contests.models import Round
from contest.contests.rules import ticking
from contest.core.db import db
from contest.quiz.models import Attempt
from contest.quiz.rules import FINISHED, AttemptState

MINUTES = 60


@dataclass(frozen=True)
class Minute:
    """One minute, from its first second: attempts begun and handed in."""

    at: datetime
    started: int
    handed_in: int


@dataclass(frozen=True)
class Live:
    """A round at this moment. `overdue` attempts ran out and wait for the sweep, the oldest for `overdue_for`; the oldest without marks for `ungraded_for`."""

    minutes: Sequence[Minute]
    open: int
    handed_in: int
    ungraded: int
    overdue: int
    overdue_for: timedelta
    ungraded_for: timedelta

    @property
    def last(self) -> Minute:
        """The last whole minute."""
        return self.minutes[-1]


def live(round_: Round, now: datetime) -> Live:
    """The round's last hour by whole minutes, and its counts now; three statements, however many attempts there are."""
    until = now.replace(second=0, microsecond=0)
    since = until - timedelta(minutes=MINUTES)
    started = _by_minute(round_.id, Attempt.started_at, since, until)
    handed_in = _by_minute(round_.id, Attempt.handed_in_at, since, until)
    of_round = Attempt.round_id == round_.id
    finished = Attempt.state.in_(FINISHED)
    waiting = finished & Attempt.graded_at.is_(None)
    ran_out = (Attempt.state == AttemptState.OPEN) & (Attempt.deadline <= ticking(now, round_.paused_at))
    row = db.session.execute(
        select(
            func.count().filter(Attempt.state == AttemptState.OPEN).label("open"),
            func.count().filter(finished).label("handed_in"),
            func.count().filter(waiting).label("ungraded"),
            func.count().filter(ran_out).label("overdue"),
            func.min(Attempt.deadline).filter(ran_out).label("first_due"),
            func.min(Attempt.handed_in_at).filter(waiting).label("first_ungraded"),
        ).where(of_round)
    ).one()
    moments = [since + timedelta(minutes=n) for n in range(MINUTES)]
    return Live(
        minutes=[Minute(at, started.get(at, 0), handed_in.get(at, 0)) for at in moments],
        open=row.open,
        handed_in=row.handed_in,
        ungraded=row.ungraded,
        overdue=row.overdue,
        overdue_for=_since(row.first_due, ticking(now, round_.paused_at)),
        ungraded_for=_since(row.first_ungraded, now),
    )


def _since(moment: datetime | None, now: datetime) -> timedelta:
    return max(timedelta(), now - moment) if moment else timedelta()


def _by_minute(round_id: int, column: Any, since: datetime, until: datetime) -> dict[datetime, int]:
    """How many moments of a column fall into each minute; the text of a minute is the same on both databases."""
    minute: ColumnElement[str]
    if db.session.get_bind().dialect.name == "postgresql":
        minute = func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI")
    else:
        minute = func.strftime("%Y-%m-%d %H:%M", column)
    query = (
        select(minute.label("minute"), func.count())
        .where(Attempt.round_id == round_id, column >= since, column < until)
        .group_by("minute")
    )
    return {
        datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC): count
        for text, count in db.session.execute(query)
    }
