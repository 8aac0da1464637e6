"""`contest run` as it is typed: it comes up, outlives what is killed, keeps its data and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are followed through /proc"),
]


class Run:
    """One `contest run` over a data folder."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir, self.port = data_dir, port
        self.output = data_dir.parent / f"{data_dir.name}.out"
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        env |= {"KV_ENV": "test", "KV_DATA_DIR": str(data_dir)}
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
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.05)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Callable[[], Run]]:
    runs: list[Run] = []

    def begin() -> Run:
        runs.append(Run(tmp_path / "var", port))
        return runs[-1]

    yield begin
    for run in runs:
        run.process.kill()
        run.process.wait()
        eventually(lambda run=run: not run.processes())  # type: ignore[misc]


def test_run_outlives_what_is_killed_and_leaves_nothing_behind(start: Callable[[], Run]) -> None:
    run = start()
    run.wait_until_up()
    secret = run.data_dir / "secret"
    kept = secret.read_text()
    assert secret.stat().st_mode & 0o777 == 0o600
    web, valkey, worker = run.pid_of("gunicorn"), run.pid_of("valkey-server"), run.pid_of("--queue quiz")

    for pid in (web, valkey, worker):
        os.kill(pid, signal.SIGKILL)

    eventually(lambda: {web, valkey, worker}.isdisjoint(run.processes()) and len(run.processes()) >= 7)
    eventually(run.answers)
    assert "valkey stopped (status -9); starting it again" in run.words()

    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(timeout=30) == 0
    assert run.processes() == {}
    assert not run.answers()

    again = start()
    again.wait_until_up()
    assert secret.read_text() == kept
    again.process.kill()
    again.process.wait()
    eventually(lambda: not again.processes())


def test_second_run_over_the_same_data_is_refused_in_one_sentence(start: Callable[[], Run]) -> None:
    start().wait_until_up()

    second = start()

    assert second.process.wait(timeout=30) == 1
    assert (
        second.words()
        .strip()
        .endswith("is already running: stop that one first, or set KV_DATA_DIR to another folder.")
    )
    assert len(second.words().strip().splitlines()) == 1


def test_busy_port_is_refused_in_one_sentence(start: Callable[[], Run], port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        run = start()

        assert run.process.wait(timeout=30) == 1
        assert run.words().strip() == (
            f"Port {port} is already in use: stop the other program, or choose another port (make run PORT={port + 1})."
        )
        assert run.processes() == {}
