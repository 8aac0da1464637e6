"""Argon2id with a bound on how many checks run at once on a machine; accounts' routes and commands call it, outside any transaction.

A check takes 19 MiB and some 20 ms of one core, so a rush of sign-ins waits its turn here instead of starving those who are sitting the quiz: its
checks leave half of the machine's cores alone, give way to requests, and who waits for one holds none of the threads that answer.
"""

import fcntl
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TypeVar, cast

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

from contest.core.errors import TooMany
from contest.core.pool import blocked

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")
PATIENCE = 8.0  # seconds
WAITING = 128  # in one process: about as many as can be checked within PATIENCE
NICENESS = 10
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a random password that nobody knows: an unknown account costs as much to check as a known one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$EFSQ/rImGiELIwoStybx2g$bTwlIfNUSAPN2ISweCHPqkfgynGCcnSv2BJvIoi8tMo"


class Crowded(TooMany):
    """More sign-ins at once than this machine can check."""

    title = "Đang có nhiều người đăng nhập"
    happened = "Máy chủ đang kiểm tra mật khẩu cho nhiều người cùng lúc nên chưa tới lượt bạn."
    kept = "Tài khoản của bạn không bị ảnh hưởng."
    todo = "Bạn chờ khoảng mười giây rồi thử lại."
    retry_after = 10


def init_app(app: Flask, *, at_once: int) -> None:
    """Allow `at_once` checks at a time on this machine, by however many processes; 0 stands for half of its cores, at least one."""
    app.extensions["kv_password_checks"] = _Checks(at_once or max(1, (os.cpu_count() or 1) // 2))


class _Checks:
    """The few threads that hash, so that their 19 MiB are taken a few times and not once a request."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="password", initializer=_give_way)
        self._lines = [Path(tempfile.gettempdir(), f"kv-{os.getuid()}-password-{n}") for n in range(at_once)]
        self._room = threading.BoundedSemaphore(WAITING)

    def run(self, check: Callable[[], Answer]) -> Answer:
        """What `check` returns, once it was its turn; raises Crowded when too many wait or it lasts too long."""
        if not self._room.acquire(blocking=False):
            raise Crowded()
        try:
            waiting = self._threads.submit(self._in_line, check)
            try:
                with blocked():
                    return waiting.result(timeout=PATIENCE)
            except TimeoutError as error:
                waiting.cancel()
                raise Crowded() from error
        finally:
            self._room.release()

    def _in_line(self, check: Callable[[], Answer]) -> Answer:
        with _one_of(self._lines):
            return check()


def _give_way() -> None:
    """Let the threads that answer requests go before those that hash. Linux alone counts niceness by thread, and lets nobody have less again."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))


def hashed(password: str) -> str:
    """What the table keeps of a password; raises Crowded."""
    return _checks().run(lambda: _HASHER.hash(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; without a kept one just as much work is done, and the answer is no. Raises Crowded."""
    return _checks().run(lambda: _verified(kept or _NOBODY, password)) and kept is not None


def _verified(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """True when it was hashed with parameters of another time."""
    return _HASHER.check_needs_rehash(kept)


def _checks() -> _Checks:
    return cast("_Checks", current_app.extensions["kv_password_checks"])


@contextmanager
def _one_of(lines: Sequence[Path]) -> Iterator[None]:
    """Hold one of these files while the block runs, alone on the machine; the kernel lets go of it for a process that was killed.

    Where the files cannot be had, for somebody else owns them, the bound is each process's own.
    """
    with ExitStack() as held:
        try:
            files = [held.enter_context(_opened(line)) for line in lines]
            if not any(_taken(file) for file in files):
                fcntl.flock(files[threading.get_native_id() % len(files)], fcntl.LOCK_EX)
        except OSError as error:
            log.warning("password_line_not_held", error=type(error).__name__)
        yield


def _opened(line: Path) -> IO[bytes]:
    return os.fdopen(os.open(line, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600), "rb")


def _taken(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
