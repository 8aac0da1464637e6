"""What a round that already holds many attempts costs those who sit: `python -m bench.crowded --attempts 1000000`; bench.run calls it too.

Two products take turns, one with ten thousand attempts handed in and graded and one with as many as are wanted: what a start, a save and a hand-in
cost in each. Then saves alone, and beside a worker that marks the large round anew by one changed key after the other.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from bench import load, product
from bench.alone import run_alone
from bench.load import Outcome, Request
from bench.seeding import LARGE_POSTGRES, execute
from bench.server import Server
from contest import run
from contest.core.db import db, unit_of_work
from tools.postgres import ThrowawayPostgres

FEW, ROUNDS, SECONDS = 10_000, 3, 4
UNTIL_MARKING = 60  # seconds
DEARER, SLOWER = 1.3, 0.7
ACTS: dict[str, tuple[Callable[[Server, int], Sequence[Request]], bool]] = {
    "start": (product.starts, True),
    "save": (product.saves, False),
    "hand in": (product.hand_ins, True),
}


def main() -> int:
    """Measure and print; the status is 1 when a promise is broken."""
    return run_alone(measure, doc=__doc__, title="a round that holds {:,} attempts, PostgreSQL")


def measure(attempts: int, connections: int) -> tuple[list[str], bool]:
    """Seed both, take turns, then correct keys; returns what to print and whether every promise is kept."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kv-bench-")))
        cluster = stack.enter_context(ThrowawayPostgres(LARGE_POSTGRES))
        served = [_served(cluster, size, folder / str(size), stack) for size in (FEW, attempts)]
        dearer, level = _acts([server for server, _ in served], attempts, connections)
        slower, calm = _beside_regrade(*served[1], connections)
    return [*dearer, *slower], level and calm


def _served(cluster: ThrowawayPostgres, size: int, folder: Path, stack: ExitStack) -> tuple[Server, Flask]:
    env = product.seed(cluster.create(f"of_{size}"), folder, stack, rounds=ROUNDS + 1)
    app = product.seeded()
    with app.app_context():
        _add_attempts(size)
        db.engine.dispose()
    return stack.enter_context(Server("wsgi:app", env=env, ready="/healthz", log=folder / "web.log")), app


def _add_attempts(count: int) -> None:
    """So many people of the round with one graded attempt each, every answer drawn by lot."""
    execute(
        "INSERT INTO account (role, email, password_hash, full_name, name_folded, name_key, sex, occupation, address, workplace, guardian_name, "
        "guardian_phone, created_at, is_demo) SELECT 'entrant', 'da-thi-' || n || '@vidu.example', 'x', 'Thí Sinh ' || n, 'thi sinh ' || n, "
        f"lpad(n::text, 7, '0'), '', '', '', '', '', '', now(), false FROM generate_series(1, {count}) n"
    )
    execute(
        "INSERT INTO attempt (round_id, entrant_id, number, seed, state, started_at, deadline, extra_seconds, answers, marked, sequence, "
        "handed_in_at, receipt, duration_ms, correct, points, graded_at) SELECT 1, id, 1, id * 7919, 'handed_in', now() - interval '20 minutes', "
        "now() - interval '5 minutes', 0, translate(substr(md5(id::text), 1, 20), '0123456789abcdef', '1248124812481248'), '', 20, "
        "now() - interval '9 minutes', 'TN9-' || id, 600000 + mod(id, 50000), 0, 0, now() FROM account WHERE starts_with(email, 'da-thi-')"
    )
    execute("VACUUM ANALYZE")


def _acts(servers: list[Server], attempts: int, connections: int) -> tuple[list[str], bool]:
    """What each act costs in the large round as a ratio to the small one, both in turns."""
    found: dict[str, list[list[Outcome]]] = {name: [[], []] for name in ACTS}
    for number in range(ROUNDS + 1):  # the first is for warming up
        for name, (prepare, once) in ACTS.items():
            for side, server in enumerate(servers):
                requests = prepare(server, number)
                outcome = load.send(
                    server.url, requests, seconds=SECONDS, connections=connections, once=once, expect=200
                )
                if number:
                    found[name][side].append(outcome)
    lines, kept = [], True
    for name, sides in found.items():
        few, many = (statistics.median(outcome.rate for outcome in outcomes) for outcomes in sides)
        bad = sum(outcome.bad for outcomes in sides for outcome in outcomes)
        holds = few / many <= DEARER and not bad
        kept &= holds
        lines.append(
            f"{name:<28}{few:>8.0f}/s with {FEW:,}  {many:>6.0f}/s with {attempts:,}  cost {few / many:.2f}× (≤ {DEARER:g}×) {_word(holds)}"
        )
    return lines, kept


def _beside_regrade(server: Server, app: Flask, connections: int) -> tuple[list[str], bool]:
    """Saves alone and saves beside the worker, in turn."""
    saves = product.saves(server, 0)
    alone: list[Outcome] = []
    beside: list[Outcome] = []
    marked = 0
    for _ in range(ROUNDS):
        alone.append(_saving(server, saves, connections))
        with _correcting(server, app) as seen:
            beside.append(_saving(server, saves, connections))
        marked += seen[0]
    quiet, busy = (statistics.median(outcome.rate for outcome in outcomes) for outcomes in (alone, beside))
    holds = busy / quiet >= SLOWER and not sum(outcome.bad for outcome in (*alone, *beside)) and marked > 0
    return [
        f"{'save, nothing else':<28}{quiet:>8.0f}/s",
        f"{'save beside a regrade':<28}{busy:>8.0f}/s  {busy / quiet:.2f}× (≥ {SLOWER:g}×) {_word(holds)}; {marked:,} attempts looked at meanwhile",
    ], holds


def _saving(server: Server, saves: Sequence[Request], connections: int) -> Outcome:
    return load.send(server.url, saves, seconds=2 * SECONDS, connections=connections, once=False, expect=200)


@contextmanager
def _correcting(server: Server, app: Flask) -> Iterator[list[int]]:
    """The workers of the product, and one changed key after the other, while the block runs; afterwards the list says how many attempts were looked at."""
    from contest.quiz import jobs

    workers = [_worker(server, name) for name in ("worker", "long")]
    stop, seen = threading.Event(), [0]

    def correct() -> None:
        from contest.core import queue

        with app.app_context():
            before = _looked_at()
            while not stop.is_set():
                _change_a_key()
                queue.send(queue.LONG, jobs.regrade)
                while _waiting() and not stop.is_set():
                    time.sleep(0.05)
            seen[0] = _looked_at() - before
            db.engine.dispose()

    thread = threading.Thread(target=correct)
    try:
        with app.app_context():
            before = _looked_at()
            thread.start()
            _wait_until_marking(workers[-1], before)
        yield seen
    finally:
        stop.set()
        if thread.ident:
            thread.join()
        for worker in workers:
            worker.terminate()
            worker.wait()


def _worker(server: Server, name: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, **server.env}
    return subprocess.Popen(run.worker_commands()[name], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_until_marking(worker: subprocess.Popen[bytes], before: int) -> None:
    """Until the worker has looked at one more attempt; raises RuntimeError when it ends before that or looks at none for a minute."""
    end = time.monotonic() + UNTIL_MARKING
    while _looked_at() <= before:
        if worker.poll() is not None:
            raise RuntimeError(f"the worker ended with status {worker.returncode} before it marked anything")
        if time.monotonic() > end:
            raise RuntimeError(f"the worker marked nothing in {UNTIL_MARKING} seconds")
        time.sleep(0.05)


def _change_a_key() -> None:
    from contest.quiz import service
    from contest.quiz.ledger import KeyChange, KeyRule

    with unit_of_work():
        turn, which = divmod(db.session.query(KeyChange).count(), product.BANK)
        key = 1 << (which + 2 + turn) % 4  # the seeded key of question n is 1 << n % 4; every turn moves it on
        service.change_key(round_id=1, version_id=which + 1, rule=KeyRule.KEY, key=key, actor_id=1, reason="đo tốc độ")


def _waiting() -> bool:
    from contest.quiz.ledger import KeyChange

    with unit_of_work():
        return db.session.query(KeyChange).where(KeyChange.done_at.is_(None)).count() > 0


def _looked_at() -> int:
    from contest.quiz.ledger import KeyChange

    with unit_of_work():
        return db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(KeyChange.seen), 0))) or 0


def _word(holds: bool) -> str:
    return "holds" if holds else "BROKEN"


if __name__ == "__main__":
    sys.exit(main())
