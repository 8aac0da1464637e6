"""One's own rank and nothing else, in one round trip: result pages and the board ask here.

While round 3 runs it is read from the live board (see the board's queries). Once its places are counted, `kv:board:{3}:places` holds them four bytes
each, big-endian, at four times the entrant's id, 0 for who has none; `kv:board:{3}:placed` says of which count they are. A copy that is not there
costs one indexed query instead.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import redis
import structlog
from sqlalchemy import BigInteger, bindparam, select

from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core import queue
from contest.core.db import db
from contest.quiz import ranks
from contest.quiz.ledger import RoundLedger, Standing
from contest.quiz.queries.ranking import params_of
from contest.quiz.rules import may_see_score

log = structlog.get_logger(__name__)
WIDTH = 4  # bytes
SPAN = 2**32

# Rank from 0, score and member of an entrant on the live board, or whether the board is whole.
_LIVE = """
local member = redis.call('HGET', KEYS[2], ARGV[1])
if member then
  local rank = redis.call('ZRANK', KEYS[1], member)
  if rank then return {rank, redis.call('ZSCORE', KEYS[1], member), member} end
end
return {-1, redis.call('EXISTS', KEYS[3]), ''}
"""
_PLACE = (
    select(Standing.place)
    .join(RoundLedger, RoundLedger.round_id == Standing.round_id)
    .where(
        Standing.round_id == bindparam("round", type_=BigInteger()),
        Standing.entrant_id == bindparam("who", type_=BigInteger()),
        RoundLedger.ranked_at.is_not(None),
    )
)


@dataclass(frozen=True)
class LiveRank:
    """An entrant on the live board: rank counts from 1 and is 0 for who is not on a whole board; a duration in milliseconds."""

    rank: int
    entrant_id: int = 0
    points: int = 0
    duration_ms: int = 0

    @classmethod
    def read(cls, rank: int, member: bytes, score: float) -> "LiveRank":
        """What a member and its score say, as the board's queries describe them."""
        points = -int(score // SPAN)
        _, entrant_id, *taken = member.split(b":")  # An earlier version's members end with the entrant.
        return cls(rank, int(entrant_id), points, int(taken[0]) if taken else int(score + points * SPAN))


def board_keys(round_id: int) -> tuple[str, str, str]:
    """The names of a round's sorted set, of its members by entrant, and of the sign that it is whole."""
    name = f"kv:board:{{{round_id}}}"
    return f"{name}:z", f"{name}:m", f"{name}:built"


def copy_keys(round_id: int) -> tuple[str, str]:
    """The names of the copy of a closed round's places, and of the stamp of the count that it copies."""
    name = f"kv:board:{{{round_id}}}"
    return f"{name}:places", f"{name}:placed"


def my_rank(round_: Round, entrant_id: int, now: datetime) -> int | None:
    """An entrant's place by the board of the round: tentative while it runs, by all the rules once it is counted.

    None for who is not on it, while a rank would tell what people guess or points that are not shown yet, and while it cannot be read cheaply: a running round whose Redis is silent or cannot hold its order.
    """
    if round_.state(now) is RoundState.CLOSED:
        return _kept_rank(round_.id, entrant_id)
    params = params_of(round_)
    if ranks.veils(params) or not ranks.live_in_redis(params) or not may_see_score(params, over=False):
        return None
    found = live_rank(round_.id, entrant_id)
    return found.rank or None if found else None


def live_rank(round_id: int, entrant_id: int) -> LiveRank | None:
    """An entrant on the live board; None when Redis is silent or holds no whole board."""
    try:
        rank, score, member = cast(
            "tuple[int, bytes, bytes]", queue.connection().eval(_LIVE, 3, *board_keys(round_id), str(entrant_id))
        )
    except redis.RedisError as error:
        log.warning("board_not_read", error=type(error).__name__)
        return None
    if rank >= 0:
        return LiveRank.read(rank + 1, member, float(score))
    return LiveRank(0) if int(score) else None


def _kept_rank(round_id: int, entrant_id: int) -> int | None:
    start = WIDTH * entrant_id
    try:
        found = cast("bytes", queue.connection().getrange(copy_keys(round_id)[0], start, start + WIDTH - 1))
        if len(found) == WIDTH:
            return int.from_bytes(found) or None
    except redis.RedisError as error:
        log.warning("place_not_read", error=type(error).__name__)
    return db.session.scalar(_PLACE, {"round": round_id, "who": entrant_id})
