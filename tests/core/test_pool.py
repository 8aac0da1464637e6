"""The threads that answer requests: as many as were asked for work at once, and who is blocked is not one of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from contest.core.pool import CompensatingPool, blocked

SOON = 10.0  # seconds


@contextmanager
def pool_of(threads: int) -> Iterator[CompensatingPool]:
    pool = CompensatingPool(threads)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True)


def waiting(until: threading.Event) -> str:
    with blocked():
        assert until.wait(SOON)
    return "waited"


def most_at_once(pool: CompensatingPool, acts: int) -> int:
    """How many of so many acts are found working at the same moment, where each would wait for one more."""
    mutex, more = threading.Lock(), threading.Event()
    now = most = 0

    def act() -> None:
        nonlocal now, most
        with mutex:
            now += 1
            most = max(most, now)
        more.wait(0.2)
        with mutex:
            now -= 1

    for future in [pool.submit(act) for _ in range(acts)]:
        future.result(SOON)
    return most


def test_who_is_blocked_keeps_nobody_from_being_answered() -> None:
    with pool_of(2) as pool:
        event = threading.Event()
        blocked_ones = [pool.submit(waiting, event) for _ in range(20)]
        assert pool.submit(lambda: "answered").result(SOON) == "answered"
        event.set()
        assert [future.result(SOON) for future in blocked_ones] == ["waited"] * 20


def test_who_waits_without_saying_so_counts() -> None:
    with pool_of(2) as pool:
        assert most_at_once(pool, 6) == 2


def test_after_a_rush_no_more_work_at_once_than_before() -> None:
    with pool_of(2) as pool:
        event = threading.Event()
        blocked_ones = [pool.submit(waiting, event) for _ in range(20)]
        event.set()
        for future in blocked_ones:
            future.result(SOON)
        for _ in range(20):  # each lets one thread that is too many end
            pool.submit(lambda: None).result(SOON)
        assert most_at_once(pool, 6) == 2


def test_the_threads_of_a_rush_end() -> None:
    with pool_of(2) as pool:
        event = threading.Event()
        blocked_ones = [pool.submit(waiting, event) for _ in range(50)]
        event.set()
        for future in blocked_ones:
            future.result(SOON)
        for _ in range(60):
            pool.submit(lambda: None).result(SOON)
        assert len([thread for thread in threading.enumerate() if thread in pool._threads]) == 2


def test_an_error_is_handed_to_who_asked_and_the_thread_goes_on() -> None:
    def fails() -> None:
        with blocked():
            raise LookupError("gone")

    with pool_of(1) as pool:
        for _ in range(3):
            with pytest.raises(LookupError, match="gone"):
                pool.submit(fails).result(SOON)
        assert pool.submit(lambda: "answered").result(SOON) == "answered"


def test_where_no_thread_is_left_the_wait_goes_on_and_the_pool_stays_as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with pool_of(2) as pool:
        event = threading.Event()
        event.set()
        with monkeypatch.context() as full:
            full.setattr(threading.Thread, "start", none_left)
            assert pool.submit(waiting, event).result(SOON) == "waited"
        assert most_at_once(pool, 6) == 2


def test_first_come_first_served() -> None:
    order: list[int] = []
    with pool_of(1) as pool:
        for future in [pool.submit(order.append, n) for n in range(100)]:
            future.result(SOON)
    assert order == list(range(100))


def test_what_was_submitted_is_done_before_the_threads_end() -> None:
    done: list[int] = []
    pool = CompensatingPool(3)
    for n in range(30):
        pool.submit(done.append, n)
    pool.shutdown(wait=True)
    assert sorted(done) == list(range(30))


def test_outside_a_pool_nothing_is_to_be_compensated() -> None:
    with blocked():
        pass
    with pytest.raises(LookupError), blocked():
        raise LookupError
