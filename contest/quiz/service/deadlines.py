"""Deadlines written in bulk: a whole round's clocks move in one statement, so that whoever saves meanwhile waits as short as can be; oversight calls it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import BigInteger, Table, bindparam, text, update

from contest.core.db import UTCDateTime, db
from contest.quiz.models import Attempt

_T = cast("Table", Attempt.__table__)
_ONE = (
    update(_T)
    .where(_T.c.id == bindparam("which"))
    .values(deadline=bindparam("due", type_=UTCDateTime()), paused_ms=bindparam("stood", type_=BigInteger()))
)
# Arrays travel as one text each: the driver would take longer to write their elements one by one than the server takes for the update.
_ALL = text(
    "UPDATE attempt SET deadline = new.deadline, paused_ms = new.paused_ms FROM unnest(CAST(:ids AS bigint[]), "
    "CAST(:dues AS timestamptz[]), CAST(:stood AS bigint[])) AS new (id, deadline, paused_ms) WHERE attempt.id = new.id"
)


def write_deadlines(moved: Sequence[tuple[int, datetime, int]]) -> None:
    """Give attempts other deadlines: (id, deadline, milliseconds that the round's pauses took), inside the open unit of work, which has locked them."""
    if db.session.get_bind().dialect.name != "postgresql":
        lines = [{"which": which, "due": due, "stood": stood} for which, due, stood in moved]
        db.session.connection().execute(_ONE, lines)
        return
    values = {
        "ids": _array(str(which) for which, _, _ in moved),
        "dues": _array(due.isoformat() for _, due, _ in moved),
        "stood": _array(str(stood) for _, _, stood in moved),
    }
    db.session.connection().execute(_ALL, values)


def _array(elements: Iterable[str]) -> str:
    """The text of a PostgreSQL array whose elements need no quotes."""
    return "{" + ",".join(elements) + "}"
