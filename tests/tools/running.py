"""`contest run` as its own process, followed through /proc; tests that start, kill and stop the whole contest use it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen


class Run:
    """One `contest run` over a data folder."""

    def __init__(self, data_dir: Path, port: int, more: Mapping[str, str] | None = None) -> None:
        self.data_dir, self.port = data_dir, port
        self.output = data_dir.parent / f"{data_dir.name}.out"
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        env |= {"KV_ENV": "test", "KV_DATA_DIR": str(data_dir), **(more or {})}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("contest")), "run", "--port", str(port)],
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def words(self) -> str:
        return self.output.read_text()

    def wait_until_up(self) -> None:
        eventually(lambda: "Stop: Ctrl-C" in self.words() or self.process.poll() is not None)
        assert self.process.poll() is None, self.words()

    def answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return True
        except HTTPError:
            return True
        except (URLError, OSError):
            return False

    def processes(self) -> dict[int, str]:
        """Every process that names this run's data folder in its environment or title, but for the run itself."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != self.process.pid:
                try:
                    env, command = (entry / "environ").read_bytes(), (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if f"KV_DATA_DIR={self.data_dir}".encode() in env.split(b"\0") or bytes(self.data_dir) in command:
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode()
        return found

    def pid_of(self, words: str) -> int:
        return min(pid for pid, command in self.processes().items() if words in command)


def eventually(true: Callable[[], bool], seconds: float = 60) -> None:
    """Return once `true()`; fails when it never came true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.05)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
