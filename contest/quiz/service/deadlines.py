"""Deadlines written in bulk: a whole round's clocks move in one statement, so that whoever saves meanwhile waits as short as can be; oversight calls it."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ARRAY, BigInteger, Table, bindparam, column, func, literal, update

from contest.core.db import UTCDateTime, db
from contest.quiz.models import Attempt

_T = cast("Table", Attempt.__table__)
_ONE = (
    update(_T)
    .where(_T.c.id == bindparam("which"))
    .values(deadline=bindparam("due", type_=UTCDateTime()), paused_ms=bindparam("stood", type_=BigInteger()))
)


def write_deadlines(moved: Sequence[tuple[int, datetime, int]]) -> None:
    """Give attempts other deadlines: (id, deadline, milliseconds that the round's pauses took), inside the open unit of work, which has locked them."""
    if db.session.get_bind().dialect.name != "postgresql":
        lines = [{"which": which, "due": due, "stood": stood} for which, due, stood in moved]
        db.session.connection().execute(_ONE, lines)
        return
    ids, dues, stood_still = zip(*moved, strict=True)
    new = func.unnest(
        literal(list(ids), ARRAY(BigInteger())),
        literal(list(dues), ARRAY(UTCDateTime())),
        literal(list(stood_still), ARRAY(BigInteger())),
    ).table_valued(
        column("id", BigInteger()), column("deadline", UTCDateTime()), column("paused_ms", BigInteger()), name="new"
    )
    new = new.render_derived()
    db.session.connection().execute(
        update(_T).where(_T.c.id == new.c.id).values(deadline=new.c.deadline, paused_ms=new.c.paused_ms)
    )
