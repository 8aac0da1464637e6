"""Serves an application as `make run` does but with 2 × 4 threads, and reads from /proc what it costs; bench.run starts it.

The yardsticks have gunicorn's own threads, the product those it is shipped with: as many, of which one that waits for a password does not count.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from contest.config import ROOT

WORKERS, THREADS = 2, 4
PRODUCT = "wsgi:app"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Server:
    """gunicorn with `application` ("module:app") on a free loopback port, while the `with` block runs."""

    def __init__(
        self, application: str, *, env: Mapping[str, str], ready: str = "/", log: Path, workers: int = WORKERS
    ) -> None:
        self.application, self.env, self.ready, self.log, self.workers = application, env, ready, log, workers
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.start_up = 0.0

    @property
    def url(self) -> str:
        """The server's address without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        worker = "contest.web.Worker" if self.application == PRODUCT else "gthread"
        command = [
            *(
                sys.executable,
                "-m",
                "gunicorn",
                self.application,
                "--chdir",
                str(ROOT),
                "--bind",
                f"127.0.0.1:{self.port}",
            ),
            *("--workers", str(self.workers), "--threads", str(THREADS), "--worker-class", worker, "--reuse-port"),
            *("--keep-alive", "60", "--log-level", "warning", "--no-control-socket"),
        ]
        begin = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env={**os.environ, **self.env}, stdout=log, stderr=log, cwd=ROOT)
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > begin + 60:
                self.process.kill()
                raise RuntimeError(f"{self.application} did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.01)
        self.start_up = time.monotonic() - begin
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_seconds(self) -> float:
        """User and system time that the master and its workers have used so far."""
        return sum(_cpu_ticks(pid) for pid in [self.process.pid, *self.worker_pids()]) / TICKS

    def worker_pids(self) -> list[int]:
        """The processes that answer requests."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def worker_megabytes(self) -> float:
        """Resident memory of the larger worker."""
        return max(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.worker_pids()) * PAGE / 2**20

    def _answers(self) -> bool:
        try:
            with urlopen(self.url + self.ready, timeout=10):
                return True
        except HTTPError:
            return True
        except (URLError, OSError):
            return False


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
