"""The ranking of a round in SQL: each entrant's counted attempt, in the rules' order; the board falls back on it, results freeze it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import QuizParams, TrackKind
from contest.core.db import db
from contest.quiz import rules
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.rules import FINISHED
from contest.units import queries as units


@dataclass(frozen=True)
class RankedAttempt:
    """One entrant's counted attempt with every value that may decide; durations in milliseconds.

    `prediction_error` is None without a prediction, or while its answer is not known.
    """

    place: int
    attempt_id: int
    entrant_id: int
    full_name: str
    unit_id: int | None
    unit_name: str
    points: int
    correct: int
    prediction: int | None
    prediction_error: int | None
    duration_ms: int
    handed_in_at: datetime
    started_at: datetime


@dataclass(frozen=True)
class TraceStep:
    """How one criterion bears on a place: how many others are equal up to and including it, between which places, and whether it decided."""

    criterion: str
    equal: int
    first: int
    last: int
    needed: bool
    decides: bool


def final_ranking(round_id: int) -> list[RankedAttempt]:
    """Everybody of a round in the rules' order, the prediction included once its answer is known."""
    return _rows(_named(_ranked(contests.round_by_id(round_id, TrackKind.QUIZ), final=True)))


def ranking_slice(round_: Round, *, final: bool, offset: int, limit: int) -> list[RankedAttempt]:
    """Some places of the ranking; without `final`, in the order that an open round's board has."""
    ranked = _ranked(round_, final=final)
    return _rows(_named(ranked).where(ranked.c.place > offset, ranked.c.place <= offset + limit))


def place_of(round_: Round, entrant_id: int, *, final: bool) -> RankedAttempt | None:
    """One entrant's place; None for who has no graded attempt."""
    ranked = _ranked(round_, final=final)
    found = _rows(_named(ranked).where(ranked.c.entrant_id == entrant_id))
    return found[0] if found else None


def ranked_count(round_id: int) -> int:
    """How many people have a graded attempt in a round."""
    graded = (Attempt.round_id == round_id, Attempt.state.in_(FINISHED), Attempt.graded_at.is_not(None))
    return db.session.scalar(select(func.count(Attempt.entrant_id.distinct())).where(*graded)) or 0


def counted_attempts(round_: Round, entrant_ids: Iterable[int] | None = None) -> Sequence[Any]:
    """The counted attempt of each entrant, of those named or of all: rows of entrant_id, points, duration_ms, handed_in_at."""
    counted = _counted(round_, final=False, entrant_ids=entrant_ids)
    query = select(counted.c.entrant_id, counted.c.points, counted.c.duration_ms, counted.c.handed_in_at)
    return db.session.execute(query.where(counted.c.turn == 1)).all()


def actual_now(round_: Round) -> int | None:
    """What was to be predicted, counted in the database; None where nothing is predicted."""
    params = _params(round_)
    finished = (Attempt.round_id == round_.id, Attempt.state.in_(FINISHED))
    people = func.count(Attempt.entrant_id.distinct())
    counts: dict[str, Select[Any]] = {
        "all_correct": select(people).where(*finished, Attempt.correct == params.questions),
        "participants": select(people).where(*finished),
        "attempts": select(func.count()).where(*finished),
    }
    query = counts.get(params.prediction)
    return None if query is None else db.session.scalar(query)


def trace_of(round_: Round, mine: RankedAttempt) -> list[TraceStep]:
    """Why a place is what it is: criterion by criterion, how many are equal, until the one that leaves nobody equal."""
    params = _params(round_)
    ranked = _ranked(round_, final=True)
    words = [word for word in params.tie_breaks if word != "prediction" or params.prediction != "none"]
    no_guess = mine.prediction_error is None
    same = {
        "score": ranked.c.points == mine.points,
        "prediction": ranked.c.error.is_(None) if no_guess else ranked.c.error == mine.prediction_error,
        "duration": ranked.c.duration_ms == mine.duration_ms,
        "submitted": ranked.c.handed_in_at == mine.handed_in_at,
        "started": ranked.c.started_at == mine.started_at,
    }
    asked: list[ColumnElement[Any]] = []
    for depth in range(1, len(words) + 1):
        equal = and_(*(same[word] for word in words[:depth]))
        for figure in (func.count(), func.min(ranked.c.place), func.max(ranked.c.place)):
            asked.append(figure.filter(equal))
    found = db.session.execute(select(*asked).select_from(ranked)).one()
    steps: list[TraceStep] = []
    before = 0
    for index, word in enumerate(words):
        count, first, last = found[3 * index : 3 * index + 3]
        needed = index == 0 or before > 1
        steps.append(TraceStep(word, count - 1, first, last, needed=needed, decides=needed and count == 1))
        before = count
    return steps


def _named(ranked: Subquery) -> Select[Any]:
    people = select(ranked, Account.full_name).join(Account, Account.id == ranked.c.entrant_id)
    return people.order_by(ranked.c.place)


def _rows(query: Select[Any]) -> list[RankedAttempt]:
    return [
        RankedAttempt(
            place=row.place,
            attempt_id=row.id,
            entrant_id=row.entrant_id,
            full_name=row.full_name,
            unit_id=row.unit_id,
            unit_name=unit_name(row.unit_id),
            points=row.points,
            correct=row.correct,
            prediction=row.prediction,
            prediction_error=row.error,
            duration_ms=row.duration_ms,
            handed_in_at=row.handed_in_at,
            started_at=row.started_at,
        )
        for row in db.session.execute(query)
    ]


def unit_name(unit_id: int | None) -> str:
    """The unit by which a person is counted, by its name; an empty text for none."""
    found = units.district_of(unit_id) if unit_id else None
    return found.name if found else ""


def _ranked(round_: Round, *, final: bool) -> Subquery:
    """The counted attempts with their places from 1; the entrant's id stands last, so that the order is always the same."""
    counted = _counted(round_, final=final)
    order = [*_order(round_, counted.c, final=final), counted.c.entrant_id]
    return select(counted, func.row_number().over(order_by=order).label("place")).where(counted.c.turn == 1).subquery()


def _counted(round_: Round, *, final: bool, entrant_ids: Iterable[int] | None = None) -> Subquery:
    """Graded attempts numbered within their entrant: turn 1 is the one that counts."""
    actual = select(QuizRound.actual).where(QuizRound.round_id == round_.id).scalar_subquery()
    query = select(
        Attempt.id,
        Attempt.entrant_id,
        Attempt.unit_id,
        Attempt.number,
        Attempt.points,
        Attempt.correct,
        Attempt.prediction,
        func.abs(Attempt.prediction - actual).label("error"),
        Attempt.duration_ms,
        Attempt.handed_in_at,
        Attempt.started_at,
    ).where(Attempt.round_id == round_.id, Attempt.state.in_(FINISHED), Attempt.graded_at.is_not(None))
    if entrant_ids is not None:
        query = query.where(Attempt.entrant_id.in_(list(entrant_ids)))
    graded = query.subquery()
    turns: dict[str, list[ColumnElement[Any]]] = {"first": [graded.c.number], "last": [graded.c.number.desc()]}
    order = turns.get(_params(round_).counted) or [*_order(round_, graded.c, final=final), graded.c.number]
    return select(
        graded, func.row_number().over(partition_by=graded.c.entrant_id, order_by=order).label("turn")
    ).subquery()


def _order(round_: Round, columns: Any, *, final: bool) -> list[ColumnElement[Any]]:
    params = _params(round_)
    keys: dict[str, list[ColumnElement[Any]]] = {
        "score": [columns.points.desc()],
        "prediction": [columns.error.is_(None), columns.error],
        "duration": [columns.duration_ms],
        "submitted": [columns.handed_in_at],
        "started": [columns.started_at],
    }
    words = params.tie_breaks if final else rules.live_order(params)
    return [key for word in words if word != "prediction" or params.prediction != "none" for key in keys[word]]


def _params(round_: Round) -> QuizParams:
    params = round_.rules
    assert isinstance(params, QuizParams)
    return params
