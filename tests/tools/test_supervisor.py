"""The supervisor behind `contest run`, with real processes and a real Valkey."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from contest.supervisor import CannotRun, Child, EmbeddedValkey, Signals, Supervisor
from tests.tools.running import eventually

SLEEPER = [sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('awake', flush=True); time.sleep(600)",
]


@pytest.fixture
def signals() -> Iterator[Signals]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield Signals()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def supervisor(tmp_path: Path, signals: Signals) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "log", signals)
    yield supervisor
    supervisor.stop()


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_killed_child_is_started_again_and_sigterm_stops_all(supervisor: Supervisor, signals: Signals) -> None:
    sleeper, valkey_free = Child("sleeper", SLEEPER, os.environ), Child("other", SLEEPER, os.environ)
    supervisor.start(sleeper)
    supervisor.start(valkey_free)
    first = pid_of(sleeper)

    def act() -> None:
        os.kill(first, signal.SIGKILL)
        eventually(lambda: pid_of(sleeper) != first and sleeper.alive())
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=act)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        supervisor.watch()
    thread.join()
    second = sleeper.process

    supervisor.stop()

    assert second is not None
    assert second.poll() == -signal.SIGTERM
    assert signals.stop


def test_stop_kills_a_child_that_does_not_listen(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.supervisor.PATIENCE", (0.2, 0.2))
    child = Child("stubborn", STUBBORN, os.environ)
    supervisor.start(child)
    eventually(lambda: "awake" in (tmp_path / "log" / "stubborn.log").read_text())

    supervisor.stop()

    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_child_that_dies_at_once_is_reported_with_its_log(supervisor: Supervisor, tmp_path: Path) -> None:
    child = Child("broken", [sys.executable, "-c", "raise SystemExit('no such thing')"], os.environ)
    supervisor.start(child)

    with pytest.raises(CannotRun, match=r"The broken process did not start; .*broken\.log says why\."):
        supervisor.wait_until_ready(child, lambda: False)

    assert "no such thing" in (tmp_path / "log" / "broken.log").read_text()


def test_valkey_killed_keeps_what_it_acknowledged(supervisor: Supervisor, tmp_path: Path) -> None:
    valkey = EmbeddedValkey(tmp_path / "valkey")
    supervisor.start(valkey)
    Redis.from_url(valkey.url).set("answer", "B")
    os.kill(pid_of(valkey), signal.SIGKILL)
    eventually(lambda: not valkey.alive())

    valkey.spawn(tmp_path / "log" / "valkey.log")

    assert Redis.from_url(valkey.url).get("answer") == b"B"


def test_valkey_left_by_a_killed_parent_is_taken_over_and_stopped(supervisor: Supervisor, tmp_path: Path) -> None:
    left = EmbeddedValkey(tmp_path / "valkey")
    left.spawn(tmp_path / "left.log")
    Redis.from_url(left.url).set("answer", "C")
    found = EmbeddedValkey(tmp_path / "valkey")

    supervisor.start(found)

    assert found.process is None
    assert found.alive()
    assert Redis.from_url(found.url).get("answer") == b"C"
    supervisor.stop()
    assert left.process is not None
    left.process.wait(timeout=10)
    assert not found.alive()


def test_valkey_in_a_folder_with_a_long_name_uses_a_short_socket(supervisor: Supervisor, tmp_path: Path) -> None:
    valkey = EmbeddedValkey(tmp_path / ("a" * 60) / ("b" * 60))

    supervisor.start(valkey)

    assert Redis.from_url(valkey.url).ping()
    assert len(str(valkey.socket)) < 108
