"""`contest run` as it is typed: it comes up, outlives what is killed, keeps its data and leaves nothing behind."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tools.running import Run, eventually, free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are followed through /proc"),
]


@pytest.fixture
def port() -> int:
    return free_port()


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
    killed = {run.pid_of(part) for part in ("gunicorn", "valkey-server", "--queue quiz", "--queue long")}

    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    eventually(lambda: killed.isdisjoint(run.processes()) and len(run.processes()) >= 8)
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
