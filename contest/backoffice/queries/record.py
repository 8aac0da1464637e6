"""The record of acts with the names of who acted, by the page or of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from contest.accounts.models import Account
from contest.core.audit import AuditRow
from contest.core.db import db
from contest.core.paging import Page, page_of
from contest.core.vietnamese import fold


@dataclass(frozen=True)
class Act:
    """One row of the record with the name of who acted; "hệ thống" has none."""

    row: AuditRow
    actor: str


def acts_page(*, page: int = 1, per_page: int = 50, actor: str = "", action: str = "", subject: str = "") -> Page[Act]:
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
    query = query.order_by(AuditRow.id.desc())

    def read(offset: int, most: int) -> list[Act]:
        return [Act(row, name or "") for row, name in db.session.execute(query.offset(offset).limit(most))]

    return page_of(read, total=total, page=page, per_page=per_page)


def acts_on(subject: str, limit: int = 20) -> list[Act]:
    """The newest acts on one thing."""
    rows = db.session.execute(_acts().where(AuditRow.subject == subject).order_by(AuditRow.id.desc()).limit(limit))
    return [Act(row, name or "") for row, name in rows]


def actions() -> Sequence[str]:
    """Every kind of act that is on the record."""
    return db.session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action)).all()


def _acts() -> Select[AuditRow, str]:
    return select(AuditRow, Account.full_name).outerjoin(Account, Account.id == AuditRow.actor_id)
