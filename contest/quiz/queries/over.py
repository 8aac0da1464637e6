"""Whether a round is over: closed, and nobody is still within the time of an attempt; pages that show what waits for it ask here."""

from datetime import datetime

from sqlalchemy import select, text

from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core.db import db
from contest.quiz.models import Attempt


def sat_until(round_: Round, now: datetime) -> datetime | None:
    """The last moment at which somebody may still hand in after the close; None before the close, and once nobody sits."""
    if round_.state(now) is not RoundState.CLOSED:
        return None
    # A value that is sent apart from the statement would not let SQLite see that the index of open attempts serves.
    sitting = (Attempt.round_id == round_.id, text("attempt.state = 'open'"), Attempt.deadline > now)
    return db.session.scalar(select(Attempt.deadline).where(*sitting).order_by(Attempt.deadline.desc()).limit(1))


def is_over(round_: Round, now: datetime) -> bool:
    """Whether the round is closed and nobody sits any more."""
    return round_.state(now) is RoundState.CLOSED and sat_until(round_, now) is None
