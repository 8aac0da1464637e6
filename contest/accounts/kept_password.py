"""Keeps the password of somebody whose registration has to be mended, so that it is not typed again; the routes of this room call it.

What is kept is its Argon2 hash, in Redis, for half an hour, under a random name that only this browser's cookie holds. The page never shows
it. Where Redis cannot be reached nothing is kept, and the page asks for the password again.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import redis
import structlog
from flask import session

from contest.core import queue

log = structlog.get_logger(__name__)
_IN_COOKIE = "kv_kept"
_SECONDS = 1800


@dataclass(frozen=True)
class Kept:
    """A password that waits: its hash, and a digest of the words about its bearer that it was held against."""

    password_hash: str
    held_against: str


def keep(password_hash: str, *, own: Iterable[str]) -> bool:
    """Keep it in the place of what this browser had kept before; says whether that could be done."""
    forget()
    name = secrets.token_urlsafe(24)
    try:
        queue.connection().set(_key(name), f"{held_against(own)} {password_hash}", ex=_SECONDS)
    except redis.RedisError as error:
        log.warning("password_not_kept", error=type(error).__name__)
        return False
    session[_IN_COOKIE] = name
    return True


def kept() -> Kept | None:
    """What this browser has kept."""
    name = session.get(_IN_COOKIE)
    if not name:
        return None
    try:
        found: bytes | None = queue.connection().get(_key(name))  # type: ignore[assignment]
    except redis.RedisError:
        return None
    words = found.decode().split(" ", 1) if found else []
    return Kept(password_hash=words[1], held_against=words[0]) if len(words) == 2 else None


def forget() -> None:
    """Keep nothing more for this browser."""
    name = session.pop(_IN_COOKIE, None)
    if name:
        try:
            queue.connection().delete(_key(name))
        except redis.RedisError as error:
            log.warning("kept_password_not_forgotten", error=type(error).__name__)


def held_against(own: Iterable[str]) -> str:
    """One digest for these words."""
    return hashlib.sha256("\x00".join(sorted(own)).encode()).hexdigest()


def _key(name: str) -> str:
    return "kv:kept:" + hashlib.sha256(name.encode()).hexdigest()[:32]
