"""Rows of the sheets that the desk downloads, a few at a time."""

from collections.abc import Iterator

from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.models import Round, Track
from contest.contests.rules import TrackKind
from contest.core.db import db
from contest.quiz.models import Attempt
from contest.quiz.queries.ranking import params_of


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


def attempts_for_sheet(round_id: int | None) -> Iterator[tuple[Attempt, str, str, int]]:
    """Every attempt with its round's title, its entrant's name and by how much its prediction is scaled, oldest first, a few at a time."""
    quiz_rounds = db.session.scalars(select(Round).join(Track).where(Track.kind == TrackKind.QUIZ)).all()
    scales = {found.id: params_of(found).scale for found in quiz_rounds}
    query = (
        select(Attempt, Round.title, Account.full_name)
        .join(Round, Round.id == Attempt.round_id)
        .join(Account, Account.id == Attempt.entrant_id)
        .order_by(Attempt.id)
    )
    if round_id:
        query = query.where(Attempt.round_id == round_id)
    rows = db.session.execute(query.execution_options(yield_per=500))
    return ((attempt, title, name, scales[attempt.round_id]) for attempt, title, name in rows)
