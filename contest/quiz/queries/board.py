"""The leaderboard as read: the Redis sorted set while a round runs, the database when Redis is silent, the kept places once the round is over.

Keys, for round 3: `kv:board:{3}:z` is a sorted set (see `live_members`); an order that does not begin with points does not fit and is read from the
database. `kv:board:{3}:m` holds entrant id → member. `kv:board:{3}:built` says that it is whole: without that sign neither of them exists. `kv:board:{3}:lock` says that somebody builds it anew, `kv:board:{3}:changed` names who moved meanwhile,
`kv:board:{3}:pushed` knows which graded batches arrived. Who moves entrants counts `kv:board:{3}:drawn` up by one; `kv:board:{3}:put` is the highest such number that moved somebody or rebuilt the board.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import redis
import structlog
from sqlalchemy import select

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.core import paging, queue
from contest.core.db import db
from contest.quiz import ranks
from contest.quiz.ledger import RoundLedger
from contest.quiz.queries import places, ranking, standings
from contest.quiz.queries.kept import kept_for_all
from contest.quiz.queries.live_members import SPAN, LiveRank, board_keys
from contest.quiz.queries.over import is_over
from contest.quiz.queries.own_rank import live_rank
from contest.quiz.queries.places import RankedAttempt
from contest.quiz.queries.ranking import params_of
from contest.quiz.rules import may_see_score
from contest.units import queries as units

log = structlog.get_logger(__name__)
_one_ranked = threading.Lock()


@dataclass(frozen=True)
class BoardRow:
    """One place of a board as the public may see it; durations in milliseconds. `equal` says how many others share the place."""

    place: int
    entrant_id: int
    full_name: str
    unit_name: str
    points: int
    duration_ms: int
    prediction_error: int | None = None
    position: int = 0
    equal: int = 0
    perfect: int = 0
    bloc_place: int = 0


@dataclass(frozen=True)
class BoardPage:
    """One page of a board; `page` counts from 1. `final` once the round is over and its places are counted; `actual` answers the prediction.

    While `veiled`, `total` is 0 and only the head is shown, for how many there are is what people guess. While `unscored`, nobody is shown, for the
    rules show no points yet. `ledger` of a final board says by whom and when.
    """

    rows: Sequence[BoardRow]
    page: int
    pages: int
    total: int
    first: int
    last: int
    final: bool
    actual: int | None
    live: bool
    veiled: bool = False
    unscored: bool = False
    ledger: RoundLedger | None = None


def keys(round_id: int) -> tuple[str, str, str, str, str]:
    """The names of a round's sorted set, of its members by entrant, of the sign that it is whole, of who moved while it is built anew, and of the sign of that."""
    name = f"kv:board:{{{round_id}}}"
    return *board_keys(round_id), f"{name}:changed", f"{name}:lock"


def pushed_key(round_id: int) -> str:
    """The name of the sorted set of graded batches that arrived on the board."""
    return f"kv:board:{{{round_id}}}:pushed"


def drawn_keys(round_id: int) -> tuple[str, str]:
    """The names of the count of those who set out to move entrants, and of the highest number among those who did."""
    name = f"kv:board:{{{round_id}}}"
    return f"{name}:drawn", f"{name}:put"


def settled(round_: Round, now: datetime) -> tuple[bool, int | None]:
    """Whether the final order can be told, and the prediction's answer: the round is over and its places are counted."""
    found = standings.ledger_of(round_, now)
    return found is not None, found[1] if found else None


def board_page(
    round_: Round, now: datetime, *, page: int = 1, per_page: int = 50, bloc: int | None = None
) -> BoardPage:
    """A page of a round's board, or of one bloc of a closed one; what it costs depends neither on the page nor on the size of the round."""
    kept = standings.ledger_of(round_, now)
    if kept is None:
        return _running(round_, now, page, per_page)
    ledger, actual = kept
    return final_page(ledger, actual, page=page, per_page=per_page, bloc=bloc)


def final_page(
    ledger: RoundLedger,
    actual: int | None,
    *,
    page: int,
    per_page: int = 50,
    bloc: int | None = None,
) -> BoardPage:
    """A page of a closed round whose ledger is at hand: one query."""
    ranked = ledger.tables.get("ranked", ledger.tables["blocs"])
    total = ledger.total if bloc is None else sum(row["people"] for row in ranked if row["id"] == bloc)
    page = min(max(1, page), paging.pages(total, per_page))
    found = standings.shown(ledger.round_id, offset=(page - 1) * per_page, limit=per_page, bloc=bloc)
    rows = [
        BoardRow(
            place=row.place,
            entrant_id=row.entrant_id,
            full_name=row.full_name,
            unit_name=units.shown_name(row.unit_id),
            points=row.points,
            duration_ms=row.duration_ms,
            prediction_error=row.prediction_error,
            position=row.position,
            equal=places.equal_of(row.depths),
            perfect=row.perfect,
            bloc_place=row.bloc_place,
        )
        for row in found
    ]
    return _paged(rows, page, per_page, total, final=True, actual=actual, ledger=ledger)


def my_place(round_: Round, entrant_id: int, now: datetime) -> RankedAttempt | BoardRow | None:
    """An entrant's place on the round's board, with every comparison value once it is final; None for who is not on it.

    While figures are veiled the place is 0, for a place tells how many are above; while points are not shown there is none. Where Redis cannot tell,
    the whole round is ranked for one visitor, by one thread at a time; for the others it is 0 meanwhile.
    """
    if standings.ledger_of(round_, now) is not None:
        return standings.kept_place(round_, entrant_id)
    params, over = params_of(round_), is_over(round_, now)
    if not may_see_score(params, over=over):
        return None
    veiled = ranks.veiled(params, over=over)
    mine = live_rank(round_.id, entrant_id) if ranks.live_in_redis(params) else None
    if mine is not None:
        return _named([replace(mine, rank=0 if veiled else mine.rank)])[0] if mine.rank else None
    if not _one_ranked.acquire(blocking=False):
        return next((_unplaced(row) for row in ranking.counted_attempts(round_, [entrant_id])), None)
    try:
        found = kept_for_all((round_.id, "mine", entrant_id), lambda: places.place_of(round_, entrant_id, final=False))
    finally:
        _one_ranked.release()
    return _live_row(found, 0 if veiled else found.position) if found else None


def is_whole(round_id: int) -> bool:
    """Whether Redis holds the round's board; raises redis.RedisError when it is silent."""
    return bool(queue.connection().exists(keys(round_id)[2]))


def _live_row(found: RankedAttempt, place: int) -> BoardRow:
    return BoardRow(
        place=place,
        entrant_id=found.entrant_id,
        full_name=found.full_name,
        unit_name=found.unit_name,
        points=found.points,
        duration_ms=found.duration_ms,
        position=place,
    )


def _unplaced(counted: Any) -> BoardRow:
    return BoardRow(0, counted.entrant_id, "", "", counted.points, counted.duration_ms)


def _running(round_: Round, now: datetime, page: int, per_page: int) -> BoardPage:
    params, over = params_of(round_), is_over(round_, now)
    if not may_see_score(params, over=over):
        return BoardPage((), 1, 1, 0, 0, 0, final=False, actual=None, live=False, veiled=True, unscored=True)
    if ranks.veiled(params, over=over):
        return _veiled(round_)
    live = _read_live(round_.id, page, per_page) if ranks.live_in_redis(params) else None
    if live is not None:
        total, page, rows = live
        return _paged(rows, page, per_page, total, live=True)

    def count() -> BoardPage:
        total = ranking.ranked_count(round_)
        within = min(max(1, page), paging.pages(total, per_page))
        found = places.ranking_slice(round_, final=False, offset=(within - 1) * per_page, limit=per_page)
        return _paged([_live_row(row, row.position) for row in found], within, per_page, total)

    return kept_for_all((round_.id, "page", page, per_page), count)


def _veiled(round_: Round) -> BoardPage:
    """The head of the board, once so many stand on it that it tells nothing of their number; before that, nobody."""
    ordered, _, built, *_ = keys(round_.id)
    params = params_of(round_)
    best = -params.questions * params.points * SPAN
    rows: list[BoardRow] = []
    if not ranks.live_in_redis(params):
        return BoardPage(rows, 1, 1, 0, 0, 0, final=False, actual=None, live=True, veiled=True)
    try:
        client = queue.connection()
        pipe = client.pipeline()
        pipe.exists(built)
        pipe.zcard(ordered)
        pipe.zcount(ordered, best, best + SPAN - 1)
        pipe.zrange(ordered, 0, ranks.HEAD - 1, withscores=True)
        whole, total, perfect, found = pipe.execute()
        if whole and min(total, perfect if ranks.asks_for_all_correct(params) else total) >= ranks.VEIL:
            rows = _named([LiveRank.read(n, m, s) for n, (m, s) in enumerate(found, 1)])
    except redis.RedisError as error:
        log.warning("board_not_read", error=type(error).__name__)
    return BoardPage(rows, 1, 1, 0, 1 if rows else 0, len(rows), final=False, actual=None, live=True, veiled=True)


def _read_live(round_id: int, page: int, per_page: int) -> tuple[int, int, list[BoardRow]] | None:
    """Total, page and rows from Redis; None when it is silent or holds no whole board."""
    ordered, _, built, *_ = keys(round_id)
    try:
        client = queue.connection()
        pipe = client.pipeline()
        pipe.exists(built)
        pipe.zcard(ordered)
        whole, total = pipe.execute()
        if not whole:
            return None
        page = min(max(1, page), paging.pages(total, per_page))
        start = (page - 1) * per_page
        found = cast("list[tuple[bytes, float]]", client.zrange(ordered, start, start + per_page - 1, withscores=True))
    except redis.RedisError as error:
        log.warning("board_not_read", error=type(error).__name__)
        return None
    return total, page, _named([LiveRank.read(start + n, m, s) for n, (m, s) in enumerate(found, 1)])


def _named(standing: Sequence[LiveRank]) -> list[BoardRow]:
    query = select(Account.id, Account.full_name, Account.unit_id).where(
        Account.id.in_([found.entrant_id for found in standing])
    )
    people: dict[int, Any] = {row.id: row for row in db.session.execute(query)}
    rows = []
    for found in standing:
        person = people.get(found.entrant_id)
        rows.append(
            BoardRow(
                place=found.rank,
                entrant_id=found.entrant_id,
                full_name=person.full_name if person else "Người dự thi",
                unit_name=units.shown_name(person.unit_id) if person else "",
                points=found.points,
                duration_ms=found.duration_ms,
                position=found.rank,
            )
        )
    return rows


def _paged(
    rows: Sequence[BoardRow],
    page: int,
    per_page: int,
    total: int,
    *,
    final: bool = False,
    actual: int | None = None,
    live: bool = False,
    ledger: RoundLedger | None = None,
) -> BoardPage:
    first = (page - 1) * per_page + 1 if total else 0
    last = (page - 1) * per_page + len(rows)
    return BoardPage(
        rows,
        page,
        paging.pages(total, per_page),
        total,
        first,
        last,
        final=final,
        actual=actual,
        live=live,
        ledger=ledger,
    )
