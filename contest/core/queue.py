"""Redis and the four queues: services ask for jobs here, `contest.worker` hears them; jobs leave after the commit and only then."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any, TypeVar

import redis
import structlog
from flask import Flask, current_app
from rq import Queue

from contest.core.db import after_commit

log = structlog.get_logger(__name__)

QUIZ, FILES, DEFAULT, LONG = "quiz", "files", "default", "long"
QUEUES = (QUIZ, FILES, DEFAULT, LONG)  # the order in which a worker of several hears them
LONGEST = 3600  # seconds that a long job may take
FAILURES_KEPT = 30 * 24 * 3600  # seconds
_ONCE = "kv:once:"
_SCHEDULER = "kv:scheduler"
_WAITS = 60  # seconds for which a job that was asked for is believed to wait
_own = threading.local()
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Periodic:
    """A job that the scheduler asks for every `every` seconds and that may take `timeout` of them. It must be idempotent and must bear being late or doubled."""

    func: Callable[..., Any]
    queue: str
    every: int
    args: tuple[Any, ...] = field(default=())
    timeout: int = 180


def init_app(app: Flask, *, url: str) -> None:
    """Open the application's Redis pool; nothing is sent until first use, so a dead Redis never stops the web process."""
    app.extensions["kv_redis"] = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
    app.extensions["kv_rq_redis"] = redis.Redis.from_url(url, socket_connect_timeout=2)


def connection() -> redis.Redis:
    """The application's Redis for short commands (times out after 5 seconds)."""
    client: redis.Redis = current_app.extensions["kv_redis"]
    return client


def read(ask: Callable[[redis.Redis], Answer]) -> Answer:
    """Ask Redis something short that changes nothing, on a connection which this thread keeps: taking one from the pool costs a fifth of such a command.

    What Redis has ended meanwhile is opened anew. Raises redis.RedisError when Redis is silent.
    """
    shared = connection()
    try:
        return ask(_kept_by_this_thread(shared))
    except redis.ConnectionError:
        return ask(shared)


def _kept_by_this_thread(shared: redis.Redis) -> redis.Redis:
    of, process, client = getattr(_own, "kept", (None, 0, shared))
    if of is not shared or process != os.getpid():  # A forked child must not speak on its parent's.
        client = redis.Redis(connection_pool=shared.connection_pool, single_connection_client=True)
        _own.kept = shared, os.getpid(), client
    return client


def worker_connection() -> redis.Redis:
    """The Redis connection for workers, which block on it."""
    client: redis.Redis = current_app.extensions["kv_rq_redis"]
    return client


def enqueue(name: str, func: Callable[..., Any], *args: Any, once: str = "", timeout: int = 180) -> None:
    """Ask for `func(*args)` on queue `name` after the open unit of work commits.

    `args` are ids. With `once`, a job of that word which is still waiting is not asked for again. A Redis that cannot be reached is logged,
    never raised: a periodic sweep asks again for whatever was lost.
    """
    after_commit(lambda: send(name, func, *args, once=once, timeout=timeout))


def send(
    name: str,
    func: Callable[..., Any],
    *args: Any,
    once: str = "",
    timeout: int = 180,
    meta: Mapping[str, Any] | None = None,
) -> bool:
    """Put the job on the queue at once; for sweeps and for `enqueue`. `meta` goes along for its worker. Returns False when it was not sent."""
    if name not in QUEUES:
        raise ValueError(f"no such queue: {name}")
    try:
        if once and not wanted(once):
            return False
        queue(name).enqueue_call(
            func,
            args=args,
            timeout=timeout,
            result_ttl=0,
            failure_ttl=FAILURES_KEPT,
            meta={"once": once, **(meta or {})},
        )
    except redis.RedisError as error:
        log.warning("job_not_sent", queue=name, job=func.__qualname__, error=type(error).__name__)
        return False
    return True


def wanted(once: str) -> bool:
    """Whether the job of this word does not wait already; from now on it does. Raises redis.RedisError."""
    return bool(connection().set(_ONCE + once, 1, nx=True, ex=_WAITS))


def taken(once: str) -> None:
    """The worker has taken the job of this word: the next request for it is a new one."""
    if once:
        connection().delete(_ONCE + once)


def heard_from_scheduler() -> None:
    """Remember that the scheduler lives. Raises redis.RedisError."""
    connection().set(_SCHEDULER, int(time()))


def scheduler_silent_for() -> float | None:
    """Seconds since the scheduler last asked for what is due; None when it never did. Raises redis.RedisError."""
    spoke: bytes | None = connection().get(_SCHEDULER)  # type: ignore[assignment]
    return None if spoke is None else max(0.0, time() - int(spoke))


def hear(names: Sequence[str]) -> list[str]:
    """Say which queues this process hears; returns them in the order in which it takes their jobs."""
    heard = sorted(set(names), key=QUEUES.index)
    current_app.extensions["kv_heard"] = heard
    return heard


def heard_here(name: str) -> bool:
    """Whether jobs of that queue wait for this very process while it is at work; outside workers there is no other, so they do."""
    return name in current_app.extensions.get("kv_heard", QUEUES)


def queue(name: str) -> Queue:
    """The RQ queue of that name."""
    return Queue(name, connection=worker_connection())
