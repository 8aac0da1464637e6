"""The places of a closed round as copied to Redis, so that one's own costs no query; whoever counts places calls it, and the sweep of boards.

What the copy looks like is told by `contest.quiz.queries.own_rank`. It is never the only one: whoever does not find it asks the database.
"""

import secrets
import struct
from typing import cast

import redis
import structlog
from sqlalchemy import func, select

from contest.core import queue
from contest.core.db import db, read_anew
from contest.quiz.ledger import RoundLedger, Standing
from contest.quiz.queries.own_rank import WIDTH, copy_keys

log = structlog.get_logger(__name__)
_ROWS, _PART = 50_000, 2**20
_LARGEST = 2**24  # entrants' ids; a copy takes 64 MiB then
_UNFINISHED = 300  # seconds

# A copy takes the place of an older one, never of a newer one.
_INSTALL = """
local there = redis.call('GET', KEYS[2])
if there and there > ARGV[1] then return 0 end
redis.call('RENAME', KEYS[3], KEYS[1])
redis.call('PERSIST', KEYS[1])
redis.call('SET', KEYS[2], ARGV[1])
return 1
"""


def lose_places(round_id: int) -> None:
    """Take away the copy of a round's places, for they were counted anew; a Redis that is away is no harm, the sweep sees the older stamp."""
    try:
        queue.connection().delete(*copy_keys(round_id))
    except redis.RedisError as error:
        log.warning("places_not_lost", round=round_id, error=type(error).__name__)


def copy_places(round_id: int) -> bool:
    """Copy the kept places of a round; returns whether that was done: not for a round without places, with too large ids, or counted again meanwhile.

    Outside a unit of work. Raises redis.RedisError when Redis is silent.
    """
    read_anew()
    stamp = _stamp(round_id)
    of_round = Standing.round_id == round_id
    largest = db.session.scalar(select(func.max(Standing.entrant_id)).where(of_round))
    if stamp is None or largest is None or largest > _LARGEST:
        return False
    packed, put = bytearray(WIDTH * (largest + 1)), struct.Struct(">I").pack_into
    rows = select(Standing.entrant_id, Standing.place).where(of_round).execution_options(yield_per=_ROWS)
    for part in db.session.execute(rows).partitions():
        for entrant_id, place in part:
            if entrant_id <= largest:
                put(packed, WIDTH * entrant_id, place)
    read_anew()
    if _stamp(round_id) != stamp:
        return False
    client = queue.connection()
    places, placed = copy_keys(round_id)
    fresh = f"{places}:{secrets.token_hex(8)}"
    with client.pipeline(transaction=False) as pipe:
        for start in range(0, len(packed), _PART):
            pipe.setrange(fresh, start, bytes(packed[start : start + _PART]))
            pipe.expire(fresh, _UNFINISHED)
            pipe.execute()
    if client.eval(_INSTALL, 3, places, placed, fresh, stamp):
        return True
    client.delete(fresh)
    return False


def copy_lost_places() -> int:
    """Copy the places of every round of which Redis holds no copy, or one of an older count; returns how many. Redis being away is logged."""
    read_anew()
    kept = db.session.scalars(select(RoundLedger.round_id).where(RoundLedger.ranked_at.is_not(None))).all()
    copied = 0
    try:
        for round_id in kept:
            held = cast("bytes | None", queue.connection().get(copy_keys(round_id)[1]))
            stamp = _stamp(round_id)
            if stamp is not None and held != stamp.encode():
                copied += copy_places(round_id)
    except redis.RedisError as error:
        log.warning("places_not_copied", error=type(error).__name__)
    return copied


def _stamp(round_id: int) -> str | None:
    """Which count the kept places are of; later ones compare greater."""
    ranked_at = db.session.scalar(select(RoundLedger.ranked_at).where(RoundLedger.round_id == round_id))
    return f"{ranked_at.timestamp():020.6f}" if ranked_at else None
