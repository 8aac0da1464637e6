"""Turns to write to SQLite, first among the threads of a process, then among the processes of a machine; `contest.core.db` takes them and gives them back."""

import fcntl
import os
import threading
from functools import cache
from time import monotonic

from sqlalchemy.exc import TimeoutError as PoolTimeout

PATIENCE = 8.0  # seconds
# SQLite lets one writer in at a time and makes the others sleep and ask again; the threads of a process wait here in line instead.
_one_writer = threading.Lock()


class NoTurn(PoolTimeout):
    """Whoever is writing did not finish in time, perhaps because its process was stopped; shown as when the database is away."""


class Turn:
    """A turn to write to one SQLite database; with None, for another kind of database, there is nothing to wait for.

    SQLite itself makes who comes second sleep and ask again, ever longer; a lock of the kernel wakes the next one at once, and dies with its holder.
    """

    def __init__(self, database: str | None) -> None:
        self.database = database
        self.mine = False
        self.line: _Line | None = None

    def take(self) -> None:
        """Wait for the turn, at most PATIENCE in all; raises NoTurn. Where it is taken already there is nothing to wait for."""
        if self.database is None or self.mine:
            return
        until = monotonic() + PATIENCE
        if not _one_writer.acquire(timeout=PATIENCE):
            raise NoTurn("another thread is writing")
        self.mine = True
        line = _line_of(os.getpid(), self.database)
        if line is not None:
            if not line.take(until):
                self.give_back()
                raise NoTurn("another process is writing")
            self.line = line

    def give_back(self) -> None:
        """Let the next one write."""
        if self.line is not None:
            self.line.give_back()
        if self.mine:
            _one_writer.release()
        self.mine, self.line = False, None


class _Line:
    """The open file on which the processes that write to one database wait for each other; one thread of the process at a time asks here.

    The kernel's wait has no end of its own, so a thread kept for it does the waiting while who asked waits for that thread, with an end. What comes
    too late is let go at once. Where nobody else writes, no thread is asked.
    """

    def __init__(self, database: str) -> None:
        self._file = os.open(f"{database}-line", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._mutex = threading.Lock()
        self._keeper: threading.Thread | None = None
        self._waiting = False  # The keeper stands in the kernel's line.
        self._wanted = False  # Somebody still wants what it waits for.
        self._asked, self._given = threading.Lock(), threading.Lock()
        self._asked.acquire()
        self._given.acquire()

    def take(self, until: float) -> bool:
        """Hold the file's lock; False when it was not to be had until then, by the clock of `monotonic`."""
        if not self._waiting:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                return True
        with self._mutex:
            self._wanted = True
            if not self._waiting:
                self._waiting = True
                self._send()
        if self._given.acquire(timeout=max(0.0, until - monotonic())):
            return True
        with self._mutex:
            self._wanted = False
            return self._given.acquire(blocking=False)

    def give_back(self) -> None:
        """Let the next process write."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def _send(self) -> None:
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="sqlite-line", daemon=True)
            self._keeper.start()
        self._asked.release()

    def _keep(self) -> None:
        while True:
            self._asked.acquire()
            fcntl.flock(self._file, fcntl.LOCK_EX)
            with self._mutex:
                if self._wanted:
                    self._wanted = False
                    self._given.release()
                else:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
                self._waiting = False


@cache
def _line_of(pid: int, database: str) -> _Line | None:
    """The line of `database`; None in memory. A forked child makes its own."""
    return None if database in ("", ":memory:") else _Line(database)
