"""The product with one round of as many attempts as are wanted, written straight into the tables; bench.grading and bench.boards measure it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np

from bench.seeding import QUESTIONS, execute, fill_contest
from contest.core import clock
from contest.core.db import db

BANK = 500


def seed_product(attempts: int, *, graded: bool) -> None:
    """One quiz round of so many handed-in attempts, each of a person of their own, over a bank of 500 questions."""
    fill_contest(bank=BANK, params={"hide_counters": False})
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
