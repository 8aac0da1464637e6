"""Sends prepared requests as fast as a server takes them, by wrk where it is installed and by locust elsewhere; bench.run calls it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
SEQUENCE_STEP = 1_000_000  # of packets a round, so that a whole run stays below the highest number that is taken


@dataclass(frozen=True)
class Request:
    """One prepared request; `@seq@` in the body becomes a number that rises with every request."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def line(self) -> str:
        """The request as the load generators read it."""
        heads = "|".join(f"{name}: {value}" for name, value in self.headers.items())
        if any(mark in f"{self.path}{heads}{self.body}" for mark in "\t\n"):
            raise ValueError("a prepared request holds no tab and no line break")
        return "\t".join((self.method, self.path, heads, self.body))


@dataclass(frozen=True)
class Outcome:
    """What one round gave: milliseconds for p50 and p99, `bad` counts replies of another status and broken connections."""

    requests: int
    seconds: float
    p50: float
    p99: float
    bad: int
    status: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds if self.seconds else 0.0


_rounds = 0


def send(url: str, requests: Sequence[Request], *, seconds: int, connections: int, once: bool, expect: int) -> Outcome:
    """Send `requests` in turn for `seconds` over `connections`; with `once` stop when each was sent. Good replies have the status `expect`."""
    global _rounds
    _rounds += 1
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        file.writelines(request.line() + "\n" for request in requests)
        file.flush()
        env = {
            **os.environ,
            "BENCH_REQUESTS": file.name,
            "BENCH_ONCE": "1" if once else "0",
            "BENCH_EXPECT": str(expect),
            "BENCH_SEQUENCE": str(_rounds * SEQUENCE_STEP),
        }
        program = _wrk if shutil.which("wrk") else _locust
        return program(url, env, seconds, connections)


def _wrk(url: str, env: Mapping[str, str], seconds: int, connections: int) -> Outcome:
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "10s",
        "--latency",
        "-s",
        str(HERE / "wrk" / "rotate.lua"),
        url,
    ]
    output = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    data = json.loads(next(line for line in output.splitlines() if line.startswith("BENCH "))[6:])
    return Outcome(
        data["requests"], data["seconds"], data["p50"], data["p99"], data["unexpected"] + data["broken"], data["status"]
    )


def _locust(url: str, env: Mapping[str, str], seconds: int, connections: int) -> Outcome:
    command = [
        *(
            sys.executable,
            "-m",
            "locust",
            "-f",
            str(HERE / "locustfile.py"),
            "--headless",
            "--only-summary",
            "--json",
            "--skip-log-setup",
        ),
        *("-H", url, "-u", str(connections), "-r", str(connections), "-t", f"{seconds}s"),
    ]
    output = subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout
    stats = json.loads(output[output.index("[") :])
    times = sorted((float(ms), count) for entry in stats for ms, count in entry["response_times"].items())
    total = sum(entry["num_requests"] for entry in stats)
    begin = min(entry["start_time"] for entry in stats)
    end = max(entry["last_request_timestamp"] for entry in stats)
    bad = sum(entry["num_failures"] for entry in stats)
    return Outcome(total, end - begin, _percentile(times, 0.5), _percentile(times, 0.99), bad, 0)


def _percentile(times: Sequence[tuple[float, int]], share: float) -> float:
    wanted, seen = share * sum(count for _, count in times), 0
    for milliseconds, count in times:
        seen += count
        if seen >= wanted:
            return milliseconds
    return 0.0
