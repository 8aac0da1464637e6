"""Reads about attempts: an entrant's own, the organisers' lists and counts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from contest.accounts.models import Account
from contest.contests.models import Allowance, Round
from contest.core import vietnamese
from contest.core.db import db
from contest.core.display import vietnam_time
from contest.core.errors import NotFound
from contest.core.paging import Page, page_of
from contest.entries.rules import receipt_of
from contest.quiz.models import Attempt
from contest.quiz.queries import objections
from contest.quiz.rules import FINISHED, AttemptState, seal


@dataclass(frozen=True)
class AttemptRow:
    """An attempt with its round's title and its entrant, for lists and records."""

    attempt: Attempt
    round_title: str
    full_name: str
    unit_id: int | None


def own_attempt(attempt_id: int, entrant_id: int) -> Attempt:
    """The entrant's own attempt; raises NotFound."""
    found = db.session.scalar(select(Attempt).where(Attempt.id == attempt_id, Attempt.entrant_id == entrant_id))
    if found is None:
        raise NotFound("Không có lượt thi này.")
    return found


def attempt_by_id(attempt_id: int) -> AttemptRow:
    """Any attempt, for staff; raises NotFound."""
    row = db.session.execute(_rows().where(Attempt.id == attempt_id)).first()
    if row is None:
        raise NotFound("Không có lượt thi này.")
    return AttemptRow(*row)


def rounds_and_people(attempt_ids: Collection[int]) -> list[tuple[int, int]]:
    """The round and the entrant of each of these attempts that exist."""
    query = select(Attempt.round_id, Attempt.entrant_id).where(Attempt.id.in_(attempt_ids))
    return [(round_id, entrant_id) for round_id, entrant_id in db.session.execute(query)]


def attempt_by_receipt(receipt: str) -> AttemptRow | None:
    """The attempt of that receipt, as the tables keep it; None when there is none."""
    row = db.session.execute(_rows().where(Attempt.receipt == receipt)).first()
    return AttemptRow(*row) if row else None


def seal_now(attempt_id: int) -> str | None:
    """The seal made anew from what the row holds now; None for an attempt that was not handed in. Raises NotFound."""
    attempt = attempt_by_id(attempt_id).attempt
    if attempt.handed_in_at is None or attempt.receipt is None:
        return None
    return seal(
        receipt=attempt.receipt,
        answers=attempt.answers,
        prediction=attempt.prediction,
        handed_in_at=attempt.handed_in_at,
    )


def my_attempts(entrant_id: int, round_id: int | None = None) -> Sequence[AttemptRow]:
    """An entrant's attempts, newest first."""
    query = _rows().where(Attempt.entrant_id == entrant_id).order_by(Attempt.id.desc())
    if round_id:
        query = query.where(Attempt.round_id == round_id)
    return [AttemptRow(*row) for row in db.session.execute(query)]


def found_attempts(
    *,
    search: str = "",
    state: AttemptState | None = None,
    round_id: int | None = None,
    unit_ids: Collection[int] | None = None,
    complained: bool = False,
) -> Select[Attempt, str, str, int | None]:
    """The rows of attempts that organisers ask for, unordered, for a list and for its sheet alike; `search` finds a name (accents ignored), a phone,
    an e-mail or a receipt; `unit_ids` narrows to those units, `complained` to complaints that wait for a decision."""
    query = _rows()
    if state:
        query = query.where(Attempt.state == state)
    if round_id:
        query = query.where(Attempt.round_id == round_id)
    if unit_ids is not None:
        query = query.where(Attempt.unit_id.in_(unit_ids))
    if complained:
        query = query.where(Attempt.id.in_(objections.waiting()))
    if search.strip():
        words = search.strip()
        digits = "".join(c for c in words if c.isdigit())
        matches = [
            Account.name_folded.like(f"%{vietnamese.fold(words).replace('%', '').replace('_', '')}%"),
            Account.email == words.casefold(),
        ]
        receipt = receipt_of(words)
        if receipt:
            matches.append(Attempt.receipt == receipt)
        if len(digits) >= 9:
            matches.append(Account.phone == f"+84{digits.removeprefix('84').removeprefix('0')}")
        query = query.where(or_(*matches))
    return query


def attempts_page(*, page: int = 1, per_page: int = 20, **asked: Any) -> Page[AttemptRow]:
    """Attempts for the organisers, newest first, as `found_attempts` finds them."""
    query = found_attempts(**asked)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Attempt.id.desc())

    def read(offset: int, most: int) -> list[AttemptRow]:
        return [AttemptRow(*row) for row in db.session.execute(query.offset(offset).limit(most))]

    return page_of(read, total=total, page=page, per_page=per_page)


def counts_by_state(round_id: int | None = None) -> dict[AttemptState, int]:
    """How many attempts stand in each state, of one round or of all."""
    query = select(Attempt.state, func.count()).group_by(Attempt.state)
    if round_id:
        query = query.where(Attempt.round_id == round_id)
    found: dict[AttemptState, int] = dict(db.session.execute(query).all())
    return {state: found.get(state, 0) for state in AttemptState}


def open_count(round_id: int | None = None) -> int:
    """How many attempts are being sat."""
    return counts_by_state(round_id)[AttemptState.OPEN]


def most_used(round_id: int) -> int:
    """The most attempts that one person has begun in the round, not counting as many as that person was granted beyond the rules."""
    granted = (Allowance.round_id == Attempt.round_id) & (Allowance.account_id == Attempt.entrant_id)
    by_rules = Attempt.number - func.coalesce(Allowance.extra_attempts, 0)
    query = select(func.max(by_rules)).outerjoin(Allowance, granted).where(Attempt.round_id == round_id)
    return db.session.scalar(query) or 0


def ungraded_count(round_id: int | None = None) -> int:
    """How many finished attempts still wait to be graded."""
    query = select(func.count()).where(Attempt.graded_at.is_(None), Attempt.state.in_(FINISHED))
    if round_id:
        query = query.where(Attempt.round_id == round_id)
    return db.session.scalar(query) or 0


def handed_in_since(moment: datetime) -> int:
    """How many attempts were handed in from `moment` on."""
    return db.session.scalar(select(func.count()).where(Attempt.handed_in_at >= moment)) or 0


def starts_by_hour(day_start: datetime, round_id: int | None = None) -> list[int]:
    """How many attempts began in each of the 24 hours from `day_start`."""
    hours = [0] * 24
    query = select(Attempt.started_at).where(
        Attempt.started_at >= day_start, Attempt.started_at < day_start + timedelta(days=1)
    )
    if round_id:
        query = query.where(Attempt.round_id == round_id)
    for started_at in db.session.scalars(query.execution_options(yield_per=5000)):
        hours[vietnam_time(started_at).hour] += 1
    return hours


def entrants_by_unit(since: datetime | None = None) -> dict[int | None, int]:
    """How many different people have begun an attempt, by the unit they chose then."""
    query = select(Attempt.unit_id, func.count(Attempt.entrant_id.distinct())).group_by(Attempt.unit_id)
    if since:
        query = query.where(Attempt.started_at >= since)
    return dict(db.session.execute(query).all())


def _rows() -> Select[Attempt, str, str, int | None]:
    return (
        select(Attempt, Round.title, Account.full_name, Attempt.unit_id)
        .join(Round, Round.id == Attempt.round_id)
        .join(Account, Account.id == Attempt.entrant_id)
    )
