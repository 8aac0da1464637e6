"""A rush to sign in: so many checks at once on the whole machine, nobody else waits for them, and who comes too many is told so at once."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contest.accounts import passwords
from contest.core.pool import CompensatingPool

SOON = 30.0  # seconds
PROBE = """
import sys, time
from pathlib import Path
from contest.accounts.passwords import _Checks

here, number = Path(sys.argv[1]), sys.argv[2]
def check():
    mine = here / f"at-it-{number}-{time.monotonic_ns()}"
    mine.touch()
    others = len(list(here.glob("at-it-*")))
    time.sleep(0.005)
    mine.unlink()
    return others
checks = _Checks(int(sys.argv[3]))
print("ready", flush=True)
sys.stdin.readline()
print(max(checks.run(check) for _ in range(40)))
"""


@pytest.fixture
def own_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine on which nobody else checks passwords."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield tmp_path
    tempfile.tempdir = None


@pytest.mark.parametrize("at_once", [1, 2])
def test_processes_together_keep_the_bound_of_the_machine(own_lines: Path, at_once: int) -> None:
    probes = [
        subprocess.Popen(
            [sys.executable, "-c", PROBE, str(own_lines), str(n), str(at_once)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    for probe in probes:
        assert probe.stdout is not None
        assert probe.stdout.readline() == "ready\n"
    for probe in probes:
        assert probe.stdin is not None
        probe.stdin.write("\n")
        probe.stdin.flush()
    most = [int(probe.communicate(timeout=SOON)[0]) for probe in probes]
    assert max(most) <= at_once


def test_a_killed_process_keeps_nobody_waiting(own_lines: Path) -> None:
    holds = """
import signal
from contest.accounts.passwords import _Checks
def check():
    print("held", flush=True)
    signal.sigwait([signal.SIGUSR1])
_Checks(1).run(check)
"""
    holder = subprocess.Popen([sys.executable, "-c", holds], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    checks = passwords._Checks(1)
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(checks.run, lambda: "checked")
        with pytest.raises(TimeoutError):
            answer.result(0.2)
        holder.kill()
        holder.communicate()
        assert answer.result(SOON) == "checked"


def test_requests_are_answered_while_more_sign_ins_wait_than_there_are_threads(own_lines: Path) -> None:
    checks, may = passwords._Checks(1), threading.Event()
    pool = CompensatingPool(2)
    try:
        rush = [pool.submit(checks.run, lambda: may.wait(SOON)) for _ in range(30)]
        assert pool.submit(lambda: "saved").result(SOON) == "saved"
        may.set()
        assert all(future.result(SOON) for future in rush)
    finally:
        may.set()
        pool.shutdown(wait=True)


def test_one_too_many_is_told_so_at_once(own_lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAITING", 3)
    checks, may = passwords._Checks(1), threading.Event()
    with ThreadPoolExecutor(3) as three:
        began = threading.Barrier(4)

        def asked() -> bool:
            began.wait(SOON)
            return checks.run(lambda: may.wait(SOON))

        waiting = [three.submit(asked) for _ in range(3)]
        began.wait(SOON)
        while checks._room._value:
            may.wait(0.01)
        with pytest.raises(passwords.Crowded):
            checks.run(lambda: True)
        may.set()
        assert all(future.result(SOON) for future in waiting)
    assert checks.run(lambda: True)


def test_a_line_of_somebody_elses_leaves_the_bound_to_each_process(own_lines: Path) -> None:
    (own_lines / f"kv-{os.getuid()}-password-0").symlink_to(own_lines / "elsewhere")
    assert passwords._Checks(1).run(lambda: "checked") == "checked"
    assert not (own_lines / "elsewhere").exists()
