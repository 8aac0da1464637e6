"""`make bench`: runs every path and its yardstick in turn, several rounds, prints the table and writes bench/results.json."""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import bench.boards
import bench.crowded
import bench.grading
import bench.rush
from bench import load, product
from bench.scenario import Scenario
from bench.scenarios import DATABASES, all_scenarios
from bench.seeding import POSTGRES
from bench.server import Server
from bench.yardsticks.requests import USERS, attempts_each
from tools.postgres import NoPostgres, ThrowawayPostgres

RESULTS = Path(__file__).parent / "results.json"
LEAST_REQUESTS = 50
WARM_REQUESTS = 200
STARTS = 5
FACT_LIMITS = {"start_up_seconds": 1.5, "worker_megabytes": 150}


@dataclass
class Row:
    """The rounds of one scenario: requests per second, milliseconds and CPU milliseconds per request."""

    scenario: Scenario
    rate: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    bad: int = 0
    status: int = 0

    @property
    def key(self) -> str:
        """The name, with the database where the path is the product's."""
        return (
            f"{self.scenario.name} {self.scenario.server.split()[-1]}"
            if self.scenario.server.startswith("product")
            else self.scenario.name
        )

    def median(self, measure: str) -> float:
        """The middle of the rounds."""
        return statistics.median(getattr(self, measure))

    def spread(self, measure: str) -> str:
        """The least and the most of the rounds."""
        values = getattr(self, measure)
        return f"{min(values):.4g}–{max(values):.4g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; the status is 1 when a promise is broken or a reply was not the expected one."""
    options = _options(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kv-bench-")))
        databases = _databases(options.databases, folder, stack)
        scenarios = [s for s in all_scenarios() if _wanted(s, databases, options.only)]
        servers = _start(scenarios, databases, folder, stack, options.rounds)
        rows = [Row(scenario) for scenario in scenarios]
        for row in rows:
            _warm(row, servers[row.scenario.server], options)
        for number in range(options.rounds):
            for row in rows if number % 2 == 0 else reversed(rows):
                _measure(row, servers[row.scenario.server], number, options)
        facts = _facts(servers)
    _print(rows, facts)
    RESULTS.write_text(
        json.dumps(_as_data(rows, facts, options), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    kept = [holds for _, holds in _all_promises(rows, facts)] + [_large(options)]
    return 0 if all(kept) and not any(row.bad for row in rows) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--databases", default=",".join(DATABASES))
    parser.add_argument("--only", default="", help="rows whose name holds this word, with their yardsticks")
    parser.add_argument(
        "--attempts", type=int, default=100_000, help="of the large round; 0 leaves it and the rush out"
    )
    parser.add_argument(
        "--entrants", type=int, default=0, help="who arrive and hand in together; 0 leaves the rush out"
    )
    return parser.parse_args(arguments)


def _large(options: argparse.Namespace) -> bool:
    """Grading, marking anew, the board and the sittings of a large round, where PostgreSQL and nothing else was asked for; whether their promises are kept."""
    if options.only or not options.attempts or "postgresql" not in options.databases:
        return True
    try:
        boards, whole = bench.boards.measure(options.attempts, options.connections)
        lines = bench.grading.measure(options.attempts)
        crowded, level = bench.crowded.measure(options.attempts, options.connections)
        rush, calm = bench.rush.measure(options.entrants, 4 * options.connections) if options.entrants else ([], True)
    except NoPostgres:
        return True
    print(f"\nboard of a closed round of {options.attempts:,} attempts", *boards, sep="\n")
    print(bench.grading.shown(lines, options.attempts))
    print(f"\na round that holds {options.attempts:,} attempts", *crowded, sep="\n")
    if rush:
        print(f"\nthe last hour of {options.entrants:,} entrants", *rush, sep="\n")
    return whole and level and calm and all(line.holds for line in lines)


def _databases(wanted: str, folder: Path, stack: ExitStack) -> dict[str, dict[str, str]]:
    """For each database its two addresses: the yardsticks' and the product's."""
    urls: dict[str, dict[str, str]] = {}
    for name in wanted.split(","):
        if name == "sqlite":
            urls[name] = {side: f"sqlite:///{folder / side}.sqlite3" for side in ("orm", "product")}
            continue
        try:
            cluster = stack.enter_context(ThrowawayPostgres(POSTGRES))
        except NoPostgres as reason:
            print(f"Without PostgreSQL: {reason}", file=sys.stderr)
            continue
        urls[name] = {side: cluster.create(side) for side in ("orm", "product")}
    return urls


def _wanted(scenario: Scenario, databases: dict[str, dict[str, str]], only: str) -> bool:
    database = scenario.server.partition(" ")[2]
    if database and database not in databases:
        return False
    if not only or only in scenario.name:
        return True
    return any(s.against == scenario.name and only in s.name for s in all_scenarios())


def _start(
    scenarios: Sequence[Scenario],
    databases: dict[str, dict[str, str]],
    folder: Path,
    stack: ExitStack,
    rounds: int,
) -> dict[str, Server]:
    """Seed the databases and start every server that a scenario names, the product's first: its home page sets the size of the bare page."""
    needed = {scenario.server for scenario in scenarios}
    servers: dict[str, Server] = {}
    size = 24_700
    for name in sorted(needed, key=lambda server: (not server.startswith("product"), server)):
        side, _, database = name.partition(" ")
        if side == "product":
            env = product.seed(databases[database]["product"], folder / f"product-{database}", stack, rounds=rounds + 1)
            server = Server("wsgi:app", env=env, ready="/healthz", log=folder / "product.log")
        elif side == "orm":
            env = {"BENCH_DATABASE_URL": databases[database]["orm"]}
            _seed_yardstick(env, rounds)
            server = Server("bench.yardsticks.orm:app", env=env, log=folder / "orm.log")
        else:
            server = Server(
                f"bench.yardsticks.{side}:app", env={"BENCH_PAGE_BYTES": str(size)}, log=folder / "bare.log"
            )
        servers[name] = stack.enter_context(server)
        if side == "product":
            size = product.page_bytes(server)
    return servers


def _seed_yardstick(env: dict[str, str], rounds: int) -> None:
    """Fill the yardsticks' database in a process of its own: their application reads its address when it is imported."""
    import subprocess

    code = f"from bench.yardsticks.orm import seed; seed(users={USERS}, attempts_each={attempts_each(rounds)})"
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **env}, check=True, cwd=Path(__file__).parent.parent
    )


def _warm(row: Row, server: Server, options: argparse.Namespace) -> None:
    """Two seconds of a row, unmeasured: templates and statements are compiled, connections open. It uses up a round of its own."""
    requests = row.scenario.prepare(server, options.rounds)[:WARM_REQUESTS]
    load.send(server.url, requests, seconds=2, connections=8, once=row.scenario.once, expect=row.scenario.expect)
    finishing = row.scenario.then(server, options.rounds) if row.scenario.then else []
    if finishing:
        load.send(server.url, finishing, seconds=1, connections=8, once=False, expect=200)


def _measure(row: Row, server: Server, number: int, options: argparse.Namespace) -> None:
    """One round of a row; a path of two requests costs what both cost together."""
    scenario = row.scenario
    parts = [_send(row, server, scenario.prepare(server, number), options, once=scenario.once, expect=scenario.expect)]
    if scenario.then:
        parts.append(_send(row, server, scenario.then(server, number), options, once=False, expect=200))
    row.rate.append(1 / sum(1 / outcome.rate for outcome, _ in parts))
    row.p50.append(sum(outcome.p50 for outcome, _ in parts))
    row.p99.append(sum(outcome.p99 for outcome, _ in parts))
    row.cpu.append(sum(used * 1000 / outcome.requests for outcome, used in parts))
    print(
        f"  round {number + 1}  {row.key:<24} {row.rate[-1]:>8.0f}/s  {row.cpu[-1]:.2f} ms", file=sys.stderr, flush=True
    )


def _send(
    row: Row, server: Server, requests: Sequence[load.Request], options: argparse.Namespace, *, once: bool, expect: int
) -> tuple[load.Outcome, float]:
    """Send one kind of request; returns what came of it and the CPU seconds that it took."""
    before = server.cpu_seconds()
    outcome = load.send(
        server.url,
        requests,
        seconds=options.seconds,
        connections=options.connections,
        once=once,
        expect=expect,
    )
    used = server.cpu_seconds() - before
    row.bad += outcome.bad
    row.status = outcome.status or row.status
    if not outcome.requests:
        raise RuntimeError(f"{row.key}: nothing was answered in {options.seconds} seconds")
    if outcome.requests < LEAST_REQUESTS:
        print(f"  only {outcome.requests} requests", file=sys.stderr)
    if once and outcome.requests >= len(requests) - options.connections:
        raise RuntimeError(f"{row.key}: {len(requests)} prepared requests did not last {options.seconds} seconds")
    return outcome, used


def _facts(servers: dict[str, Server]) -> dict[str, dict[str, float]]:
    """Per product server: seconds until one fresh web process answers (the least of five, for other work only adds), megabytes of one worker after the load."""
    facts: dict[str, dict[str, float]] = {}
    for name, server in servers.items():
        if not name.startswith("product"):
            continue
        times = []
        for _ in range(STARTS):
            with Server(server.application, env=server.env, ready=server.ready, log=server.log, workers=1) as fresh:
                times.append(fresh.start_up)
        facts[name] = {
            "start_up_seconds": round(min(times), 2),
            "worker_megabytes": round(server.worker_megabytes(), 1),
        }
    return facts


def _ratio(row: Row, rows: Sequence[Row], measure: str) -> float | None:
    yard = next(
        (r for r in rows if r.scenario.name == row.scenario.against and not r.scenario.server.startswith("product")),
        None,
    )
    return row.median(measure) / yard.median(measure) if yard and yard.median(measure) else None


def _promises(row: Row, rows: Sequence[Row]) -> list[tuple[str, bool]]:
    found = [(bar, _ratio(row, rows, bar.measure)) for bar in row.scenario.bars]
    return [(f"{row.key}: {bar} (is {ratio:.2f}×)", bar.holds(ratio)) for bar, ratio in found if ratio is not None]


def _all_promises(rows: Sequence[Row], facts: dict[str, dict[str, float]]) -> list[tuple[str, bool]]:
    ratios = [promise for row in rows for promise in _promises(row, rows)]
    absolute = [
        (f"{name}: {fact.replace('_', ' ')} ≤ {FACT_LIMITS[fact]:g} (is {value:g})", value <= FACT_LIMITS[fact])
        for name, values in facts.items()
        for fact, value in values.items()
    ]
    return ratios + absolute


def _print(rows: Sequence[Row], facts: dict[str, dict[str, float]]) -> None:
    print(
        f"\n{'path':<24}{'req/s':>8} {'spread':>15}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>8} {'spread':>13}{'bad':>5}   × yardstick: req/s  CPU   p99"
    )
    for row in rows:
        ratios = [_ratio(row, rows, measure) for measure in ("rate", "cpu", "p99")]
        shown = "  ".join(f"{ratio:.2f}" for ratio in ratios if ratio is not None)
        print(
            f"{row.key:<24}{row.median('rate'):>8.0f} {row.spread('rate'):>15}{row.median('p50'):>9.1f}{row.median('p99'):>9.1f}"
            f"{row.median('cpu'):>8.2f} {row.spread('cpu'):>13}{row.bad:>5}"
            + (f"   {row.scenario.against}: {shown}" if shown else "")
        )
        if row.bad:
            print(f"    {row.bad} replies were not {row.scenario.expect} (last: {row.status})")
    print(f"\nload average at the end: {os.getloadavg()[0]:.1f}")
    for line, holds in _all_promises(rows, facts):
        print(f"{'holds ' if holds else 'BROKEN'}  {line}")


def _as_data(rows: Sequence[Row], facts: dict[str, dict[str, float]], options: argparse.Namespace) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "generator": "wrk" if shutil.which("wrk") else "locust",
        "cpus": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "options": vars(options),
        "rows": [
            {
                "path": row.key,
                "against": row.scenario.against,
                "bad": row.bad,
                **{
                    measure: [round(value, 3) for value in getattr(row, measure)]
                    for measure in ("rate", "p50", "p99", "cpu")
                },
                "ratios": {measure: _ratio(row, rows, measure) for measure in ("rate", "p50", "p99", "cpu")},
            }
            for row in rows
        ],
        "promises": [{"promise": line, "holds": holds} for line, holds in _all_promises(rows, facts)],
        "facts": facts,
    }


if __name__ == "__main__":
    sys.exit(main())
