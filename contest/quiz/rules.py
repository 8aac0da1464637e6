"""Pure decisions about attempts: states and deadlines."""

import enum
from datetime import datetime, timedelta


class AttemptState(enum.StrEnum):
    """Where an attempt stands. An expired one was handed in by the sweep with what it held."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    EXPIRED = "expired"
    ANNULLED = "annulled"


FINISHED = (AttemptState.HANDED_IN, AttemptState.EXPIRED)


def deadline(
    *, started_at: datetime, minutes: int, extra_seconds: int, closes_at: datetime, close_cuts_short: bool
) -> datetime:
    """The last moment at which a save or a hand-in counts: start + limit + extra time, cut short by the round's close where the rules say so."""
    if not minutes:
        return closes_at + timedelta(seconds=extra_seconds)
    own = started_at + timedelta(minutes=minutes, seconds=extra_seconds)
    return min(own, closes_at) if close_cuts_short else own
