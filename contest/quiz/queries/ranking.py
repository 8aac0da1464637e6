"""The ranking of a round in SQL: each entrant's counted attempt by the rules' order; `places` reads it, `standings` keeps it, previews count by it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    Table,
    any_,
    case,
    cast,
    func,
    literal,
    select,
)

from contest.contests.models import Round
from contest.contests.rules import Counted, Predicted, QuizParams, TieBreak
from contest.core.db import db
from contest.quiz import ranks
from contest.quiz.ledger import RoundLedger
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.queries.lots import lot_column
from contest.quiz.rules import FINISHED
from contest.units import queries as units
from contest.units.rules import UnitKind

_UNGUESSED = 10**15


def ranked_count(round_: Round) -> int:
    """How many people have an attempt that counts in a round."""
    return db.session.scalar(select(func.count(Attempt.entrant_id.distinct())).where(*_counts(round_))) or 0


def counted_attempts(round_: Round, entrant_ids: Iterable[int]) -> Sequence[Any]:
    """The counted attempt of each of these entrants: rows of entrant_id, points, duration_ms, handed_in_at, started_at."""
    return db.session.execute(_counted_once(round_, entrant_ids)).all()


def counted_in_parts(round_: Round, size: int) -> Iterator[Sequence[Any]]:
    """The counted attempt of everybody, as rows like those of `counted_attempts`, so many at a time; a million never stand in memory at once."""
    yield from db.session.execute(_counted_once(round_, None), execution_options={"yield_per": size}).partitions()


def _counted_once(round_: Round, entrant_ids: Iterable[int] | None) -> Select[Any]:
    counted = _counted(round_, final=False, entrant_ids=entrant_ids)
    names = ("entrant_id", "points", "duration_ms", "handed_in_at", "started_at")
    return select(*(counted.c[name] for name in names)).where(counted.c.turn == 1)


def actual_now(round_: Round, *, marks: Table | None = None) -> int | None:
    """What was to be predicted, counted in the database, in the steps of a prediction; None where nothing is predicted. `marks` as `ranked` takes them."""
    params = params_of(round_)
    here = (Attempt.round_id == round_.id, Attempt.state.in_(FINISHED), *_whole(params))
    people = func.count(Attempt.entrant_id.distinct())
    right: Select[Any] = select(people).where(*here, _correct(marks) == params.questions)
    if marks is not None:
        right = right.outerjoin(marks, marks.c.attempt_id == Attempt.id)
    asked: dict[Predicted, Select[Any]] = {
        Predicted.ALL_CORRECT: right,
        Predicted.PARTICIPANTS: select(people).where(*here),
        Predicted.ATTEMPTS: select(func.count()).where(*here),
    }
    if params.prediction is Predicted.NONE:
        return None
    if params.prediction is Predicted.ALL_CORRECT_PERCENT:
        part, whole = (db.session.scalar(asked[word]) or 0 for word in (Predicted.ALL_CORRECT, Predicted.PARTICIPANTS))
        return ranks.percent(part, whole, params.scale)
    return (db.session.scalar(asked[params.prediction]) or 0) * params.scale


def params_of(round_: Round) -> QuizParams:
    """The parameters of a quiz round."""
    params = round_.rules
    assert isinstance(params, QuizParams)
    return params


def ranked(round_: Round, *, final: bool, marks: Table | None = None, actual: int | None = None) -> Subquery:
    """The counted attempts with their places from 1.

    `marks` (attempt_id, correct, points) stands in for the marks of the attempts that it names, `actual` for the prediction's answer.
    """
    counted = _counted(round_, final=final, marks=marks, actual=actual)
    keys = [counted.c[name] for name in counted.c.keys() if name.startswith("key")]  # noqa: SIM118
    depths: ColumnElement[Any] = literal("")
    for depth in range(1, len(keys) + 1):
        first = func.rank().over(order_by=keys[:depth])
        last = func.count().over(order_by=keys[:depth])
        depths = depths.concat(literal(" ")).concat(cast(first, String)).concat("-").concat(cast(last, String))
    return (
        select(
            counted,
            func.row_number().over(order_by=[*keys, counted.c.entrant_id]).label("position"),
            func.rank().over(order_by=keys).label("place"),
            func.row_number()
            .over(partition_by=counted.c.bloc, order_by=[*keys, counted.c.entrant_id])
            .label("bloc_position"),
            func.rank().over(partition_by=counted.c.bloc, order_by=keys).label("bloc_place"),
            depths.label("depths"),
        )
        .where(counted.c.turn == 1)
        .subquery("places")
    )


def placed(round_: Round, *, final: bool, marks: Table | None, actual: int | None) -> Select[Any]:
    """The same places without the comparison at each depth, for counting over a whole round: entrant_id, place, position, points, barred."""
    counted = _counted(round_, final=final, marks=marks, actual=actual, lean=True)
    keys = [counted.c[name] for name in counted.c.keys() if name.startswith("key")]  # noqa: SIM118
    return select(
        counted.c.entrant_id,
        func.rank().over(order_by=keys),
        func.row_number().over(order_by=[*keys, counted.c.entrant_id]),
        counted.c.points,
        counted.c.barred,
    ).where(counted.c.turn == 1)


def _counted(
    round_: Round,
    *,
    final: bool,
    entrant_ids: Iterable[int] | None = None,
    marks: Table | None = None,
    actual: int | None = None,
    lean: bool = False,
) -> Subquery:
    """Graded attempts numbered within their entrant, with what is compared as key0, key1, …, smaller first: turn 1 is the one that counts.

    `lean` leaves out what is only shown.
    """
    params = params_of(round_)
    kept = select(QuizRound.actual).where(QuizRound.round_id == round_.id).scalar_subquery()
    answer: Any = kept if actual is None else literal(actual)
    correct = _correct(marks)
    points: Any = func.coalesce(marks.c.points, Attempt.points) if marks is not None else Attempt.points
    lots = final and TieBreak.LOT in params.order
    seed = db.session.scalar(select(RoundLedger.lot_seed).where(RoundLedger.round_id == round_.id)) if lots else None
    perfect = func.sum(case((correct == params.questions, 1), else_=0)).over(partition_by=Attempt.entrant_id)
    query = select(
        Attempt.id,
        Attempt.entrant_id,
        Attempt.unit_id,
        Attempt.number,
        points.label("points"),
        correct.label("correct"),
        Attempt.prediction,
        func.abs(Attempt.prediction - answer).label("error"),
        Attempt.duration_ms,
        Attempt.handed_in_at,
        Attempt.started_at,
        (perfect if final and (not lean or TieBreak.PERFECT in params.order) else literal(0)).label("perfect"),
        (lot_column(seed, Attempt.entrant_id) if seed else literal("")).label("lot"),
        case((correct == params.questions, 0), else_=1 if ranks.ELIGIBLE in ranks.criteria(params) else 0).label(
            "barred"
        ),
        case((Attempt.unit_id.in_(outside()), 1), else_=0).label("bloc"),
    ).where(*_counts(round_))
    if marks is not None:
        query = query.outerjoin(marks, marks.c.attempt_id == Attempt.id)
    if entrant_ids is not None:
        query = query.where(_among(list(entrant_ids)))
    graded = query.subquery("graded")
    keys = _keys(params, graded.c, final=final)
    turns: dict[Counted, list[Any]] = {Counted.FIRST: [graded.c.number], Counted.LAST: [graded.c.number.desc()]}
    order = turns.get(params.counted) or [*keys, graded.c.number]
    turn = func.row_number().over(partition_by=graded.c.entrant_id, order_by=order).label("turn")
    return select(graded, turn, *(key.label(f"key{n}") for n, key in enumerate(keys))).subquery("counted")


def _correct(marks: Table | None) -> Any:
    return Attempt.correct if marks is None else func.coalesce(marks.c.correct, Attempt.correct)


def outside() -> list[int]:
    """The ids of units outside the province."""
    return [place.id for place in units.tree().by_id.values() if place.kind is UnitKind.OUTSIDE]


def _counts(round_: Round) -> tuple[ColumnElement[bool], ...]:
    """What makes an attempt count: finished, graded, and, where the rules ask, without a blank.

    Graded attempts are told by their points: by the moment of grading PostgreSQL would walk through a round's whole index for one batch's entrants.
    """
    graded = (Attempt.round_id == round_.id, Attempt.state.in_(FINISHED), Attempt.points.is_not(None))
    return (*graded, *_whole(params_of(round_)))


def _among(entrant_ids: list[int]) -> ColumnElement[bool]:
    """The attempts of these entrants, as one parameter however many they are."""
    if db.session.get_bind().dialect.name == "postgresql":
        return Attempt.entrant_id == any_(literal(entrant_ids, ARRAY(_BIG)))
    listed = func.json_each(json.dumps(entrant_ids)).table_valued("value")
    return Attempt.entrant_id.in_(select(listed.c.value))


def _whole(params: QuizParams) -> tuple[ColumnElement[bool], ...]:
    return (Attempt.answers.not_like("%0%"),) if params.all_answered else ()


def _keys(params: QuizParams, columns: Any, *, final: bool) -> list[ColumnElement[Any]]:
    keys: dict[str, ColumnElement[Any]] = {
        ranks.ELIGIBLE: columns.barred,
        TieBreak.SCORE: -columns.points,
        TieBreak.PREDICTION: func.coalesce(columns.error, cast(literal(_UNGUESSED), _BIG)),
        TieBreak.DURATION: columns.duration_ms,
        TieBreak.SUBMITTED: columns.handed_in_at,
        TieBreak.STARTED: columns.started_at,
        TieBreak.PERFECT: -cast(columns.perfect, Integer),
        TieBreak.LOT: columns.lot,
    }
    return [keys[word] for word in (ranks.criteria(params) if final else ranks.live_criteria(params))]


_BIG = db.BigInteger()
