"""Turns to write to SQLite: a writer that stopped keeps nobody waiting for ever, is answered in words, and what is given up on is not held."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest import worker
from contest.accounts.models import Account
from contest.core import queue, turns
from contest.core.db import db, single_statement, unit_of_work
from contest.worker import run_worker
from tests.core.threads import race
from tests.factories import make_account

HOLD = """
import fcntl, sys
line = open(sys.argv[1], "a+")
fcntl.flock(line, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""
ENOUGH = 20.0  # seconds


@pytest.fixture
def line(app: Flask) -> str:
    """The file on which processes wait."""
    with app.app_context():
        return f"{db.engine.url.database}-line"


@contextmanager
def held_elsewhere(line: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process holds the turn until the end of the block, or until it is killed."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, line], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        yield holder
    finally:
        holder.kill()
        holder.communicate()


holders: list["subprocess.Popen[str]"] = []
tries: list[str] = []


def write_at_the_third_try() -> None:
    """A job whose turn is not to be had before it comes for the third time."""
    tries.append("tried")
    if len(tries) == 3:
        holders.pop().communicate("done")
    with unit_of_work():
        make_account()


def fail_at_the_second_try() -> None:
    """A job that would be wrong if it had its turn."""
    tries.append("tried")
    if len(tries) == 2:
        holders.pop().communicate("done")
    with unit_of_work():
        raise ZeroDivisionError


@pytest.fixture
def worker_beside(app: Flask, line: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], int]:
    """Lets a worker do one job while another process holds the turn; says how many jobs have failed then."""

    def work(job: Callable[[], None]) -> int:
        tries.clear()
        with app.app_context(), held_elsewhere(line) as holder:
            monkeypatch.setattr(turns, "PATIENCE", 0.1)
            holders[:] = [holder]
            queue.send(queue.QUIZ, job)
            run_worker(app, names=[queue.QUIZ], forking=False, burst=True)
            return len(queue.queue(queue.QUIZ).failed_job_registry)

    return work


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Account)) or 0


def test_writing_while_another_process_stands_still_is_answered_in_words(
    app: Flask, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> str:
        with unit_of_work():
            make_account()
        return "đã ghi"

    app.add_url_rule("/thu-ghi", "write", write)
    client = app.test_client()
    with monkeypatch.context() as impatient, held_elsewhere(line):
        impatient.setattr(turns, "PATIENCE", 0.2)
        page, packet = client.get("/thu-ghi"), client.get("/thu-ghi", headers={"Accept": "application/json"})
    after = client.get("/thu-ghi")

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "Máy chủ đang khởi động lại" in page.text
    assert packet.status_code == 503
    assert "vẫn còn nguyên" in packet.get_json()["error"]["kept"]
    assert after.text == "đã ghi"
    with app.app_context():
        assert people() == 1


def test_turn_that_comes_after_it_was_given_up_on_is_let_go(
    app: Flask, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as impatient, app.app_context(), held_elsewhere(line):
        impatient.setattr(turns, "PATIENCE", 0.2)
        for work in (unit_of_work, single_statement):
            with pytest.raises(turns.NoTurn), work():
                make_account()

    free = [sys.executable, "-c", HOLD, line]
    assert subprocess.run(free, input="", text=True, capture_output=True, timeout=ENOUGH, check=True).stdout == "held\n"
    with app.app_context():
        assert people() == 0
        with unit_of_work():
            make_account()
        assert people() == 1


def test_threads_that_wait_for_another_process_all_write_once_it_is_done(app: Flask, line: str) -> None:
    with app.app_context():
        db.session.remove()
    with held_elsewhere(line) as holder:
        threading.Timer(0.3, holder.kill).start()

        def write(number: int) -> None:
            with unit_of_work():
                make_account()

        assert race(app, write, threads=8) == [None] * 8

    with app.app_context():
        assert people() == 8


def test_job_whose_turn_does_not_come_is_tried_again_and_has_not_failed(
    app: Flask, worker_beside: Callable[[Callable[[], None]], int]
) -> None:
    assert worker_beside(write_at_the_third_try) == 0

    assert len(tries) == 3
    with app.app_context():
        assert people() == 1


def test_job_whose_turn_never_comes_has_failed_in_the_end(
    worker_beside: Callable[[Callable[[], None]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PUT_OFF", 1)

    assert worker_beside(write_at_the_third_try) == 1

    assert len(tries) == 2


def test_job_that_is_wrong_once_it_has_its_turn_is_not_tried_again(
    worker_beside: Callable[[Callable[[], None]], int],
) -> None:
    assert worker_beside(fail_at_the_second_try) == 1

    assert len(tries) == 2


def test_thread_that_does_not_finish_keeps_the_others_of_its_process_only_so_long(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    database = ":memory:"
    first, second = turns.Turn(database), turns.Turn(database)
    first.take()

    with pytest.raises(turns.NoTurn):
        second.take()

    first.give_back()
    second.take()
    second.give_back()
