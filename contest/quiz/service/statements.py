"""The statements of a sitting, built once: what `attempts` runs and nothing else."""

from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningUpdate

from contest.accounts.access import live_entrant
from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.models import Accommodation, Allowance, Contest, Round, Track
from contest.contests.rules import TrackKind
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.rules import NO_GUESS, AttemptState

# Tables, not classes: a statement that names a class passes through the object mapper each time it runs.
_T, _ROUND, _TRACK, _CONTEST, _PERSON, _DRAWN, _NEEDS, _ALLOWED = (
    cast("Table", model.__table__)
    for model in (Attempt, Round, Track, Contest, Account, QuizRound, Accommodation, Allowance)
)
_EXPIRED_AT_ONCE = 200

_OWNERS: dict[bool, Any] = {False: bindparam("who", type_=Integer()), True: live_entrant()}
_NOW = bindparam("now", type_=_T.c.deadline.type)


def _facts(by_token: bool) -> Select[Any]:
    """The round, the person, and the attempts that the person has in it.

    The round's row is held as the foreign key of the attempt will hold it, but already while it is read: a start either comes before a move of the
    round's close, which then moves its deadline too, or sees the new one.
    """
    mine = (_T.c.round_id == _ROUND.c.id) & (_T.c.entrant_id == _PERSON.c.id)
    opened = mine & (_T.c.state == AttemptState.OPEN)
    return (
        select(
            *(_ROUND.c[name] for name in ("title", "opens_at", "closes_at", "paused_at", "params")),
            _DRAWN.c.frozen_at,
            _CONTEST.c.title.label("contest_title"),
            _CONTEST.c.phone.label("contest_phone"),
            _PERSON.c.id.label("entrant_id"),
            _PERSON.c.unit_id,
            func.coalesce(_NEEDS.c.extra_percent, 0).label("extra_percent"),
            func.coalesce(_NEEDS.c.large_print, False).label("large_print"),
            func.coalesce(_ALLOWED.c.extra_attempts, 0).label("extra_attempts"),
            select(_T.c.id).where(opened).scalar_subquery().label("open_id"),
            select(_T.c.deadline).where(opened).scalar_subquery().label("open_deadline"),
            select(func.coalesce(func.max(_T.c.number), 0)).where(mine).scalar_subquery().label("used"),
        )
        .select_from(_ROUND)
        .join(_TRACK, _TRACK.c.id == _ROUND.c.track_id)
        .join(_CONTEST, _CONTEST.c.id == _TRACK.c.contest_id)
        .join(_PERSON, literal(1) == 1)
        .outerjoin(_DRAWN, _DRAWN.c.round_id == _ROUND.c.id)
        .outerjoin(_NEEDS, _NEEDS.c.account_id == _PERSON.c.id)
        .outerjoin(_ALLOWED, (_ALLOWED.c.round_id == _ROUND.c.id) & (_ALLOWED.c.account_id == _PERSON.c.id))
        .where(
            _ROUND.c.id == bindparam("round"),
            _TRACK.c.kind == TrackKind.QUIZ,
            _PERSON.c.id == _OWNERS[by_token],
            _PERSON.c.role == Role.ENTRANT,
        )
        .with_for_update(of=(_ROUND, _PERSON), read=True, key_share=True)
    )


def _reading(by_token: bool) -> Select[Any]:
    """What ending an attempt needs to know of it."""
    return _ENDED_FROM.where(_T.c.id == bindparam("which"), _T.c.entrant_id == _OWNERS[by_token])


_PAUSED_AT = select(_ROUND.c.paused_at).where(_ROUND.c.id == _T.c.round_id).scalar_subquery()
# A round's clock stands still while it is paused: what had time left then has it still.
_NOT_OVER = or_(_T.c.deadline > _NOW, _T.c.deadline > _PAUSED_AT)


@cache
def saving(by_token: bool, changes: int, whole: bool, numbered: bool) -> ReturningUpdate[Any]:
    """The one statement of a save. Changed characters are written between the pieces of the code that stay."""
    new: dict[str, Any] = {
        "saved_at": _NOW,
        "marked": func.coalesce(bindparam("new_marked", type_=String()), _T.c.marked),
        "prediction": func.nullif(
            func.coalesce(bindparam("new_prediction", type_=Integer()), _T.c.prediction), literal(NO_GUESS)
        ),
        "sequence": bindparam("new_sequence", type_=Integer()) if numbered else _T.c.sequence + 1,
    }
    guards: list[ColumnElement[bool]] = [
        _T.c.id == bindparam("which"),
        _T.c.entrant_id == _OWNERS[by_token],
        _T.c.state == AttemptState.OPEN,
        _NOT_OVER,
    ]
    if numbered:
        guards.append(_T.c.sequence < bindparam("new_sequence", type_=Integer()))
    for index in range(changes):
        had = func.substr(_T.c.shape, bindparam(f"place{index}", type_=Integer()), 1, type_=String())
        guards.append(or_(_T.c.shape == "", had >= bindparam(f"needs{index}", type_=String())))
    if whole:
        new["answers"] = bindparam("whole", type_=String())
        guards.append(func.length(_T.c.answers) == func.length(bindparam("whole", type_=String())))
    elif changes:
        code: ColumnElement[str] = func.substr(_T.c.answers, 1, bindparam("head", type_=Integer()), type_=String())
        for index in range(changes):
            start_, span = bindparam(f"from{index}", type_=Integer()), bindparam(f"span{index}", type_=Integer())
            code = code + bindparam(f"char{index}", type_=String())
            code = code + func.substr(_T.c.answers, start_, span, type_=String())
        new["answers"] = code
        guards.append(func.length(_T.c.answers) > bindparam("last", type_=Integer()))
    return (
        update(_T)
        .where(*guards)
        .values(new)
        .returning(_T.c.sequence, _T.c.answers, _T.c.deadline, _PAUSED_AT.label("paused_at"))
    )


_ENDED_FROM = select(
    _T.c.id,
    _T.c.state,
    _T.c.started_at,
    _T.c.deadline,
    _T.c.paused_ms,
    _T.c.shape,
    _T.c.answers,
    _T.c.marked,
    _T.c.prediction,
    _T.c.sequence,
    _T.c.saved_at,
    _T.c.receipt,
    _T.c.handed_in_at,
    _ROUND.c.number.label("round_number"),
    _ROUND.c.paused_at,
).join_from(_T, _ROUND, _ROUND.c.id == _T.c.round_id)
CLOCK = select(_T.c.deadline, _PAUSED_AT.label("paused_at")).where(_T.c.id == bindparam("which"))
FACTS_BY = {by_token: _facts(by_token) for by_token in _OWNERS}
READ_BY = {by_token: _reading(by_token) for by_token in _OWNERS}
DUE = (
    _ENDED_FROM.where(
        _T.c.state == AttemptState.OPEN,
        _T.c.deadline <= _NOW,
        or_(_ROUND.c.paused_at.is_(None), _T.c.deadline <= _ROUND.c.paused_at),
    )
    .order_by(_T.c.deadline)
    .limit(_EXPIRED_AT_ONCE)
    .with_for_update(of=_T, skip_locked=True)
)
_PAPER = select(_DRAWN.c.frozen_at).where(_DRAWN.c.round_id == bindparam("paper_of", type_=_DRAWN.c.round_id.type))
_PERCENT = select(_NEEDS.c.extra_percent).where(
    _NEEDS.c.account_id == bindparam("time_of", type_=_NEEDS.c.account_id.type)
)
# What a start inserts, by dialect. It tells which paper and which extra time hold: a start that waited for a freeze, or for the needs of its person
# to be noted, has read what held before, and inserts after the wait.
INSERTING = {
    name: dialect.insert(_T)
    .on_conflict_do_nothing()
    .returning(
        _T.c.id,
        _PAPER.scalar_subquery().label("frozen_at"),
        func.coalesce(_PERCENT.scalar_subquery(), 0).label("extra_percent"),
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
OPEN_ONE = select(_T.c.id).where(
    _T.c.round_id == bindparam("round"), _T.c.entrant_id == bindparam("who"), _T.c.state == AttemptState.OPEN
)
NUMBERED = select(_T.c.id).where(
    _T.c.round_id == bindparam("round"), _T.c.entrant_id == bindparam("who"), _T.c.number == bindparam("number")
)
_OTHER = _T.alias("other")
END = (
    update(_T)
    .where(
        _T.c.id == bindparam("which"),
        _T.c.state == AttemptState.OPEN,
        _T.c.sequence == bindparam("read_sequence", type_=Integer()),
        _T.c.deadline == bindparam("read_deadline", type_=_T.c.deadline.type),
        ~exists(select(_OTHER.c.id).where(_OTHER.c.receipt == bindparam("slip"))),
    )
    .values(
        state=bindparam("end", type_=_T.c.state.type),
        handed_in_at=bindparam("ended", type_=_T.c.deadline.type),
        answers=bindparam("final_answers", type_=String()),
        marked=bindparam("final_marked", type_=String()),
        prediction=bindparam("final_prediction", type_=Integer()),
        sequence=bindparam("final_sequence", type_=Integer()),
        receipt=bindparam("slip", type_=String()),
        digest=bindparam("seal", type_=String()),
        duration_ms=bindparam("took", type_=_T.c.duration_ms.type),
    )
    .returning(_T.c.id)
)
