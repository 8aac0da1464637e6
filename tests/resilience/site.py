"""A whole contest over a small seeded database, started as `contest run`, whose parts a test may kill; the tests of this folder use it."""

import json
import os
import secrets
import shutil
import signal
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from contest import create_app
from contest.accounts.access import SESSION_TOKEN, token_hash
from contest.accounts.models import AccountSession
from contest.config import Config
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import service as quiz
from contest.supervisor import EmbeddedValkey
from question_bank import formats
from tests.factories import make_account, make_contest, round_of
from tests.tools.running import Run, eventually

_BANK = "questions.jsonl"
_CSRF = "0123456789abcdef0123456789abcdef01234567"
PARTS = {
    "valkey": "valkey-server",
    "worker": "--queue quiz",
    "long": "--queue long",
    "scheduler": "scheduler",
    "master": "gunicorn",
}


@dataclass(frozen=True)
class Entrant:
    """One who may sit, with the headers that the browser's requests bear."""

    account_id: int
    heads: dict[str, str]


class Site:
    """The data folder, the application over it in this process, and the running processes; on SQLite unless an address is given."""

    def __init__(self, folder: Path, port: int, template: Path | None = None, database_url: str = "") -> None:
        self.folder, self.port = folder, port
        folder.mkdir()
        (folder / "secret").write_text(secrets.token_urlsafe(48) + "\n")
        if template:
            shutil.copyfile(template, folder / "contest.sqlite3")
        self.database = {"DATABASE_URL": database_url} if database_url else {}
        self.redis_url = EmbeddedValkey(folder / "valkey").url
        env = {"KV_ENV": "test", "KV_DATA_DIR": str(folder), "REDIS_URL": self.redis_url} | self.database
        self.app = create_app(Config.from_env(env))
        self.run: Run | None = None

    def start(self) -> None:
        """Start the whole contest over the data folder and wait until it answers."""
        self.run = Run(self.folder, self.port, self.database)
        self.run.wait_until_up()

    def is_up(self) -> bool:
        """Whether the process that starts the others runs."""
        return self.run is not None and self.run.process.poll() is None

    def stop(self) -> None:
        """End whatever still runs."""
        if self.run:
            self.kill("everything")
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def kill(self, part: str) -> None:
        """SIGKILL for one part, or for "everything"; waits until it lives first, should it have been killed a moment ago."""
        if part == "everything":
            self._kill_everything()
        else:
            eventually(lambda: self._hit(part, signal.SIGKILL))

    def hold(self, part: str) -> None:
        """Make one part stand still."""
        eventually(lambda: self._hit(part, signal.SIGSTOP))

    def let_go(self, part: str) -> None:
        """Let the part go on."""
        eventually(lambda: self._hit(part, signal.SIGCONT))

    def _kill_everything(self) -> None:
        """The process that starts the others comes first."""
        assert self.run
        self.run.process.kill()
        self.run.process.wait()
        eventually(self._all_dead)

    def _all_dead(self) -> bool:
        assert self.run
        found = self.run.processes()
        for pid in found:
            _send(pid, signal.SIGKILL)
        return not found

    def _hit(self, part: str, number: signal.Signals) -> bool:
        assert self.run
        if part == "web":
            masters = self._children(self.run.process.pid, PARTS["master"])
            found = [pid for master in masters for pid in self._children(master, PARTS["master"])]
        else:
            found = self._children(self.run.process.pid, PARTS[part])
        return bool(found) and _send(min(found), number)

    def _children(self, parent: int, words: str) -> list[int]:
        assert self.run
        return [pid for pid, command in self.run.processes().items() if words in command and _parent(pid) == parent]


def seeded(app: Flask, *, people: int, params: dict[str, Any]) -> tuple[int, list[Entrant]]:
    """Write a contest with an open, prepared quiz round and signed-in entrants; returns the round's id and the entrants."""
    questions = formats.read(_BANK, (resources.files("contest.demo") / _BANK).read_bytes()).questions
    with app.app_context():
        with unit_of_work():
            contest = make_contest(params={TrackKind.QUIZ: {"hide_counters": False} | params})
            quiz.import_questions(contest_id=contest.id, questions=questions, actor_id=None)
            round_id = round_of(contest, TrackKind.QUIZ).id
            quiz.prepare_round(round_id=round_id, actor_id=None)
            entrants = [_entrant(app) for _ in range(people)]
        db.session.remove()
    return round_id, entrants


def _entrant(app: Flask) -> Entrant:
    account, token, now = make_account(), secrets.token_urlsafe(24), clock.now()
    db.session.add(
        AccountSession(
            account_id=account.id,
            token_hash=token_hash(token),
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=1),
        )
    )
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = signer.dumps({SESSION_TOKEN: token, "_user_id": str(account.id), "_fresh": True, "csrf_token": _CSRF})
    csrf = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(_CSRF)
    heads = {
        "Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}",
        "X-CSRFToken": csrf if isinstance(csrf, str) else csrf.decode(),
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    return Entrant(account.id, heads)


def packet(sequence: int, changes: dict[int, str]) -> bytes:
    """What the page's script sends."""
    return json.dumps({"sequence": sequence, "changes": {str(at): char for at, char in changes.items()}}).encode()


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _send(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
