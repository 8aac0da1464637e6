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

ROUNDS, SECONDS, LIMIT = 3, 5, 2.0
FLOODERS, MANY = 4, 32
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
    """Saves alone and saves beside sign-ins, in turn: beside as many as the promise speaks of, and beside more than there are threads."""
    saves, sign_ins = product.saves(server, 0), product.sign_ins(server, 0)
    load.send(server.url, sign_ins, seconds=2, connections=FLOODERS, once=False, expect=302)
    found: dict[int, list[Outcome]] = {0: [], FLOODERS: [], MANY: []}
    with ThreadPoolExecutor(1) as pool:
        for _ in range(ROUNDS):
            for flooders, outcomes in found.items():
                flood = pool.submit(_signing_in, server, sign_ins, flooders) if flooders else None
                outcomes.append(_saving(server, saves))
                if flood:
                    flood.result()
    p99 = {flooders: statistics.median(outcome.p99 for outcome in outcomes) for flooders, outcomes in found.items()}
    rate = {flooders: statistics.median(outcome.rate for outcome in outcomes) for flooders, outcomes in found.items()}
    ratio = {flooders: p99[flooders] / p99[0] for flooders in found}
    holds = ratio[FLOODERS] <= LIMIT and not sum(outcome.bad for outcomes in found.values() for outcome in outcomes)
    verdict = f"(≤ {LIMIT:g}×) {'holds' if holds else 'BROKEN'}"
    return [
        f"{f'save beside {flooders} that sign in' if flooders else 'save, quiet':<28}{rate[flooders]:>8.0f}/s  p99 {p99[flooders]:>7.1f} ms"
        + (f"   {ratio[flooders]:.2f}× {verdict if flooders == FLOODERS else ''}".rstrip() if flooders else "")
        for flooders in found
    ], holds


def _signing_in(server: Server, sign_ins: Sequence[Request], connections: int) -> Outcome:
    return load.send(server.url, sign_ins, seconds=SECONDS + 1, connections=connections, once=False, expect=302)


def _saving(server: Server, saves: Sequence[Request]) -> Outcome:
    return load.send(server.url, saves, seconds=SECONDS, connections=16, once=False, expect=200)


if __name__ == "__main__":
    sys.exit(main())
