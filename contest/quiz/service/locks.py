"""Who may mark while keys change or places are counted: graders share, a change waits for them and they for it, and they pass over a round whose
places are counted; on SQLite the one writer at a time is lock enough."""

from typing import Any

from sqlalchemy import text

from contest.core.db import db

_KEYS, _REGRADE, _PLACES = 7_240_625, 7_240_626, 7_240_627  # any three constants


def share_keys(round_id: int) -> None:
    """The keys of the round stay as they are until the end of this unit of work; others may mark by them too."""
    _take("pg_advisory_xact_lock_shared", _KEYS, round_id)


def own_keys(round_id: int) -> None:
    """Nobody marks attempts of the round until the end of this unit of work."""
    _take("pg_advisory_xact_lock", _KEYS, round_id)


def own_regrade(round_id: int) -> None:
    """Nobody else marks the round anew until the end of this unit of work."""
    _take("pg_advisory_xact_lock", _REGRADE, round_id)


def own_places(round_id: int) -> None:
    """Nobody grades attempts of the round until the end of this unit of work; who does now is waited for."""
    _take("pg_advisory_xact_lock", _PLACES, round_id)


def places_stand(round_id: int) -> bool:
    """Whether nobody counts the places of the round now, nor until the end of this unit of work. Never waits: a count may last a minute."""
    return _take("pg_try_advisory_xact_lock_shared", _PLACES, round_id) is not False


def _take(function: str, kind: int, round_id: int) -> Any:
    if db.session.get_bind().dialect.name != "postgresql":
        return None
    return db.session.scalar(text(f"SELECT {function}(:kind, :round)"), {"kind": kind, "round": round_id})
