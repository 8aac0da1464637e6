"""Use cases of sessions: ending one, ending all but one, forgetting those that ended long ago."""

from sqlalchemy import delete, or_, select, update

from contest.accounts import rules
from contest.accounts.models import AccountSession
from contest.core import clock
from contest.core.db import db
from contest.core.errors import NotFound


def revoke_session(*, account_id: int, session_id: int) -> None:
    """End one session of the account; raises NotFound for somebody else's."""
    row = db.session.scalar(
        select(AccountSession).where(AccountSession.id == session_id, AccountSession.account_id == account_id)
    )
    if row is None:
        raise NotFound("Không có phiên đăng nhập này.")
    row.revoked_at = row.revoked_at or clock.now()


def revoke_other_sessions(*, account_id: int, keep_session_id: int | None) -> int:
    """End every session of the account but one; says how many ended."""
    ended = db.session.execute(
        update(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            AccountSession.revoked_at.is_(None),
            AccountSession.id != (keep_session_id or 0),
        )
        .values(revoked_at=clock.now())
    )
    return ended.rowcount  # type: ignore[attr-defined]


def purge_ended_sessions() -> int:
    """Forget sessions that ended a month ago or more; says how many."""
    before = clock.now() - rules.SESSIONS_KEPT
    gone = db.session.execute(
        delete(AccountSession).where(or_(AccountSession.expires_at < before, AccountSession.revoked_at < before))
    )
    return gone.rowcount  # type: ignore[attr-defined]
