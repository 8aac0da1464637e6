"""The last hour: 20,000 entrants who arrive and hand in together, and saves beside a flood of sign-ins: `python -m bench.rush`; bench.run calls it.

Nothing may be refused and nothing that was acknowledged may be missing afterwards; the 99th percentile of a save beside four connections that
sign in without pause is at most twice its quiet one.
"""

import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import sqlalchemy as sa

from bench import load, product
from bench.alone import run_alone
from bench.load import Outcome, Request
from bench.seeding import POSTGRES, QUESTIONS, paper_of
from bench.server import Server
from question_bank import answers as codes
from tools.postgres import ThrowawayPostgres

ROUNDS, SECONDS, FLOODERS, LIMIT = 3, 5, 4, 2.0
LONGEST = 600  # seconds
_SAVES = 3


def main() -> int:
    """Measure and print; the status is 1 when something was lost or a promise is broken."""
    return run_alone(
        measure,
        doc=__doc__,
        title="the last hour: {:,} entrants over {} connections, PostgreSQL",
        of="entrants",
        count=20_000,
        connections=64,
    )


def measure(entrants: int, connections: int) -> tuple[list[str], bool]:
    """Seed, let everybody sit, then flood; returns what to print and whether every promise is kept."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kv-bench-")))
        url = stack.enter_context(ThrowawayPostgres(POSTGRES)).create("product")
        product.EACH_ROUND = entrants
        env = product.seed(url, folder / "product", stack, rounds=1)
        server = stack.enter_context(Server("wsgi:app", env=env, ready="/healthz", log=folder / "product.log"))
        crowd, whole = _crowd(server, entrants, connections)
        flood, calm = _flood(server)
    return [*crowd, *flood], whole and calm


def _crowd(server: Server, entrants: int, connections: int) -> tuple[list[str], bool]:
    """Everybody starts, saves three answers and hands in with a fourth; afterwards every row must hold exactly these."""
    lines, bad = [], 0
    mine = {entrant: product.heads_of(entrant) for entrant in product.entrants_of(product.START, 0)}
    start = [Request("POST", "/thi-trac-nghiem/dot/1/bat-dau", heads) for heads in mine.values()]
    steps = [("start", lambda: start)]
    for number in range(1, _SAVES + 1):
        steps.append((f"save {number} of {_SAVES}", lambda number=number: _sent(server, mine, number)))  # type: ignore[misc]
    steps.append(("hand in", lambda: _sent(server, mine, _SAVES + 1)))
    for name, requests in steps:
        outcome = load.send(server.url, requests(), seconds=LONGEST, connections=connections, once=True, expect=200)
        bad += outcome.bad + abs(outcome.requests - entrants)
        lines.append(
            f"{name:<28}{outcome.rate:>8.0f}/s  p50 {outcome.p50:>7.1f}  p99 {outcome.p99:>7.1f} ms  bad {outcome.bad}"
        )
    wanted = "".join(_char(number) for number in range(1, _SAVES + 2)).ljust(QUESTIONS, codes.BLANK)
    found = Counter((row.state, row.answers) for row in _rows(server, mine))
    lost = entrants - found[("handed_in", wanted)]
    lines.append(f"{'handed in, every answer there':<28}{entrants - lost:>8,} of {entrants:,}")
    return lines, not bad and not lost


def _sent(server: Server, mine: dict[int, dict[str, str]], number: int) -> Sequence[Request]:
    """The packet of that number of everybody; the last one hands in."""
    act = "nop" if number > _SAVES else "luu"
    body = f'{{"sequence": {number}, "changes": {{"{number - 1}": "{_char(number)}"}}}}'
    return [Request("POST", f"{paper_of(row.id)}/{act}", mine[row.entrant_id], body) for row in _rows(server, mine)]


def _char(number: int) -> str:
    return codes.ALPHABET[1 << number % 4]


def _rows(server: Server, mine: dict[int, dict[str, str]]) -> Sequence[sa.Row]:
    from contest.quiz.models import Attempt

    wanted = sa.select(Attempt.id, Attempt.entrant_id, Attempt.state, Attempt.answers)
    engine = sa.create_engine(server.env["DATABASE_URL"], poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.execute(wanted.where(Attempt.entrant_id.between(min(mine), max(mine)))).all()


def _flood(server: Server) -> tuple[list[str], bool]:
    """Saves alone and saves beside sign-ins, in turn."""
    saves, sign_ins = product.saves(server, 0), product.sign_ins(server, 0)
    load.send(server.url, sign_ins, seconds=2, connections=FLOODERS, once=False, expect=302)
    quiet: list[Outcome] = []
    beside: list[Outcome] = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            quiet.append(_saving(server, saves))
            flood = pool.submit(
                load.send, server.url, sign_ins, seconds=SECONDS + 1, connections=FLOODERS, once=False, expect=302
            )
            beside.append(_saving(server, saves))
            flood.result()
    p99 = [statistics.median(outcome.p99 for outcome in outcomes) for outcomes in (quiet, beside)]
    rate = [statistics.median(outcome.rate for outcome in outcomes) for outcomes in (quiet, beside)]
    ratio = p99[1] / p99[0]
    holds = ratio <= LIMIT and not sum(outcome.bad for outcome in (*quiet, *beside))
    return [
        f"{'save, quiet':<28}{rate[0]:>8.0f}/s  p99 {p99[0]:>7.1f} ms",
        f"{f'save beside {FLOODERS} that sign in':<28}{rate[1]:>8.0f}/s  p99 {p99[1]:>7.1f} ms   {ratio:.2f}× (≤ {LIMIT:g}×) {'holds' if holds else 'BROKEN'}",
    ], holds


def _saving(server: Server, saves: Sequence[Request]) -> Outcome:
    return load.send(server.url, saves, seconds=SECONDS, connections=16, once=False, expect=200)


if __name__ == "__main__":
    sys.exit(main())
