"""Reads of objections about attempts: one attempt's trail, and which complaints still wait; the desk reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from contest.accounts.models import Account
from contest.core.db import db
from contest.quiz.models import AttemptNote
from contest.quiz.rules import NoteKind


@dataclass(frozen=True)
class TrailStep:
    """One step of a trail, and who wrote it."""

    note: AttemptNote
    by: str


def trail_of(attempt_id: int) -> Sequence[TrailStep]:
    """The steps about an attempt, oldest first."""
    query = (
        select(AttemptNote, Account.full_name)
        .join(Account, Account.id == AttemptNote.actor_id)
        .where(AttemptNote.attempt_id == attempt_id)
        .order_by(AttemptNote.id)
    )
    return [TrailStep(*row) for row in db.session.execute(query)]


def is_waiting(attempt_id: int) -> bool:
    """Whether the last complaint about an attempt has no decision yet."""
    query = (
        select(AttemptNote.kind)
        .where(AttemptNote.attempt_id == attempt_id, AttemptNote.kind != NoteKind.REMARK)
        .order_by(AttemptNote.id.desc())
        .limit(1)
    )
    return db.session.scalar(query) is NoteKind.COMPLAINT


def waiting() -> Select[int]:
    """The ids of the attempts whose last complaint has no decision yet."""
    newest = (
        select(func.max(AttemptNote.id)).where(AttemptNote.kind != NoteKind.REMARK).group_by(AttemptNote.attempt_id)
    )
    return select(AttemptNote.attempt_id).where(AttemptNote.id.in_(newest), AttemptNote.kind == NoteKind.COMPLAINT)


def waiting_count() -> int:
    """How many attempts have a complaint that waits."""
    return db.session.scalar(select(func.count()).select_from(waiting().subquery())) or 0
