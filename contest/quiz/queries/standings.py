"""The places of a closed round as they are kept: any page and any person's place by an index, whatever the size of the round; boards read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, literal, select

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState, TieBreak
from contest.core.db import db
from contest.quiz.ledger import KeyChange, RoundLedger, Standing
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.queries.ranking import RankedAttempt, params_of, rows_of
from contest.quiz.ranks import ELIGIBLE, criteria

IN_PROVINCE, OUTSIDE = 0, 1


def ledger_of(round_: Round, now: datetime) -> tuple[RoundLedger, int | None] | None:
    """The ledger of a closed round whose places are kept, with the prediction's answer; None before that."""
    if round_.state(now) is not RoundState.CLOSED:
        return None
    found = db.session.execute(
        select(RoundLedger, QuizRound.actual)
        .outerjoin(QuizRound, QuizRound.round_id == RoundLedger.round_id)
        .where(RoundLedger.round_id == round_.id, RoundLedger.ranked_at.is_not(None))
    ).first()
    return (found[0], found[1]) if found else None


def page_of(
    round_id: int, params: QuizParams, *, offset: int, limit: int, bloc: int | None = None
) -> list[RankedAttempt]:
    """Some positions of the kept places, of all or of one bloc."""
    wanted: ColumnElement[bool]
    if bloc is None:
        wanted = Standing.position.between(offset + 1, offset + limit)
    else:
        wanted = (Standing.bloc == bloc) & Standing.bloc_position.between(offset + 1, offset + limit)
    return _read(round_id, params, wanted)


def kept_place(round_: Round, entrant_id: int) -> RankedAttempt | None:
    """One entrant's kept place."""
    found = _read(round_.id, params_of(round_), Standing.entrant_id == entrant_id)
    return found[0] if found else None


def at_position(round_: Round, position: int) -> RankedAttempt | None:
    """Who stands at a position."""
    found = _read(round_.id, params_of(round_), Standing.position == position)
    return found[0] if found else None


def key_changes(round_id: int) -> Sequence[KeyChange]:
    """Every change of a key in the round, newest first."""
    return db.session.scalars(
        select(KeyChange).where(KeyChange.round_id == round_id).order_by(KeyChange.id.desc())
    ).all()


def _read(round_id: int, params: QuizParams, wanted: ColumnElement[bool]) -> list[RankedAttempt]:
    barred: Any = literal(0)
    if ELIGIBLE in criteria(params):
        barred = Attempt.correct != params.questions
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
        .where(Standing.round_id == round_id, wanted)
        .order_by(Standing.position)
    )
    return rows_of(query)


def draws_lots(round_: Round) -> bool:
    """Whether the rules of the round end with a lot."""
    return TieBreak.LOT in params_of(round_).order
