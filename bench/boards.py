"""Measures the board of a large closed round beside Y-lb, on any page, quiet and during writes: `python -m bench.boards --attempts 1000000`."""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bench import load
from bench.alone import run_alone
from bench.grading import close_round, rank
from bench.large import seed_product
from bench.load import Request
from bench.seeding import LARGE_POSTGRES, empty_product
from bench.server import Server
from contest.contests import queries as contests
from contest.core import clock, queue
from contest.core.db import db
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.models import Attempt
from contest.quiz.queries.ranking import params_of
from tools.postgres import ThrowawayPostgres

BOARD = "/thi-trac-nghiem/bang-xep-hang?dot=1"
ROUNDS, SECONDS = 3, 5
_ASKED = 5000


@dataclass(frozen=True)
class _OwnRank:
    """Seconds that one's own rank takes in the closed round, on a live board of the same size with one attempt, with several and where none is at hand, and a ZREVRANK there."""

    closed: float
    live: float
    several: float
    unknown: float
    revrank: float


def main() -> int:
    """Measure and print; the status is 1 when a promise is broken."""
    return run_alone(measure, doc=__doc__, title="board of a closed round of {:,} attempts, PostgreSQL")


def measure(attempts: int, connections: int) -> tuple[list[str], bool]:
    """Seed both sides, take turns, and say what was measured and whether every promise is kept."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kv-bench-")))
        cluster = stack.enter_context(ThrowawayPostgres(LARGE_POSTGRES))
        bare_url, url = cluster.create("orm"), cluster.create("product")
        os.environ["BENCH_DATABASE_URL"] = bare_url
        from bench.yardsticks import board as yardstick

        with yardstick.app.app_context():
            yardstick.seed(attempts)
        app, env = empty_product(url, folder / "product", stack, durable=False)
        with app.app_context():
            seed_product(attempts, graded=True)
            close_round()
            rank()
            own = _own_rank(attempts)
            db.engine.dispose()
        bare = stack.enter_context(
            Server("bench.yardsticks.board:app", env={"BENCH_DATABASE_URL": bare_url}, log=folder / "bare.log")
        )
        product = stack.enter_context(Server("wsgi:app", env=env, ready="/healthz", log=folder / "product.log"))
        pages = -(-attempts // 50)
        paths: dict[str, tuple[Server, list[Request]]] = {
            "Y-lb": (bare, [Request("GET", "/")]),
            "board, first page": (product, [Request("GET", BOARD)]),
            "board, any page": (
                product,
                [Request("GET", f"{BOARD}&page={1 + n * 7919 % pages}") for n in range(997)],
            ),
        }
        found: dict[str, list[load.Outcome]] = {name: [] for name in paths}
        writing: list[load.Outcome] = []
        for _ in range(ROUNDS):
            for name, (server, requests) in paths.items():
                found[name].append(_send(server, requests, connections))
            with _writes(url):
                writing.append(_send(*paths["board, any page"], connections))
        return _said(found, writing, own)


def _send(server: Server, requests: list[Request], connections: int) -> load.Outcome:
    return load.send(server.url, requests, seconds=SECONDS, connections=connections, once=False, expect=200)


def _said(found: dict[str, list[load.Outcome]], writing: list[load.Outcome], own: _OwnRank) -> tuple[list[str], bool]:
    rate = {name: statistics.median(outcome.rate for outcome in rounds) for name, rounds in found.items()}
    p99 = {name: statistics.median(outcome.p99 for outcome in rounds) for name, rounds in found.items()}
    lines = [
        f"{name:<28}{rate[name]:>8.0f}/s  p99 {p99[name]:>6.1f} ms  bad {sum(o.bad for o in rounds)}  {rate[name] / rate['Y-lb']:.2f}×"
        for name, rounds in found.items()
    ]
    busy = statistics.median(outcome.p99 for outcome in writing)
    quiet = p99["board, any page"]
    lines.append(f"{'board, any page, writes':<28}{'':>10}  p99 {busy:>6.1f} ms  {busy / quiet:.2f}× its quiet p99")
    for name, seconds in (
        ("my rank, closed round", own.closed),
        ("my rank, running round", own.live),
        ("the same, several attempts", own.several),
        ("the same, by the entrant", own.unknown),
    ):
        lines.append(
            f"{name:<28}{1000 * seconds:>8.3f} ms  {seconds / own.revrank:.2f}× ZREVRANK ({1000 * own.revrank:.3f} ms)"
        )
    ranked = max(own.closed, own.live, own.several) <= own.revrank
    kept = all(rate[name] >= rate["Y-lb"] for name in rate) and busy <= 2 * quiet and ranked
    return [*lines, "holds" if kept else "BROKEN"], kept


def _own_rank(attempts: int) -> _OwnRank:
    client = queue.connection()
    for start in range(0, attempts, 10_000):
        client.zadd("bench", {str(n): n for n in range(start, min(start + 10_000, attempts))})
    service.rebuild_board(1)
    db.session.expire_all()
    round_, now = contests.round_by_id(1), clock.now()
    running, params = now - timedelta(days=1), params_of(round_)
    asked_for = [1 + n * 7919 % attempts for n in range(_ASKED)]
    found = db.session.scalars(sa.select(Attempt).where(Attempt.entrant_id.in_(asked_for)))
    alone = {attempt.entrant_id: attempt for attempt in found}
    asked: dict[str, Callable[[int], int | None]] = {
        "closed": lambda who: quiz.my_rank(round_, who, now),
        "live": lambda who: quiz.my_rank(round_, who, running, params=params, own=[alone[who]]),
        "several": lambda who: quiz.my_rank(round_, who, running, params=params, own=[alone[who]] * 3),
        "unknown": lambda who: quiz.my_rank(round_, who, running, params=params),
        "revrank": lambda who: client.zrevrank("bench", str(who)),
    }
    unknown = [name for name, ask in asked.items() if ask(asked_for[0]) is None]
    if unknown:
        raise RuntimeError(f"no rank is at hand: {', '.join(unknown)}")
    times: dict[str, list[float]] = {name: [] for name in asked}
    for who in asked_for:
        for name, ask in asked.items():
            begin = time.perf_counter()
            ask(who)
            times[name].append(time.perf_counter() - begin)
    return _OwnRank(**{name: statistics.median(found) for name, found in times.items()})


@contextmanager
def _writes(url: str) -> Iterator[None]:
    """Two hundred small writes a second into the attempts while the block runs."""
    engine, stop = sa.create_engine(url), threading.Event()

    def write() -> None:
        n = 0
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not stop.wait(0.005):
                n += 1
                connection.execute(
                    sa.text("UPDATE attempt SET sequence = sequence + 1 WHERE id = :which"), {"which": n}
                )

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
