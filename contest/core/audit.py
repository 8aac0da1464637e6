"""The record of every act of staff: append-only, each row carrying the hash of the one before; services write it in the act's own transaction.

The rows join the chain as the last thing before the commit: the chain is one line for all, and whoever held it while waiting for a row of somebody
who waits for the chain would wait for ever.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, event, select, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from contest.core import clock
from contest.core.db import BigKey, Model, db

GENESIS = "0" * 64
_WAITING = "kv_audit_waiting"
_LOCK = 7_240_624_001  # any constant: the advisory lock that makes the chain one line on PostgreSQL


class AuditRow(Model):
    """One act: who (`actor_id` None for the system), what (`action`, dotted), on what (`subject`, "kind:id"), why, and details."""

    __tablename__ = "audit_row"
    __table_args__ = (
        CheckConstraint("length(hash) = 64", name="hash_length"),
        Index(None, "subject"),
        Index(None, "actor_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    prev_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(frozen=True)
class Breach:
    """The first row at which the chain does not hold, and why."""

    row_id: int
    reason: str


def record(
    action: str, *, actor_id: int | None, subject: str, reason: str = "", detail: dict[str, Any] | None = None
) -> None:
    """Have one row join the chain with the open unit of work; `detail` must be plain JSON without personal data."""
    row = AuditRow(
        at=clock.now(),
        actor_id=actor_id,
        action=action,
        subject=subject,
        reason=reason.strip(),
        detail=detail or {},
    )
    session = db.session()
    if not session.in_transaction():
        session.begin()  # So that a unit of work that has done nothing else yet forgets the row, too, when it fails.
    session.info.setdefault(_WAITING, []).append(row)


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_WAITING):
        return
    rows = session.info.pop(_WAITING)
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    prev = session.scalar(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)) or GENESIS
    for row in rows:
        row.prev_hash = prev
        prev = row.hash = digest(row)
        session.add(row)
        session.flush()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_WAITING, None)


def digest(row: AuditRow) -> str:
    """SHA-256 over the row's canonical JSON, the hash before included."""
    body = [
        row.at.isoformat(timespec="microseconds"),
        row.actor_id,
        row.action,
        row.subject,
        row.reason,
        row.detail,
        row.prev_hash,
    ]
    return hashlib.sha256(
        json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def verify() -> Breach | None:
    """Walk the whole chain; None when every row follows from the one before."""
    prev = GENESIS
    for row in db.session.scalars(select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=1000)):
        if row.prev_hash != prev:
            return Breach(row.id, "the row before it is missing or was changed")
        if digest(row) != row.hash:
            return Breach(row.id, "its own content was changed")
        prev = row.hash
    return None
