"""The record of acts with the names of who acted, by the page or of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from contest.accounts.models import Account
from contest.core.audit import AuditRow
from contest.core.db import db
from contest.core.vietnamese import fold


@dataclass(frozen=True)
class Act:
    """One row of the record with the name of who acted; "hệ thống" has none."""

    row: AuditRow
    actor: str


@dataclass(frozen=True)
class Slice:
    """One page of a list; `page` counts from 1."""

    rows: Sequence[Act]
    page: int
    pages: int
    total: int
    first: int
    last: int


def acts_page(*, page: int = 1, per_page: int = 50, actor: str = "", action: str = "", subject: str = "") -> Slice:
    """The record of acts, newest first; `actor` finds a name (accents ignored), `action` is exact, `subject` is "kind:id" or a kind."""
    query = _acts()
    if actor:
        query = query.where(Account.name_folded.contains(fold(actor), autoescape=True))
    if action:
        query = query.where(AuditRow.action == action)
    if subject:
        query = query.where(
            or_(AuditRow.subject == subject, AuditRow.subject.startswith(f"{subject}:", autoescape=True))
        )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(1, page), pages)
    rows = db.session.execute(query.order_by(AuditRow.id.desc()).offset((page - 1) * per_page).limit(per_page)).all()
    first = (page - 1) * per_page + 1 if total else 0
    return Slice(
        rows=[Act(row, name or "") for row, name in rows],
        page=page,
        pages=pages,
        total=total,
        first=first,
        last=first + len(rows) - 1 if total else 0,
    )


def acts_on(subject: str, limit: int = 20) -> list[Act]:
    """The newest acts on one thing."""
    rows = db.session.execute(_acts().where(AuditRow.subject == subject).order_by(AuditRow.id.desc()).limit(limit))
    return [Act(row, name or "") for row, name in rows]


def actions() -> Sequence[str]:
    """Every kind of act that is on the record."""
    return db.session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action)).all()


def _acts() -> Select[AuditRow, str]:
    return select(AuditRow, Account.full_name).outerjoin(Account, Account.id == AuditRow.actor_id)
