"""Argon2id with a bound on how many checks run at once in a process; accounts' routes and commands call it, outside any transaction.

A check takes 19 MiB and some 20 ms of one core, so a rush of sign-ins waits its turn here instead of starving those who are sitting the quiz.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

from contest.core.errors import TooMany

PATIENCE = 8.0  # seconds
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
    app.extensions["kv_password_checks"] = threading.BoundedSemaphore(max(1, at_once))


def hashed(password: str) -> str:
    """What the table keeps of a password; raises Crowded."""
    with _turn():
        return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; without a kept one just as much work is done, and the answer is no. Raises Crowded."""
    with _turn():
        try:
            right = _HASHER.verify(kept or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """True when it was hashed with parameters of another time."""
    return _HASHER.check_needs_rehash(kept)


@contextmanager
def _turn() -> Iterator[None]:
    checks: threading.BoundedSemaphore = current_app.extensions["kv_password_checks"]
    if not checks.acquire(timeout=PATIENCE):
        raise Crowded()
    try:
        yield
    finally:
        checks.release()
