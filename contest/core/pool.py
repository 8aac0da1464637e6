"""The threads of a process that answer requests, of which one that waits for something slow does not count; `contest.web` serves with them."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
_here = threading.local()


class CompensatingPool(Executor):
    """Runs what is submitted on `threads` threads, first come first served; for each one inside `blocked` another runs in its stead.

    After such a wait one more than `threads` may run until the next of them has finished. The threads end with the process: what has not been
    answered by then was not acknowledged either.
    """

    def __init__(self, threads: int) -> None:
        self._work: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._mutex = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._surplus = 0  # threads that end as soon as they have finished what they do
        with self._mutex:
            for _ in range(threads):
                self._start()

    def submit(self, fn: Callable[Given, Answer], /, *args: Given.args, **kwargs: Given.kwargs) -> "Future[Answer]":
        """Run it on the next free thread."""
        future: Future[Answer] = Future()
        self._work.put((future, partial(fn, *args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads end after what was submitted before; cancels none of it."""
        self._work.put(None)
        for thread in [*self._threads] if wait else ():
            thread.join()

    @contextmanager
    def compensated(self) -> Iterator[None]:
        """While the block runs, on one of the pool's threads, another one works in its stead; where the machine has no thread left, none does."""
        with self._mutex:
            if self._surplus > 0:
                self._surplus -= 1
            else:
                try:
                    self._start()
                except RuntimeError:
                    self._surplus -= 1
        try:
            yield
        finally:
            with self._mutex:
                self._surplus += 1

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="request", daemon=True)
        thread.start()  # It leaves the set under the same lock under which it is put there.
        self._threads.add(thread)

    def _run(self) -> None:
        _here.pool = self
        while not self._superfluous():
            work = self._work.get()
            if work is None:
                self._work.put(None)  # for the next thread
                break
            _answer(*work)
            del work
        with self._mutex:
            self._threads.discard(threading.current_thread())

    def _superfluous(self) -> bool:
        if self._surplus <= 0:
            return False
        with self._mutex:
            ends = self._surplus > 0
            self._surplus -= ends
        return ends


@contextmanager
def blocked() -> Iterator[None]:
    """Wait in this block for what takes long and needs none of this thread: where a pool answers requests, another thread does so meanwhile."""
    pool: CompensatingPool | None = getattr(_here, "pool", None)
    if pool is None:
        yield
        return
    with pool.compensated():
        yield


def _answer(future: "Future[Any]", act: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        answer = act()
    except BaseException as error:  # noqa: BLE001 (whoever asked gets it, as from every Executor)
        future.set_exception(error)
    else:
        future.set_result(answer)
