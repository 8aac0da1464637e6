"""Whether this machine can serve: one check a part, for the operator's probes; /readyz shows them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import redis
from obstore.exceptions import BaseError
from rq import Worker
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from contest.core import migrations, queue, storage
from contest.core.db import db

WORKER_SILENT_AFTER = timedelta(minutes=5)  # workers speak twice a minute, in the middle of a long job too


class NotReady(Exception):
    """A part does not work; the message says which and how, in English, for the operator."""


def checks() -> dict[str, str]:
    """Each part's name with "ok" or what is wrong with it."""
    parts: dict[str, Callable[[], None]] = {
        "database": _database,
        "migrations": _migrations,
        "redis": _redis,
        "storage": _storage,
        "workers": _workers,
    }
    return {name: _outcome(check) for name, check in parts.items()}


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as error:
        return str(error)
    except (SQLAlchemyError, redis.RedisError, BaseError, OSError) as error:
        return type(error).__name__
    return "ok"


def _database() -> None:
    db.session.execute(text("SELECT 1"))


def _migrations() -> None:
    kept = set(db.session.scalars(text("SELECT version_num FROM alembic_version")))
    if kept != {migrations.newest()}:
        raise NotReady(f"database is at {', '.join(sorted(kept)) or 'nothing'}; run: contest db upgrade")


def _redis() -> None:
    queue.connection().ping()


def _storage() -> None:
    if not storage.healthy():
        raise NotReady("what was written is not what is read back")


def _workers() -> None:
    now = datetime.now(UTC)
    heard: set[str] = set()
    for worker in Worker.all(connection=queue.worker_connection()):
        spoke = worker.last_heartbeat
        if spoke and now - (spoke if spoke.tzinfo else spoke.replace(tzinfo=UTC)) < WORKER_SILENT_AFTER:
            heard |= set(worker.queue_names())
    missing = sorted(set(queue.QUEUES) - heard)
    if missing:
        raise NotReady(f"no living worker hears: {', '.join(missing)}")
