"""The places of a closed round as they are kept: any page and any person's place by an index, whatever the size of the round; boards read them."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Table, bindparam, literal, select

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState, TieBreak
from contest.core.db import db
from contest.quiz.ledger import KeyChange, RoundLedger, Standing
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.queries.places import RankedAttempt, rows_of
from contest.quiz.queries.ranking import params_of
from contest.quiz.ranks import ELIGIBLE, criteria, rules_digest

IN_PROVINCE, OUTSIDE = 0, 1


def ledger_of(round_: Round, now: datetime) -> tuple[RoundLedger, int | None] | None:
    """The ledger of a closed round whose places are kept, with the prediction's answer; None before that, and once other rules hold than they were counted by."""
    if round_.state(now) is not RoundState.CLOSED:
        return None
    found = db.session.execute(
        select(RoundLedger, QuizRound.actual)
        .outerjoin(QuizRound, QuizRound.round_id == RoundLedger.round_id)
        .where(RoundLedger.round_id == round_.id, RoundLedger.ranked_at.is_not(None))
    ).first()
    if found is None:
        return None
    ledger, actual = found
    digest = rules_digest(params_of(round_), actual=actual, lot_seed=ledger.lot_seed)
    return (ledger, actual) if ledger.ranked_by == digest else None


def page_of(round_id: int, params: QuizParams, *, offset: int, limit: int) -> list[RankedAttempt]:
    """Some positions of the kept places."""
    return _read(round_id, params, "position", low=offset + 1, high=offset + limit)


def shown(round_id: int, *, offset: int, limit: int, bloc: int | None = None) -> Sequence[Any]:
    """Some positions of the kept places, of all or of one bloc, with no more of each than a board shows."""
    values = {"round": round_id, "low": offset + 1, "high": offset + limit, "bloc": bloc}
    return db.session.execute(_shown("position" if bloc is None else "bloc"), values).all()


def kept_place(round_: Round, entrant_id: int) -> RankedAttempt | None:
    """One entrant's kept place."""
    found = _read(round_.id, params_of(round_), "entrant", low=entrant_id)
    return found[0] if found else None


def at_position(round_: Round, position: int) -> RankedAttempt | None:
    """Who stands at a position."""
    found = _read(round_.id, params_of(round_), "position", low=position, high=position)
    return found[0] if found else None


def key_changes(round_id: int) -> Sequence[KeyChange]:
    """Every change of a key in the round, newest first."""
    return db.session.scalars(
        select(KeyChange).where(KeyChange.round_id == round_id).order_by(KeyChange.id.desc())
    ).all()


def _read(round_id: int, params: QuizParams, which: str, **given: int | None) -> list[RankedAttempt]:
    query = _places(which, ELIGIBLE in criteria(params)).params(round=round_id, questions=params.questions, **given)
    return rows_of(query)


@cache
def _places(which: str, barring: bool) -> Select[Any]:
    """The query of kept places by position, by position in a bloc, or of one entrant, built once."""
    low, high = bindparam("low", type_=Integer()), bindparam("high", type_=Integer())
    wanted: dict[str, ColumnElement[bool]] = {
        "position": Standing.position.between(low, high),
        "bloc": (Standing.bloc == bindparam("bloc", type_=Integer())) & Standing.bloc_position.between(low, high),
        "entrant": Standing.entrant_id == bindparam("low", type_=BigInteger()),
    }
    barred: Any = Attempt.correct != bindparam("questions", type_=Integer()) if barring else literal(0)
    query: Any = (
        select(
            Standing.place,
            Standing.position,
            Standing.attempt_id.label("id"),
            Standing.entrant_id,
            Attempt.unit_id,
            Attempt.points,
            Attempt.correct,
            Attempt.prediction,
            Standing.prediction_error.label("error"),
            Attempt.duration_ms,
            Attempt.handed_in_at,
            Attempt.started_at,
            Standing.perfect,
            Standing.lot,
            barred.label("barred"),
            Standing.bloc,
            Standing.bloc_place,
            Standing.depths,
            Account.full_name,
        )
        .join(Attempt, Attempt.id == Standing.attempt_id)
        .join(Account, Account.id == Standing.entrant_id)
        .where(Standing.round_id == bindparam("round", type_=BigInteger()), wanted[which])
        .order_by(Standing.position)
    )
    found: Select[Any] = query
    return found


@cache
def _shown(which: str) -> Select[Any]:
    """The query of `shown`. Tables, not classes: a statement that names a class passes through the object mapper each time it runs."""
    standing, attempt, account = (cast("Table", model.__table__) for model in (Standing, Attempt, Account))
    names = ("place", "position", "entrant_id", "prediction_error", "perfect", "bloc_place", "depths")
    low, high = bindparam("low", type_=Integer()), bindparam("high", type_=Integer())
    wanted: ColumnElement[bool] = standing.c.position.between(low, high)
    if which == "bloc":
        wanted = (standing.c.bloc == bindparam("bloc", type_=Integer())) & standing.c.bloc_position.between(low, high)
    return (
        select(
            *(standing.c[name] for name in names),
            *(attempt.c[name] for name in ("unit_id", "points", "duration_ms")),
            account.c.full_name,
        )
        .join_from(standing, attempt, attempt.c.id == standing.c.attempt_id)
        .join(account, account.c.id == standing.c.entrant_id)
        .where(standing.c.round_id == bindparam("round", type_=BigInteger()), wanted)
        .order_by(standing.c.position)
    )


def draws_lots(round_: Round) -> bool:
    """Whether the rules of the round end with a lot."""
    return TieBreak.LOT in params_of(round_).order
