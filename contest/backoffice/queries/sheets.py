"""Rows of the sheets that the desk downloads, a few at a time."""

from collections.abc import Iterator

from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.models import Round
from contest.core.db import db
from contest.quiz.models import Attempt


def people_for_sheet() -> Iterator[Account]:
    """Every entrant in the Vietnamese order of names, a few at a time."""
    return iter(
        db.session.scalars(
            select(Account)
            .where(Account.role == Role.ENTRANT)
            .order_by(Account.name_key, Account.id)
            .execution_options(yield_per=500)
        )
    )


def attempts_for_sheet(round_id: int | None) -> Iterator[tuple[Attempt, str, str]]:
    """Every attempt with its round's title and entrant's name, oldest first, a few at a time."""
    query = (
        select(Attempt, Round.title, Account.full_name)
        .join(Round, Round.id == Attempt.round_id)
        .join(Account, Account.id == Attempt.entrant_id)
        .order_by(Attempt.id)
    )
    if round_id:
        query = query.where(Attempt.round_id == round_id)
    return iter(db.session.execute(query.execution_options(yield_per=500)))
