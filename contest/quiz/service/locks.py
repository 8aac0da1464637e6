"""Who may mark while keys change: graders share, a change waits for them and they for it; on SQLite the one writer at a time is lock enough."""

from sqlalchemy import text

from contest.core.db import db

_KEYS, _REGRADE = 7_240_625, 7_240_626  # any two constants


def share_keys(round_id: int) -> None:
    """The keys of the round stay as they are until the end of this unit of work; others may mark by them too."""
    _take("pg_advisory_xact_lock_shared", _KEYS, round_id)


def own_keys(round_id: int) -> None:
    """Nobody marks attempts of the round until the end of this unit of work."""
    _take("pg_advisory_xact_lock", _KEYS, round_id)


def own_regrade(round_id: int) -> None:
    """Nobody else marks the round anew until the end of this unit of work."""
    _take("pg_advisory_xact_lock", _REGRADE, round_id)


def _take(function: str, kind: int, round_id: int) -> None:
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text(f"SELECT {function}(:kind, :round)"), {"kind": kind, "round": round_id})
