"""The live board as written: moved with each graded batch, rebuilt from the database at any time; grading and the sweep call it."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import redis
import structlog
from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests.models import Round, Track
from contest.contests.rules import QuizParams, RoundState, TrackKind
from contest.core import clock, queue
from contest.core.db import after_commit, db
from contest.quiz.queries import ranking
from contest.quiz.queries.board import SPAN, is_whole, keys
from contest.quiz.rules import time_decides

log = structlog.get_logger(__name__)
_CHUNK = 2000
_LOCKED = 60  # seconds
_TRIES = 3

# An entrant has one member; a new one takes the old one's place. An empty member takes the entrant off the board.
_PUT = """
for i = 1, #ARGV, 3 do
  local old = redis.call('HGET', KEYS[2], ARGV[i])
  if old and old ~= ARGV[i + 1] then redis.call('ZREM', KEYS[1], old) end
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[2], ARGV[i])
  else
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
    redis.call('ZADD', KEYS[1], ARGV[i + 2], ARGV[i + 1])
  end
end
return redis.call('INCR', KEYS[4])
"""
# What was built anew takes the board's place unless the board changed meanwhile.
_SWAP = """
if (redis.call('GET', KEYS[4]) or '') ~= ARGV[1] then return 0 end
for i = 1, 2 do
  if redis.call('EXISTS', KEYS[i + 4]) == 1 then redis.call('RENAME', KEYS[i + 4], KEYS[i]) else redis.call('DEL', KEYS[i]) end
  redis.call('PERSIST', KEYS[i])
end
redis.call('SET', KEYS[3], 1)
return 1
"""


def refresh(round_: Round, entrant_ids: Iterable[int]) -> None:
    """Put these entrants where they now stand, once the open unit of work is committed; a Redis that is away is no harm."""
    wanted = sorted(set(entrant_ids))
    rows = {row.entrant_id: row for row in ranking.counted_attempts(round_, wanted)}
    timed = _timed(round_)
    flat: list[Any] = []
    for entrant_id in wanted:
        row = rows.get(entrant_id)
        flat += [entrant_id, *(_place(row, timed) if row else ("", 0))]
    after_commit(lambda: _send(round_.id, flat))


def rebuild_board(round_id: int) -> int | None:
    """Write a round's board anew from the database and swap it in; returns how many stand on it, None when another does it already.

    Outside a unit of work. Raises redis.RedisError when Redis is silent.
    """
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    client = queue.connection()
    lock = f"kv:board:{{{round_id}}}:lock"
    if not client.set(lock, 1, nx=True, ex=_LOCKED):
        return None
    try:
        for _ in range(_TRIES):
            count = _rebuilt(client, round_)
            if count is not None:
                return count
        return None
    finally:
        client.delete(lock)


def rebuild_boards(*, all_running: bool = False) -> int:
    """Rebuild every board that Redis has lost, or all of rounds that run; returns how many. Redis being away is logged."""
    now = clock.now()
    rounds = db.session.scalars(
        select(Round).join(Track).where(Track.kind == TrackKind.QUIZ, Round.opens_at <= now)
    ).all()
    done = 0
    try:
        for round_ in rounds:
            running = round_.state(now) is not RoundState.CLOSED
            if (all_running and running) or not is_whole(round_.id):
                done += rebuild_board(round_.id) is not None
    except redis.RedisError as error:
        log.warning("board_not_rebuilt", error=type(error).__name__)
    return done


def _rebuilt(client: redis.Redis, round_: Round) -> int | None:
    before = cast("bytes | None", client.get(keys(round_.id)[3])) or b""
    rows = ranking.counted_attempts(round_)
    timed = _timed(round_)
    fresh = [f"{name}:new" for name in keys(round_.id)[:2]]
    client.delete(*fresh)
    for start in range(0, len(rows), _CHUNK):
        places = [(row.entrant_id, *_place(row, timed)) for row in rows[start : start + _CHUNK]]
        with client.pipeline(transaction=False) as pipe:
            pipe.zadd(fresh[0], {member: score for _, member, score in places})
            pipe.hset(fresh[1], mapping={str(who): member for who, member, _ in places})
            for name in fresh:
                pipe.expire(name, _LOCKED * 5)
            pipe.execute()
    swapped = client.eval(_SWAP, 6, *keys(round_.id), *fresh, before)
    return len(rows) if swapped else None


def _send(round_id: int, flat: Sequence[Any]) -> None:
    try:
        client = queue.connection()
        for start in range(0, len(flat), 3 * _CHUNK):
            client.eval(_PUT, 4, *keys(round_id), *flat[start : start + 3 * _CHUNK])
    except redis.RedisError as error:
        log.warning("board_not_moved", error=type(error).__name__)


def _place(row: Any, timed: bool) -> tuple[str, int]:
    """The member and the score of a counted attempt (see the board's queries)."""
    moment = int(row.handed_in_at.timestamp() * 1000)
    return f"{moment:014d}:{row.entrant_id:012d}", -row.points * SPAN + (min(row.duration_ms, SPAN - 1) if timed else 0)


def _timed(round_: Round) -> bool:
    params = round_.rules
    return isinstance(params, QuizParams) and time_decides(params)
