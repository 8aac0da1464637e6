"""Measures grading and marking anew beside bare SQL on the same PostgreSQL: `python -m bench.grading --attempts 1000000`; bench.run calls it too.

The yardstick is twenty rows of answers an attempt, joined to a table of keys, counted and written with one UPDATE. The product marks the same number of
attempts of the same length from its own tables. What is compared: everything graded for the first time, every mark wrong and set right, nothing wrong,
and one key of the bank corrected.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from bench.large import BANK, codes_of, seed_product
from bench.seeding import LARGE_POSTGRES, QUESTIONS, empty_product, execute
from contest.core import clock
from contest.core.db import db, unit_of_work
from tools.postgres import ThrowawayPostgres

MEGABYTES = 400
LARGE = 1_000_000
ONE_KEY = "regrade, one corrected key"
FLOORS = {"marks in memory": 50_000, "first grading, with board": 5_000}


@dataclass(frozen=True)
class Line:
    """One thing measured: seconds, and what it may be at most as a ratio to the yardstick (0 for no promise)."""

    name: str
    seconds: float
    ratio: float = 0.0
    limit: float = 0.0
    against: str = "Y-grade"

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return not self.limit or self.ratio <= self.limit

    @property
    def verdict(self) -> str:
        """The ratio and whether it is kept; "" where nothing is promised."""
        said = f"{self.ratio:.2f}× {self.against}"
        return f"   {said} (≤ {self.limit:g}×) {'holds' if self.holds else 'BROKEN'}" if self.limit else ""


def main() -> int:
    """Measure once and print; the status is 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=100_000)
    options = parser.parse_args()
    lines = measure(options.attempts)
    print(shown(lines, options.attempts))
    return 0 if all(line.holds for line in lines) else 1


def shown(lines: list[Line], attempts: int) -> str:
    """The lines as a table."""
    head = f"\ngrading and marking anew, {attempts:,} attempts of {QUESTIONS} questions, PostgreSQL"
    rows = [f"{line.name:<44}{line.seconds:>9.2f} s{attempts / line.seconds:>12,.0f}/s{line.verdict}" for line in lines]
    return "\n".join([head, *rows])


def measure(attempts: int) -> list[Line]:
    """Seed both sides and measure them in turn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kv-bench-")))
        cluster = stack.enter_context(ThrowawayPostgres(LARGE_POSTGRES))
        bare = sa.create_engine(cluster.create("orm"), isolation_level="AUTOCOMMIT")
        _note("seeding the yardstick")
        _seed_bare(bare, attempts)
        yard = _timed(lambda: _bare_grade(bare))
        bare.dispose()
        _note("seeding the product")
        app, _ = empty_product(cluster.create("product"), folder / "product", stack, durable=False)
        with app.app_context():
            seed_product(attempts, graded=False)
            before = _peak_megabytes(anew=True)
            lines = [Line("Y-grade: bare SQL join, count and UPDATE", yard)]
            lines += [_line(name, seconds, yard, limit, attempts) for name, seconds, limit in _product(attempts)]
            used = _peak_megabytes() - before
            memory = f"{MEGABYTES} MB"
            lines.append(Line(f"(memory used beyond the start: {used:.0f} MB)", 1.0, used / MEGABYTES, 1.0, memory))
            return lines


def _line(name: str, seconds: float, yard: float, limit: float, attempts: int) -> Line:
    """A line with its promise: attempts a second where that is promised, else a ratio to the yardstick. What is promised of a million is not asked of less."""
    if name in FLOORS:
        return Line(name, seconds, seconds * FLOORS[name] / attempts, 1.0, f"{FLOORS[name]:,}/s")
    if attempts < LARGE and name == ONE_KEY:
        limit = 0.0
    return Line(name, seconds, seconds / yard, limit)


def _product(attempts: int) -> Iterator[tuple[str, float, float]]:
    from contest.quiz import service
    from contest.quiz.ledger import KeyChange, KeyRule
    from contest.quiz.models import QuestionVersion
    from contest.quiz.queries.keys import keys_by_version, marks_of, masks_by_place
    from contest.quiz.queries.papers import frozen_bank
    from question_bank.grading import Scheme

    bank = frozen_bank(1)
    masks = masks_by_place(bank, keys_by_version(1, bank))
    rng = np.random.default_rng(3)
    seeds = rng.integers(0, 2**63 - 1, attempts)
    codes = codes_of(rng, attempts)
    yield (
        "marks in memory",
        _timed(
            lambda: [
                marks_of(bank, masks, seeds[at : at + 10_000], codes[at : at + 10_000], Scheme())
                for at in range(0, attempts, 10_000)
            ]
        ),
        0.0,
    )

    def grade_all() -> None:
        more = True
        while more:
            with unit_of_work():
                more = service.grade_batch() > 0

    yield "first grading, with board", _timed(grade_all), 0.0
    close_round()
    yield "places of the closed round", _timed(rank), 0.0
    yield "index of papers", _timed(_index), 0.0

    def regrade_all() -> None:
        seen, after = 1, 0
        while seen:
            with unit_of_work():
                seen, _, after = service.regrade(round_id=1, after_id=after)

    execute("UPDATE attempt SET correct = 0, points = 1")
    execute("VACUUM ANALYZE attempt")
    yield "regrade, every mark wrong", _timed(regrade_all), 0.65
    yield "regrade, nothing wrong", _timed(regrade_all), 0.5
    execute("VACUUM ANALYZE attempt")

    def correct_one() -> None:
        with unit_of_work():
            version = db.session.get_one(QuestionVersion, 7)
            key = 1 << (version.key.bit_length() % 4)
            change = service.change_key(
                round_id=1, version_id=7, rule=KeyRule.KEY, key=key, actor_id=1, reason="đo tốc độ"
            )
            change_id = change.id
        more = True
        while more:
            with unit_of_work():
                more = service.apply_change(change_id)
        _note(f"changed {db.session.get_one(KeyChange, change_id, populate_existing=True).changed:,}")

    yield ONE_KEY, _timed(correct_one), 0.08


def _seed_bare(engine: sa.Engine, attempts: int) -> None:
    with engine.connect() as connection:
        for statement in (
            "CREATE TABLE bare_key (question int PRIMARY KEY, choice smallint NOT NULL)",
            "CREATE TABLE bare_attempt (id bigint PRIMARY KEY, entrant_id bigint NOT NULL, score int)",
            "CREATE TABLE bare_answer (attempt_id bigint, question int, choice smallint NOT NULL, PRIMARY KEY (attempt_id, question))",
            f"INSERT INTO bare_key SELECT n, mod(n, 4) FROM generate_series(0, {BANK - 1}) n",
            f"INSERT INTO bare_attempt SELECT n, n, 0 FROM generate_series(1, {attempts}) n",
            f"INSERT INTO bare_answer SELECT a, mod(a * 7 + q * 25, {BANK}), (random() * 3)::int FROM generate_series(1, {attempts}) a, generate_series(0, {QUESTIONS - 1}) q",
            "VACUUM ANALYZE",
        ):
            connection.exec_driver_sql(statement)


def _bare_grade(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "UPDATE bare_attempt SET score = marked.score FROM (SELECT attempt_id, 5 * count(*) FILTER (WHERE a.choice = k.choice) "
            "AS score FROM bare_answer a JOIN bare_key k USING (question) GROUP BY attempt_id) marked "
            "WHERE marked.attempt_id = bare_attempt.id"
        )


def close_round() -> None:
    """Let the round be over."""
    from contest.contests.models import Round

    with unit_of_work():
        db.session.get_one(Round, 1).closes_at = clock.now() - timedelta(minutes=5)


def rank() -> None:
    """Count the places of what is over."""
    from contest.quiz import service

    with unit_of_work():
        service.settle_predictions()
    for round_id in service.rounds_to_rank():
        with unit_of_work():
            service.rank_round(round_id)
    service.copy_lost_places()


def _index() -> None:
    from contest.quiz import service

    more = True
    while more:
        with unit_of_work():
            more = service.index_papers(1) > 0


def _timed(act: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def _peak_megabytes(*, anew: bool = False) -> float:
    """The most memory that this process has held, since the last time it was asked `anew`; Linux only."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _note(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
