"""Limits on guesses of passwords and codes: each is counted before it is looked at, in one step, and given back when it was right.

Counts stand in Redis, under hashes, never under a phone or an address. While Redis is away, or refuses to write, each process counts by itself.

Three limits hold: for one account from one address, for one account from anywhere, and for one address. The last one alone would let one
visitor shut out a school or a phone network, so that it refuses only those who have failed themselves of late; guesses at names that do not
exist fill a count of their own. Who signs in where they have signed in before (see `known_device`) has their own count and meets no other.
"""

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import redis
import structlog
from flask import current_app

from contest.accounts.rules import (
    FAILURES_ALLOWED,
    FAILURES_ALLOWED_ADDRESS,
    FAILURES_ALLOWED_ANYWHERE,
    FAILURES_WINDOW,
)
from contest.core import queue
from contest.core.errors import TooMany

log = structlog.get_logger(__name__)
_WINDOW = int(FAILURES_WINDOW.total_seconds())
_MOST_COUNTED = 100_000  # names, by one process while Redis is away: some 20 MB
# KEYS: for the account first, then for the address. ARGV: seconds, how many keys are for the account, then the limit of each key.
_TAKE = """
local own, over, repeated = tonumber(ARGV[2]), false, false
for i, key in ipairs(KEYS) do
  local count = redis.call('INCR', key)
  if count == 1 then redis.call('EXPIRE', key, ARGV[1]) end
  if i <= own then
    if count > 1 then repeated = true end
    if count > tonumber(ARGV[2 + i]) then over = true end
  elseif repeated and count > tonumber(ARGV[2 + i]) then over = true end
end
if over then for _, key in ipairs(KEYS) do redis.call('DECR', key) end end
return over and 0 or 1
"""
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
return 1
"""


class TooManyGuesses(TooMany):
    """Wrong passwords again and again."""

    title = "Tạm dừng đăng nhập"
    happened = "Mật khẩu hoặc mã đã nhập sai nhiều lần."
    kept = "Tài khoản không bị khóa và không mất gì."
    todo = "Bạn chờ 15 phút rồi thử lại. Nếu quên mật khẩu, hãy gọi Ban Tổ chức để lấy mã đặt lại."
    retry_after = 15 * 60


@dataclass(frozen=True)
class Limits:
    """The names under which one guess counts, with the most of each: those of the account, then those of the address."""

    own: dict[str, int]
    address: dict[str, int] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """All names, the account's first."""
        return [*self.own, *self.address]

    @property
    def most(self) -> list[int]:
        """The limit of each name."""
        return [*self.own.values(), *self.address.values()]


class Counter(Protocol):
    """Where guesses are counted."""

    def take(self, limits: Limits) -> bool:
        """Count one guess in one step; False, and nothing counted, when it is one too many."""

    def give_back(self, keys: Sequence[str]) -> None:
        """Take one off each of these counts."""


class InRedis:
    """Counts for all processes."""

    def take(self, limits: Limits) -> bool:
        """As Counter says; raises redis.RedisError."""
        client = queue.connection()
        return bool(client.register_script(_TAKE)(keys=limits.keys, args=[_WINDOW, len(limits.own), *limits.most]))

    def give_back(self, keys: Sequence[str]) -> None:
        """As Counter says; a Redis that went away meanwhile keeps the count."""
        try:
            queue.connection().register_script(_GIVE_BACK)(keys=list(keys))
        except redis.RedisError as error:
            log.warning("guess_not_given_back", error=type(error).__name__)


class InProcess:
    """Counts of one process, for when Redis is away."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def take(self, limits: Limits) -> bool:
        """As Counter says."""
        now = time.monotonic()
        with self._lock:
            if len(self._counts) > _MOST_COUNTED:
                self._counts = {key: held for key, held in self._counts.items() if held[1] > now}
            counts = {key: self._of(key, now) for key in limits.keys}
            repeated = any(counts[key][0] > 0 for key in limits.own)
            over = any(counts[key][0] >= most for key, most in limits.own.items())
            over |= repeated and any(counts[key][0] >= most for key, most in limits.address.items())
            if over or len(self._counts) > _MOST_COUNTED:
                return False
            self._counts |= {key: (count + 1, ends) for key, (count, ends) in counts.items()}
            return True

    def give_back(self, keys: Sequence[str]) -> None:
        """As Counter says."""
        with self._lock:
            for key in keys:
                count, ends = self._of(key, time.monotonic())
                if count:
                    self._counts[key] = (count - 1, ends)

    def _of(self, key: str, now: float) -> tuple[int, float]:
        held = self._counts.get(key)
        return held if held and held[1] > now else (0, now + _WINDOW)


class Guess:
    """One guess that was counted; it is given back unless it is called wrong."""

    def __init__(self, limits: Limits, counter: Counter) -> None:
        self._limits = limits
        self._counter = counter
        self._returned = limits.keys

    def was_wrong(self, *, exists: bool = True) -> None:
        """Let it stand: with the address under the count for names that exist, or under the one for names that do not."""
        there, unknown = [*self._limits.address, "", ""][:2]
        self._returned = [unknown if exists else there] if unknown else []

    def close(self) -> None:
        """Give back what does not stand."""
        if self._returned:
            self._counter.give_back(self._returned)


@contextmanager
def guess(*, identifier: str, address: str, device: str | None = None) -> Iterator[Guess]:
    """Count one guess while the block looks at it; `device` is the token of a device that this account knows. Raises TooManyGuesses."""
    limits = _limits(identifier, address, device)
    counter: Counter = InRedis()
    try:
        allowed = counter.take(limits)
    except redis.RedisError as error:
        log.warning("guesses_counted_by_each_process", error=type(error).__name__)
        counter = _in_process()
        allowed = counter.take(limits)
    if not allowed:
        raise TooManyGuesses()
    held = Guess(limits, counter)
    try:
        yield held
    finally:
        held.close()


def _in_process() -> InProcess:
    extensions: dict[str, Any] = current_app.extensions
    return cast("InProcess", extensions.setdefault("kv_guesses", InProcess()))


def _limits(identifier: str, address: str, device: str | None) -> Limits:
    if device:
        return Limits(own={_key("known", device, identifier): FAILURES_ALLOWED})
    return Limits(
        own={
            _key("here", identifier, address): FAILURES_ALLOWED,
            _key("anywhere", identifier): FAILURES_ALLOWED_ANYWHERE,
        },
        address={
            _key("address", address): FAILURES_ALLOWED_ADDRESS,
            _key("unknown", address): FAILURES_ALLOWED_ADDRESS,
        },
    )


def _key(*parts: str) -> str:
    return "kv:wrong:" + hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]
