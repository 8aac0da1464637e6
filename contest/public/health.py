"""Whether this machine can serve: one check a part, for the operator's probes; /readyz shows them."""

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from flask import Flask, current_app
from rq import Worker
from sqlalchemy import text

from contest.core import migrations, queue, storage
from contest.core.db import db, unit_of_work

LIMIT = 5.0  # seconds for all parts together
PROBE = "kv:probe"
SCHEDULER_SILENT_AFTER = 180  # seconds; it speaks once a minute at least
WORKER_SILENT_AFTER = timedelta(minutes=5)  # workers speak twice a minute, in the middle of a long job too


class NotReady(Exception):
    """A part does not work; the message says which and how, in English, for the operator."""


class _Look:
    """One look at a part, on a thread of its own; whoever asks meanwhile waits for the same one."""

    def __init__(self, app: Flask, check: Callable[[], None]) -> None:
        self.over = threading.Event()
        self.outcome = ""
        threading.Thread(target=self._run, args=(app, check), name="health", daemon=True).start()

    def _run(self, app: Flask, check: Callable[[], None]) -> None:
        try:
            with app.app_context():
                try:
                    check()
                    self.outcome = "ok"
                finally:
                    db.session.remove()
        except NotReady as error:
            self.outcome = str(error)
        except Exception as error:  # noqa: BLE001 (whatever it is, the part does not work, and the operator is told which)
            self.outcome = type(error).__name__
        finally:
            self.over.set()


_looks: dict[tuple[int, str], _Look] = {}
_mutex = threading.Lock()


def checks() -> dict[str, str]:
    """Each part's name with "ok" or what is wrong with it, within LIMIT; a part is never looked at twice at once, however often it is asked for."""
    parts: dict[str, Callable[[], None]] = {
        "database": _database,
        "migrations": _migrations,
        "redis": _redis,
        "storage": _storage,
        "workers": _workers,
        "scheduler": _scheduler,
    }
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    until = monotonic() + LIMIT
    found = {}
    with _mutex:
        for name, check in parts.items():
            look = _looks.get((id(app), name))
            if look is None or look.over.is_set():
                look = _looks[id(app), name] = _Look(app, check)
            found[name] = look
    return {
        name: look.outcome if look.over.wait(max(0.0, until - monotonic())) else f"no answer within {LIMIT:g} seconds"
        for name, look in found.items()
    }


def _database() -> None:
    """Write, read back and commit: a database that is full or may only be read answers every question."""
    with unit_of_work() as session:
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))
        if not session.scalar(text("SELECT count(*) FROM alembic_version")):
            raise NotReady("no migration has run; run: contest db upgrade")


def _migrations() -> None:
    kept = set(db.session.scalars(text("SELECT version_num FROM alembic_version")))
    if kept != {migrations.newest()}:
        raise NotReady(f"database is at {', '.join(sorted(kept)) or 'nothing'}; run: contest db upgrade")


def _redis() -> None:
    word = secrets.token_hex(8)
    queue.connection().set(f"{PROBE}:{word}", word, ex=60)
    if queue.connection().get(f"{PROBE}:{word}") != word.encode():
        raise NotReady("what was written is not what is read back")


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


def _scheduler() -> None:
    silent = queue.scheduler_silent_for()
    if silent is None or silent > SCHEDULER_SILENT_AFTER:
        raise NotReady("no scheduler asks for what is due; run: contest scheduler")
