"""Rows of the sheets that the desk downloads, a few at a time."""

from collections.abc import Iterator

from sqlalchemy import Select, select

from contest.accounts.models import Account
from contest.contests.models import Round, Track
from contest.contests.rules import TrackKind
from contest.core.db import db
from contest.quiz.models import Attempt
from contest.quiz.queries.ranking import params_of


def people_for_sheet(found: Select[Account]) -> Iterator[Account]:
    """The entrants that were found, in their order, a few at a time."""
    return iter(db.session.scalars(found.execution_options(yield_per=500)))


def attempts_for_sheet(found: Select[Attempt, str, str, int | None]) -> Iterator[tuple[Attempt, str, str, int]]:
    """The attempts that were found with their round's title, their entrant's name and by how much the prediction is scaled, oldest first, a few at a time."""
    quiz_rounds = db.session.scalars(select(Round).join(Track).where(Track.kind == TrackKind.QUIZ)).all()
    scales = {found.id: params_of(found).scale for found in quiz_rounds}
    query = (
        select(Attempt, Round.title, Account.full_name)
        .join(Round, Round.id == Attempt.round_id)
        .join(Account, Account.id == Attempt.entrant_id)
        .where(Attempt.id.in_(found.with_only_columns(Attempt.id)))
        .order_by(Attempt.id)
    )
    rows = db.session.execute(query.execution_options(yield_per=500))
    return ((attempt, title, name, scales[attempt.round_id]) for attempt, title, name in rows)
