"""Tickets for the queue of files: an account has one at a time, whether its job waits or is at work, so that nobody's files hold up everybody's.

What waits stands in the database; a room asks for the next of an account when one is done, and its sweep asks for whoever waits without a ticket. One
whose worker died is free again within LEASE; so is at once one whose job's child alone did. Redis lost, everybody asks anew.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import redis
import structlog

from contest.core import queue

log = structlog.get_logger(__name__)
LEASE = 10  # seconds for which a worker that says nothing is believed to be at work
WAITS = 900  # seconds for which a job is believed to wait
_current: list[tuple[int, str]] = []  # the ticket of the job that this process is at
_killed: dict[str, Callable[..., object]] = {}
_ONLY_MINE = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3)) end return 0"
)


def ask(account_id: int, func: Callable[..., Any], *args: Any, timeout: int) -> bool:
    """Put a job about a file of that account on the queue of files unless the account has a ticket; False when it was not put."""
    token = secrets.token_hex(8)
    try:
        if not queue.connection().set(_key(account_id), token, nx=True, ex=WAITS):
            return False
    except redis.RedisError as error:
        log.warning("ticket_not_asked", error=type(error).__name__)
        return False
    meta = {"account": account_id, "ticket": token}
    if queue.send(queue.FILES, func, *args, timeout=timeout, meta=meta):
        return True
    _if_mine(account_id, token, "del")
    return False


def enter(meta: Mapping[str, Any]) -> None:
    """The job of that meta begins in this process; its ticket is held for LEASE, and longer by `renew`."""
    if "ticket" not in meta:
        return
    _current[:] = [(meta["account"], meta["ticket"])]
    try:
        queue.connection().set(_key(meta["account"]), meta["ticket"], ex=LEASE)
    except redis.RedisError as error:
        log.warning("ticket_not_held", error=type(error).__name__)


def renew(meta: Mapping[str, Any]) -> None:
    """The worker of that job lives, and its child is still at it."""
    if "ticket" in meta:
        _if_mine(meta["account"], meta["ticket"], "expire", str(LEASE))


def leave() -> int | None:
    """Give back the ticket of the job that this process is at; returns whose it was, or None where it has none."""
    if not _current:
        return None
    account_id, token = _current.pop()
    _if_mine(account_id, token, "del")
    return account_id


def let_go(meta: Mapping[str, Any]) -> None:
    """Give back the ticket of a job whose child has died."""
    if "ticket" in meta:
        _if_mine(meta["account"], meta["ticket"], "del")


def on_killed(func: Callable[..., Any], act: Callable[..., object]) -> None:
    """When the child that was at `func(*args)` is killed its worker calls `act(*args, hopeless=…)`; hopeless is what used up its limits or crashed."""
    _killed[f"{func.__module__}.{func.__qualname__}"] = act


def tell_killed(name: str, args: tuple[Any, ...], *, hopeless: bool) -> None:
    """Let the room of the job of that name know."""
    act = _killed.get(name)
    if act is not None:
        act(*args, hopeless=hopeless)


def _if_mine(account_id: int, token: str, *command: str) -> None:
    try:
        queue.connection().eval(_ONLY_MINE, 1, _key(account_id), token, *command)
    except redis.RedisError as error:
        log.warning("ticket_not_changed", error=type(error).__name__)


def _key(account_id: int) -> str:
    return f"kv:ticket:{account_id}"
