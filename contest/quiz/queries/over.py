"""Whether a round is over: closed, and the last attempt handed in; pages that show what waits for it ask here.

An attempt whose time has just run out counts until the sweep has handed it in: until then its person may be given more time, and who has seen the key
must not sit on.
"""

from datetime import datetime

from sqlalchemy import select, text

from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core.db import db
from contest.quiz.models import Attempt


def sat_until(round_: Round, now: datetime) -> datetime | None:
    """The last moment at which somebody may hand in after the close, perhaps just past; None before the close, and once every attempt is handed in."""
    if round_.state(now) is not RoundState.CLOSED:
        return None
    # A value that is sent apart from the statement would not let SQLite see that the index of open attempts serves.
    sitting = (Attempt.round_id == round_.id, text("attempt.state = 'open'"))
    return db.session.scalar(select(Attempt.deadline).where(*sitting).order_by(Attempt.deadline.desc()).limit(1))


def is_over(round_: Round, now: datetime) -> bool:
    """Whether the round is closed and nobody sits any more."""
    return round_.state(now) is RoundState.CLOSED and sat_until(round_, now) is None
