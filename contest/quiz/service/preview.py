"""What a change of a key would do, counted: whose points and places move, the head of the ranking before and after; no row of the contest is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, case, func, insert, select
from sqlalchemy.schema import CreateTable, DropTable

from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.db import db
from contest.quiz.ledger import RoundLedger, Standing
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.queries import previews
from contest.quiz.queries.previews import Line, Preview, Wanted
from contest.quiz.queries.ranking import actual_now, params_of, placed
from contest.quiz.ranks import ELIGIBLE, criteria, rules_digest
from contest.quiz.service import marks
from contest.quiz.service.regrading import check_change, remarked_by

HEAD = 20
_MARKED = 50  # parts of a hundred: the marks, then the places
_PLACES = cast("Table", Standing.__table__)
Told = Callable[[int], None]


def preview(wanted: Wanted, told: Told | None = None) -> Preview:
    """Work out a change without making it; `told` hears how far it is, in parts of a hundred. Raises what `change_key` raises, but for a missing reason.

    What it needs on the way stands in temporary tables of the open transaction; an error leaves them to its end.
    """
    told = told or _nobody
    told(0)
    round_, _ = check_change(round_id=wanted.round_id, version_id=wanted.version_id, rule=wanted.rule, key=wanted.key)
    ground = previews.ground_of(round_, wanted)
    holders, parts = remarked_by(
        wanted.round_id,
        wanted.version_id,
        wanted.rule,
        wanted.key,
        told=lambda done, total: told(_MARKED * done // max(total, 1)),
    )
    new_marks = _temporary("kv_marks_then", "attempt_id", "correct", "points")
    for part in parts:
        marks.park(new_marks, part.ids, part.correct, part.points)
    _analyse(new_marks)
    told(_MARKED)
    closed = round_.state(clock.now()) is RoundState.CLOSED
    answers = (actual_now(round_), actual_now(round_, marks=new_marks)) if closed else (None, None)
    told(_MARKED + 10)
    with _whole_tables():
        then = _places("kv_places_then", round_, final=closed, new=new_marks, actual=answers[1])
        told(_MARKED + 30)
        kept = closed and _standing_holds(round_, answers[0])
        now = None if kept else _places("kv_places_now", round_, final=closed, new=None, actual=answers[0])
        told(_MARKED + 40)
        rising, falling, count = _moved(round_, now, then)
    found = Preview(
        ground=ground,
        holders=holders,
        up=sum(int((part.moved > 0).sum()) for part in parts),
        down=sum(int((part.moved < 0).sum()) for part in parts),
        rising=rising,
        falling=falling,
        ranked=count,
        lines=_lines(round_, now, then, max(HEAD, wanted.prizes)),
        answer_before=answers[0],
        answer_after=answers[1],
    )
    for table in (new_marks, then, now):
        if table is not None:
            db.session.execute(DropTable(table))
    return previews.named(found)


def _places(name: str, round_: Round, *, final: bool, new: Table | None, actual: int | None) -> Table:
    """The places by these marks, in a temporary table."""
    table = _temporary(name, "entrant_id", "place", "position", "points", "barred")
    places = placed(round_, final=final, marks=new, actual=actual)
    db.session.connection().execute(insert(table).from_select([column.name for column in table.c], places))
    _analyse(table)
    return table


def _standing_holds(round_: Round, actual: int | None) -> bool:
    """Whether the kept places are those of the marks and rules of now."""
    row = db.session.execute(
        select(
            RoundLedger.standing_due,
            RoundLedger.ranked_at,
            RoundLedger.ranked_by,
            RoundLedger.lot_seed,
            QuizRound.actual,
        )
        .join(QuizRound, QuizRound.round_id == RoundLedger.round_id)
        .where(RoundLedger.round_id == round_.id)
    ).first()
    if row is None or row.standing_due or row.ranked_at is None or row.actual != actual:
        return False
    held: str = row.ranked_by
    return held == rules_digest(params_of(round_), actual=actual, lot_seed=row.lot_seed)


def _before(round_: Round, now: Table | None) -> Any:
    """Places as they are, from the temporary table or from what is kept: entrant_id, place, position."""
    if now is not None:
        return select(now.c.entrant_id, now.c.place, now.c.position).subquery("before")
    columns = (_PLACES.c.entrant_id, _PLACES.c.place, _PLACES.c.position)
    return select(*columns).where(_PLACES.c.round_id == round_.id).subquery("before")


def _moved(round_: Round, now: Table | None, then: Table) -> tuple[int, int, int]:
    """How many people would come to a better place, how many to a worse, and how many have one."""
    before = _before(round_, now)
    counts = select(
        func.count().filter(then.c.place < before.c.place),
        func.count().filter(then.c.place > before.c.place),
        func.count(),
    )
    joined = then.join(before, before.c.entrant_id == then.c.entrant_id)
    rising, falling, count = db.session.execute(counts.select_from(joined)).one()
    return rising, falling, count


def _lines(round_: Round, now: Table | None, then: Table, wanted: int) -> list[Line]:
    """Who stands among the first before or after, in the order after."""
    before = _before(round_, now)
    first = {
        *db.session.scalars(select(then.c.entrant_id).where(then.c.position <= wanted)),
        *db.session.scalars(select(before.c.entrant_id).where(before.c.position <= wanted)),
    }
    if now is not None:
        worth: Any = select(now.c.entrant_id, now.c.points, now.c.barred).subquery("worth")
    else:
        params = params_of(round_)
        barred = case((Attempt.correct == params.questions, 0), else_=1) if ELIGIBLE in criteria(params) else 0
        worth = (
            select(_PLACES.c.entrant_id, Attempt.points, func.coalesce(barred, 0).label("barred"))
            .join(Attempt, Attempt.id == _PLACES.c.attempt_id)
            .where(_PLACES.c.round_id == round_.id)
            .subquery("worth")
        )
    query = (
        select(
            then.c.entrant_id,
            before.c.place,
            then.c.place,
            before.c.position,
            then.c.position,
            worth.c.points,
            then.c.points,
            worth.c.barred,
            then.c.barred,
        )
        .join(before, before.c.entrant_id == then.c.entrant_id)
        .join(worth, worth.c.entrant_id == then.c.entrant_id)
    )
    ids = sorted(first)
    rows: list[Any] = []
    for start in range(0, len(ids), 500):
        rows += db.session.execute(query.where(then.c.entrant_id.in_(ids[start : start + 500]))).all()
    lines = [Line(*(*row[:7], not row[7], not row[8])) for row in rows]
    return sorted(lines, key=lambda line: line.position_after)


def _temporary(name: str, *columns: str) -> Table:
    """A temporary table whose first column is its key."""
    first, *rest = columns
    table = Table(
        name,
        MetaData(),
        Column(first, BigInteger, primary_key=True, autoincrement=False),
        *(Column(column, Integer) for column in rest),
        prefixes=["TEMPORARY"],
    )
    db.session.execute(CreateTable(table))
    return table


@contextmanager
def _whole_tables() -> Iterator[None]:
    """Let PostgreSQL read whole tables and join them at once: what it believes of a round that was just graded may be far from what is there."""
    postgresql = db.session.get_bind().dialect.name == "postgresql"
    if postgresql:
        db.session.execute(db.text("SET LOCAL enable_nestloop = off"))
    yield
    if postgresql:
        db.session.execute(db.text("SET LOCAL enable_nestloop = on"))


def _analyse(table: Table) -> None:
    """Let PostgreSQL know what a temporary table holds, for nobody else tells it."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(db.text(f"ANALYZE {table.name}"))


def _nobody(done: int) -> None:
    """Hears how far a preview is where nobody watches."""
