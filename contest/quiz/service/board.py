"""The live board as written: moved with each graded batch, healed where a batch never arrived, rebuilt from the database; grading and sweep call it."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import redis
import structlog
from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests.models import Round, Track
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock, queue
from contest.core.db import after_commit, db, read_anew
from contest.quiz.models import Attempt
from contest.quiz.queries import ranking
from contest.quiz.queries.board import drawn_keys, is_whole, keys, pushed_key
from contest.quiz.queries.live_members import member_of, score_of
from contest.quiz.queries.ranking import params_of
from contest.quiz.service.pace import Pace
from contest.quiz.service.standings import standing_changed

log = structlog.get_logger(__name__)
_CHUNK = 2000
_LOCKED = 60  # seconds
_TRIES = 100
_OVERTAKEN = 10  # times; then the next rebuild finds them
_ON_ITS_WAY = timedelta(seconds=15)
_WATCHED = timedelta(minutes=15)

# An entrant has one member; a new one takes the old one's place. An empty member takes the entrant off the board. On a board that is not whole nobody
# is put: whoever builds it finds them. Who moves while the board is being built anew is noted for whoever builds it. Who was overtaken, by one who
# drew a later number and so has read what is newer, puts nobody and is answered 0; so is who drew a number before Redis forgot how far it had counted.
_PUT = """
local number = tonumber(ARGV[1])
if number > 0 then
  if number < tonumber(redis.call('GET', KEYS[7]) or 0) or number > tonumber(redis.call('GET', KEYS[6]) or 0) then return 0 end
  redis.call('SET', KEYS[7], number)
end
local whole, building = redis.call('EXISTS', KEYS[3]) == 1, redis.call('EXISTS', KEYS[5]) == 1
for i = 2, #ARGV, 3 do
  if whole then
    local old = redis.call('HGET', KEYS[2], ARGV[i])
    if old and old ~= ARGV[i + 1] then redis.call('ZREM', KEYS[1], old) end
    if ARGV[i + 1] == '' then
      redis.call('HDEL', KEYS[2], ARGV[i])
    else
      redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
      redis.call('ZADD', KEYS[1], ARGV[i + 2], ARGV[i + 1])
    end
  end
  if building then redis.call('SADD', KEYS[4], ARGV[i]) end
end
return 1
"""
# What was built anew takes the board's place once nobody is left who moved meanwhile: 1 done, 0 somebody moved, -1 another builds by now. Who read
# before the building began is overtaken by it.
_SWAP = """
if redis.call('GET', KEYS[5]) ~= ARGV[1] then return -1 end
if redis.call('SCARD', KEYS[4]) > 0 then return 0 end
for i = 1, 2 do
  if redis.call('EXISTS', KEYS[i + 5]) == 1 then redis.call('RENAME', KEYS[i + 5], KEYS[i]) else redis.call('DEL', KEYS[i]) end
  redis.call('PERSIST', KEYS[i])
end
redis.call('SET', KEYS[3], 1)
if tonumber(ARGV[2]) > tonumber(redis.call('GET', KEYS[8]) or 0) then redis.call('SET', KEYS[8], ARGV[2]) end
return 1
"""


def refresh(round_: Round, entrant_ids: Iterable[int], *, batch: datetime | None = None) -> None:
    """Put these entrants where they now stand, once the open unit of work is committed; a Redis that is away is no harm.

    `batch` is the moment at which they were graded: a batch that never arrives is found by `heal_boards`.
    """
    wanted = sorted(set(entrant_ids))
    standing_changed(round_.id)
    after_commit(lambda: _move(round_, wanted, batch))


def heal_boards() -> int:
    """Send again what was graded in the last minutes but never arrived, because a worker died or Redis was away; returns how many batches. Outside a unit of work."""
    read_anew()
    now = clock.now()
    running = select(Round).join(Track).where(Track.kind == TrackKind.QUIZ, Round.opens_at <= now)
    healed = 0
    try:
        client = queue.connection()
        for round_ in db.session.scalars(running.where(Round.closes_at > now - _WATCHED)).all():
            graded = (Attempt.round_id == round_.id) & Attempt.graded_at.between(now - _WATCHED, now - _ON_ITS_WAY)
            arrived = {float(member) for member in cast("list[bytes]", client.zrange(pushed_key(round_.id), 0, -1))}
            for batch in db.session.scalars(select(Attempt.graded_at).where(graded).distinct()).all():
                if batch is None or batch.timestamp() in arrived:
                    continue
                late = select(Attempt.entrant_id).where(Attempt.round_id == round_.id, Attempt.graded_at == batch)
                _move(round_, sorted(set(db.session.scalars(late))), batch)
                healed += 1
    except redis.RedisError as error:
        log.warning("board_not_healed", error=type(error).__name__)
    return healed


def rebuild_board(round_id: int) -> int | None:
    """Write a round's board anew from the database and swap it in; returns how many stand on it, None when another does it or when it was told to stop.

    Who moves meanwhile is moved on the new one before it is swapped in, so that a round in its busiest hour gets its board back too. Outside a unit
    of work; while somebody sits it works half of the time. Raises redis.RedisError when Redis is silent.
    """
    client, token = queue.connection(), secrets.token_hex(8)
    *_, changed, lock = keys(round_id)
    drawn, put = drawn_keys(round_id)
    if not client.set(lock, token, nx=True, ex=_LOCKED):
        return None
    fresh = [f"{name}:{token}" for name in keys(round_id)[:2]]
    try:
        client.delete(changed)
        number = cast("int", client.incr(drawn))
        read_anew()  # Who moved before the lock stood is seen, who moves from now on is noted.
        round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
        _build(client, round_, fresh, lock, token)
        for _ in range(_TRIES):
            swapped = cast("int", client.eval(_SWAP, 8, *keys(round_id), *fresh, put, token, number))
            if swapped == 1:
                return cast("int", client.zcard(keys(round_id)[0]))
            if swapped == -1:
                break
            moved = sorted(int(who) for who in cast("list[bytes]", client.spop(changed, _CHUNK)))
            read_anew()
            _put(client, _flat(round_, moved), [*fresh, lock, changed, f"{lock}:of-nobody"])
        log.info("board_left", round=round_id)
        return None
    finally:
        client.delete(*fresh)
        if client.get(lock) == token.encode():
            client.delete(lock, changed)


def stop_rebuilding(round_id: int) -> None:
    """What is being built by rules or marks that hold no more is not swapped in; a Redis that is away holds nothing to stop."""
    try:
        queue.connection().delete(keys(round_id)[4])
    except redis.RedisError as error:
        log.warning("board_not_stopped", round=round_id, error=type(error).__name__)


def lose_board(round_id: int) -> None:
    """Let the sweep build the live board anew, by other rules; until then it is read from the database."""
    stop_rebuilding(round_id)
    try:
        queue.connection().unlink(*keys(round_id)[:3])
    except redis.RedisError as error:
        log.warning("board_not_lost", round=round_id, error=type(error).__name__)


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


def _build(client: redis.Redis, round_: Round, fresh: Sequence[str], lock: str, token: str) -> None:
    """Put everybody who is counted on the new board, part by part, as long as the lock is ours."""
    params, pace = params_of(round_), Pace()
    member, score = member_of(params), score_of(params)
    for rows in ranking.counted_in_parts(round_, _CHUNK):
        if client.get(lock) != token.encode():
            return
        places = [(row.entrant_id, member(row), score(row)) for row in rows]
        with client.pipeline(transaction=False) as pipe:
            pipe.zadd(fresh[0], {name: points for _, name, points in places})
            pipe.hset(fresh[1], mapping={str(who): name for who, name, _ in places})
            for name in fresh:
                pipe.expire(name, _LOCKED * 5)
            pipe.expire(lock, _LOCKED)
            pipe.execute()
        pace.rest()


def _flat(round_: Round, entrant_ids: Sequence[int]) -> list[Any]:
    """What `_PUT` takes for these entrants."""
    rows = {row.entrant_id: row for row in ranking.counted_attempts(round_, entrant_ids)}
    params = params_of(round_)
    member, score = member_of(params), score_of(params)
    flat: list[Any] = []
    for entrant_id in entrant_ids:
        row = rows.get(entrant_id)
        flat += [entrant_id, member(row), score(row)] if row else [entrant_id, "", 0]
    return flat


def _move(round_: Round, entrant_ids: Sequence[int], batch: datetime | None) -> None:
    """Put these entrants where they stand by what is committed now; whoever was overtaken on the way reads again. Outside a unit of work.

    A number is drawn before reading: who holds a later one has seen whatever was committed before an earlier one was drawn.
    """
    drawn, put = drawn_keys(round_.id)
    try:
        client = queue.connection()
        for tried in range(_OVERTAKEN):
            number = cast("int", client.incr(drawn))
            read_anew()
            if tried:
                db.session.refresh(round_)  # The rules may be others by now.
            if _put(client, _flat(round_, entrant_ids), [*keys(round_.id), drawn, put], number=number):
                break
        else:
            log.warning("board_overtaken", round=round_.id)
            return
        if batch is not None:
            moment = batch.timestamp()
            with client.pipeline(transaction=False) as pipe:
                pipe.zadd(pushed_key(round_.id), {repr(moment): moment})
                pipe.zremrangebyscore(pushed_key(round_.id), 0, moment - 2 * _WATCHED.total_seconds())
                pipe.execute()
    except redis.RedisError as error:
        log.warning("board_not_moved", error=type(error).__name__)


def _put(client: redis.Redis, flat: Sequence[Any], names: Sequence[str], *, number: int = 0) -> bool:
    """Put them on the board of these names; False when another, who drew a later number, has been there meanwhile."""
    parts = (flat[start : start + 3 * _CHUNK] for start in range(0, len(flat), 3 * _CHUNK))
    return all(client.eval(_PUT, len(names), *names, number, *part) for part in parts)
