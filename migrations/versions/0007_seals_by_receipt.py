"""seals name the receipt instead of the row.

A seal that no longer held is left as it is: it still does not hold afterwards.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PART = 5000
_ATTEMPT = sa.table(
    "attempt",
    sa.column("id", sa.BigInteger),
    sa.column("receipt", sa.String),
    sa.column("answers", sa.String),
    sa.column("prediction", sa.Integer),
    sa.column("handed_in_at", sa.DateTime(timezone=True)),
    sa.column("digest", sa.String),
)


def upgrade() -> None:
    _seal_anew(lambda row: row.id, lambda row: row.receipt)


def downgrade() -> None:
    _seal_anew(lambda row: row.receipt, lambda row: row.id)


def _seal_anew(named: Callable[[Any], Any], to_name: Callable[[Any], Any]) -> None:
    connection, last = op.get_bind(), 0
    sealed = _ATTEMPT.c.digest.is_not(None) & _ATTEMPT.c.receipt.is_not(None) & _ATTEMPT.c.handed_in_at.is_not(None)
    change = _ATTEMPT.update().where(_ATTEMPT.c.id == sa.bindparam("which")).values(digest=sa.bindparam("seal"))
    while True:
        part = sa.select(_ATTEMPT).where(sealed, _ATTEMPT.c.id > last).order_by(_ATTEMPT.c.id).limit(_PART)
        rows = connection.execute(part).all()
        if not rows:
            return
        held = [row for row in rows if row.digest == _seal(named(row), row)]
        if held:
            connection.execute(change, [{"which": row.id, "seal": _seal(to_name(row), row)} for row in held])
        last = rows[-1].id


def _seal(name: Any, row: Any) -> str:
    moment = row.handed_in_at if row.handed_in_at.tzinfo else row.handed_in_at.replace(tzinfo=UTC)
    guess = "-" if row.prediction is None else row.prediction
    text = f"{name}\n{row.answers}\n{guess}\n{moment.astimezone(UTC).isoformat(timespec='microseconds')}"
    return hashlib.sha256(text.encode()).hexdigest()
