"""Counts wrong passwords in Redis, so that guessing ends and a school behind one address does not; sign-in calls it.

Keys hold hashes, never a phone or an address. A Redis that cannot be reached lets people in: the passwords themselves still guard.
"""

import hashlib

import redis
import structlog

from contest.accounts.rules import (
    FAILURES_ALLOWED,
    FAILURES_ALLOWED_ADDRESS,
    FAILURES_ALLOWED_ANYWHERE,
    FAILURES_WINDOW,
)
from contest.core import queue
from contest.core.errors import TooMany

log = structlog.get_logger(__name__)


class TooManyGuesses(TooMany):
    """Wrong passwords again and again."""

    title = "Tạm dừng đăng nhập"
    happened = "Mật khẩu đã nhập sai nhiều lần."
    kept = "Tài khoản không bị khóa và không mất gì."
    todo = "Bạn chờ 15 phút rồi thử lại. Nếu quên mật khẩu, hãy gọi ban tổ chức để lấy mã đặt lại."
    retry_after = 15 * 60


def refuse_guessing(*, identifier: str, address: str) -> None:
    """Raise TooManyGuesses when this account or address has failed too often of late."""
    names = _limits(identifier, address)
    try:
        counts: list[bytes | None] = queue.connection().mget(list(names))  # type: ignore[assignment]
    except redis.RedisError as error:
        log.warning("sign_in_not_counted", error=type(error).__name__)
        return
    if any(int(count or 0) >= names[name] for name, count in zip(names, counts, strict=True)):
        raise TooManyGuesses()


def count_failure(*, identifier: str, address: str) -> None:
    """Remember one wrong password; the window begins with the first."""
    try:
        pipe = queue.connection().pipeline(transaction=False)
        for name in _limits(identifier, address):
            pipe.set(name, 0, nx=True, ex=int(FAILURES_WINDOW.total_seconds()))
            pipe.incr(name)
        pipe.execute()
    except redis.RedisError as error:
        log.warning("sign_in_not_counted", error=type(error).__name__)


def _limits(identifier: str, address: str) -> dict[str, int]:
    return {
        _key(identifier, address): FAILURES_ALLOWED,
        _key(identifier): FAILURES_ALLOWED_ANYWHERE,
        _key("", address): FAILURES_ALLOWED_ADDRESS,
    }


def _key(*parts: str) -> str:
    return "kv:wrong:" + hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]
