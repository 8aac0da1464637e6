"""Argon2id with a bound on how many checks run at once in a process; accounts' routes and commands call it, outside any transaction.

A check takes 19 MiB and some 20 ms of one core, so a rush of sign-ins waits its turn here instead of starving those who are sitting the quiz.
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

from contest.core.errors import TooMany

Answer = TypeVar("Answer")
PATIENCE = 8.0  # seconds
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


def init_app(app: Flask, *, at_once: int) -> None:
    """Allow `at_once` checks at a time in this process."""
    app.extensions["kv_password_checks"] = ThreadPoolExecutor(
        max(1, at_once), thread_name_prefix="password", initializer=_give_way
    )


def _give_way() -> None:
    """Let the threads that answer requests go before those that hash. Linux alone counts niceness by thread, and lets nobody have less again."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))


def hashed(password: str) -> str:
    """What the table keeps of a password; raises Crowded."""
    return _in_turn(lambda: _HASHER.hash(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; without a kept one just as much work is done, and the answer is no. Raises Crowded."""
    return _in_turn(lambda: _verified(kept or _NOBODY, password)) and kept is not None


def _verified(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """True when it was hashed with parameters of another time."""
    return _HASHER.check_needs_rehash(kept)


def _in_turn(check: Callable[[], Answer]) -> Answer:
    """Run `check` on one of the few threads that hash, so that their 19 MiB are taken a few times and not once a request thread."""
    pool: ThreadPoolExecutor = current_app.extensions["kv_password_checks"]
    waiting = pool.submit(check)
    try:
        return waiting.result(timeout=PATIENCE)
    except TimeoutError as error:
        waiting.cancel()
        raise Crowded() from error
