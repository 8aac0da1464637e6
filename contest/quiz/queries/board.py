"""The leaderboard as read: the Redis sorted set while a round runs, the database when Redis is silent or the round is over.

Keys, for round 3: `kv:board:{3}:z` is a sorted set; a score is −points × 2³² + milliseconds, exact in a double, and members, which Redis compares as
text among equals, are "handed-in milliseconds:entrant id". `kv:board:{3}:m` holds entrant id → member. `kv:board:{3}:built` says that it is whole,
`kv:board:{3}:rev` counts changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import redis
import structlog
from sqlalchemy import select

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState
from contest.core import queue
from contest.core.db import db
from contest.quiz.models import QuizRound
from contest.quiz.queries import ranking
from contest.quiz.queries.ranking import RankedAttempt, unit_name

log = structlog.get_logger(__name__)
SPAN = 2**32


@dataclass(frozen=True)
class BoardRow:
    """One place of a board as the public may see it; durations in milliseconds."""

    place: int
    entrant_id: int
    full_name: str
    unit_name: str
    points: int
    duration_ms: int
    prediction_error: int | None = None


@dataclass(frozen=True)
class BoardPage:
    """One page of a board; `page` counts from 1. `final` once the prediction's answer, `actual`, takes part in the order."""

    rows: Sequence[BoardRow]
    page: int
    pages: int
    total: int
    first: int
    last: int
    final: bool
    actual: int | None
    live: bool


def keys(round_id: int) -> tuple[str, str, str, str]:
    """The names of a round's sorted set, of its members by entrant, of the sign that it is whole, and of its count of changes."""
    name = f"kv:board:{{{round_id}}}"
    return f"{name}:z", f"{name}:m", f"{name}:built", f"{name}:rev"


def settled(round_: Round, now: datetime) -> tuple[bool, int | None]:
    """Whether the final order can be told, and the prediction's answer: the round is over, and what was predicted is known or was never asked."""
    if round_.state(now) is not RoundState.CLOSED:
        return False, None
    actual = db.session.scalar(select(QuizRound.actual).where(QuizRound.round_id == round_.id))
    params = round_.rules
    return actual is not None or (isinstance(params, QuizParams) and params.prediction == "none"), actual


def board_page(round_: Round, now: datetime, *, page: int = 1, per_page: int = 50) -> BoardPage:
    """A page of a round's board; the number of queries does not depend on the number of rows."""
    final, actual = settled(round_, now)
    live = None if final else _read_live(round_.id, page, per_page)
    if live is not None:
        total, page, rows = live
    else:
        total = ranking.ranked_count(round_.id)
        page = min(max(1, page), _pages(total, per_page))
        found = ranking.ranking_slice(round_, final=final, offset=(page - 1) * per_page, limit=per_page)
        rows = [row_of(row) for row in found]
    return BoardPage(
        rows=rows,
        page=page,
        pages=_pages(total, per_page),
        total=total,
        first=(page - 1) * per_page + 1 if total else 0,
        last=(page - 1) * per_page + len(rows),
        final=final,
        actual=actual,
        live=live is not None,
    )


def my_place(round_: Round, entrant_id: int, now: datetime) -> RankedAttempt | BoardRow | None:
    """An entrant's place on the round's board, with every comparison value once it is final; None for who is not on it."""
    final, _ = settled(round_, now)
    if final:
        return ranking.place_of(round_, entrant_id, final=True)
    ordered, members, built, _ = keys(round_.id)
    try:
        client = queue.connection()
        member = cast("bytes | None", client.hget(members, str(entrant_id)))
        if member:
            pipe = client.pipeline()
            pipe.zrank(ordered, member)
            pipe.zscore(ordered, member)
            place, score = pipe.execute()
            if place is not None:
                return _named([(place + 1, entrant_id, score)])[0]
        elif client.exists(built):
            return None
    except redis.RedisError as error:
        log.warning("board_not_read", error=type(error).__name__)
    found = ranking.place_of(round_, entrant_id, final=False)
    return row_of(found) if found else None


def is_whole(round_id: int) -> bool:
    """Whether Redis holds the round's board; raises redis.RedisError when it is silent."""
    return bool(queue.connection().exists(keys(round_id)[2]))


def row_of(found: RankedAttempt) -> BoardRow:
    """What the public may see of a ranked attempt."""
    return BoardRow(
        place=found.place,
        entrant_id=found.entrant_id,
        full_name=found.full_name,
        unit_name=found.unit_name,
        points=found.points,
        duration_ms=found.duration_ms,
        prediction_error=found.prediction_error,
    )


def _read_live(round_id: int, page: int, per_page: int) -> tuple[int, int, list[BoardRow]] | None:
    """Total, page and rows from Redis; None when it is silent or holds no whole board."""
    ordered, _, built, _ = keys(round_id)
    try:
        client = queue.connection()
        pipe = client.pipeline()
        pipe.exists(built)
        pipe.zcard(ordered)
        whole, total = pipe.execute()
        if not whole:
            return None
        page = min(max(1, page), _pages(total, per_page))
        start = (page - 1) * per_page
        found = cast("list[tuple[bytes, float]]", client.zrange(ordered, start, start + per_page - 1, withscores=True))
    except redis.RedisError as error:
        log.warning("board_not_read", error=type(error).__name__)
        return None
    return total, page, _named([(start + n, int(m.split(b":")[1]), s) for n, (m, s) in enumerate(found, 1)])


def _named(places: list[tuple[int, int, float]]) -> list[BoardRow]:
    query = select(Account.id, Account.full_name, Account.unit_id).where(Account.id.in_([who for _, who, _ in places]))
    people: dict[int, Any] = {row.id: row for row in db.session.execute(query)}
    rows = []
    for place, entrant_id, score in places:
        person = people.get(entrant_id)
        points = -int(score // SPAN)
        rows.append(
            BoardRow(
                place=place,
                entrant_id=entrant_id,
                full_name=person.full_name if person else "Người dự thi",
                unit_name=unit_name(person.unit_id) if person else "",
                points=points,
                duration_ms=int(score + points * SPAN),
            )
        )
    return rows


def _pages(total: int, per_page: int) -> int:
    return max(1, -(-total // per_page))
