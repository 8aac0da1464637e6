"""One's own rank and nothing else, in one round trip: result pages and the board ask here.

While round 3 runs it is read from the live board (see `live_members`), by the name that the attempt which counts has there, or, where that is not
at hand, by the entrant. Once its places are counted, `kv:board:{3}:places` holds them four bytes each, big-endian, at four times the entrant's id, 0 for who has none; `kv:board:{3}:placed` says of which count they are. A copy that is not there
costs one indexed query instead.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import redis
import structlog
from sqlalchemy import BigInteger, bindparam, select

from contest.contests.models import Round
from contest.contests.rules import Counted, QuizParams, RoundState
from contest.core import queue
from contest.core.db import db
from contest.quiz import ranks
from contest.quiz.ledger import RoundLedger, Standing
from contest.quiz.models import Attempt
from contest.quiz.queries.live_members import LiveRank, board_keys, member_of
from contest.quiz.queries.ranking import params_of
from contest.quiz.rules import FINISHED, may_see_score

log = structlog.get_logger(__name__)
WIDTH = 4  # bytes

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


def copy_keys(round_id: int) -> tuple[str, str]:
    """The names of the copy of a closed round's places, and of the stamp of the count that it copies."""
    name = f"kv:board:{{{round_id}}}"
    return f"{name}:places", f"{name}:placed"


def my_rank(
    round_: Round,
    entrant_id: int,
    now: datetime,
    *,
    params: QuizParams | None = None,
    own: Sequence[Attempt] = (),
) -> int | None:
    """An entrant's place by the board of the round: tentative while it runs, by all the rules once it is counted. Where they are at hand, `params` are
    the round's and `own` are the entrant's attempts in it.

    None for who is not on it, while a rank would tell what people guess or points that are not shown yet, and while it cannot be read cheaply: a running round whose Redis is silent or cannot hold its order.
    """
    if round_.state(now) is RoundState.CLOSED:
        return _kept_rank(round_.id, entrant_id)
    params = params or params_of(round_)
    if ranks.veils(params) or not ranks.live_in_redis(params) or not may_see_score(params, over=False):
        return None
    counts = _likely(params, own)
    if counts is not None:
        rank = _rank_of_member(round_.id, member_of(params)(counts))
        if rank is not None:
            return rank
    found = live_rank(round_.id, entrant_id)
    return found.rank or None if found else None


def live_rank(round_id: int, entrant_id: int) -> LiveRank | None:
    """An entrant on the live board; None when Redis is silent or holds no whole board."""
    try:
        rank, score, member = cast(
            "tuple[int, bytes, bytes]",
            queue.read(lambda client: client.eval(_LIVE, 3, *board_keys(round_id), str(entrant_id))),
        )
    except redis.RedisError as error:
        log.warning("board_not_read", error=type(error).__name__)
        return None
    if rank >= 0:
        return LiveRank.read(rank + 1, member, float(score))
    return LiveRank(0) if int(score) else None


def _likely(params: QuizParams, own: Sequence[Attempt]) -> Attempt | None:
    """The attempt that should stand on the board; where another does, nobody is found by this one's name."""
    graded = [attempt for attempt in own if attempt.points is not None and attempt.state in FINISHED]
    if len(graded) < 2:
        return graded[0] if graded else None
    if params.counted is Counted.BEST:
        return max(graded, key=lambda attempt: (attempt.points or 0, -(attempt.duration_ms or 0)))
    return sorted(graded, key=lambda attempt: attempt.number)[0 if params.counted is Counted.FIRST else -1]


def _rank_of_member(round_id: int, member: str) -> int | None:
    """None when nobody stands there by that name, or Redis is silent. A set that is not whole does not exist, so what is found is the rank."""
    try:
        rank = cast("int | None", queue.read(lambda client: client.zrank(board_keys(round_id)[0], member)))
    except redis.RedisError as error:
        log.warning("board_not_read", error=type(error).__name__)
        return None
    return None if rank is None else rank + 1


def _kept_rank(round_id: int, entrant_id: int) -> int | None:
    start = WIDTH * entrant_id
    try:
        places = copy_keys(round_id)[0]
        found = cast("bytes", queue.read(lambda client: client.getrange(places, start, start + WIDTH - 1)))
        if len(found) == WIDTH:
            return int.from_bytes(found) or None
    except redis.RedisError as error:
        log.warning("place_not_read", error=type(error).__name__)
    return db.session.scalar(_PLACE, {"round": round_id, "who": entrant_id})
