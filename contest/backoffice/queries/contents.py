"""What the rounds, the entries and the accounts of the contest hold; lists and filters of the desk."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contest.accounts.models import AccountSession
from contest.backoffice.queries.counting import count_where
from contest.contests.models import Round, Track
from contest.contests.rules import TrackKind
from contest.core.db import db
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.photo.models import Photo
from contest.photo.rules import PhotoState
from contest.quiz.models import Attempt
from contest.quiz.rules import FINISHED, AttemptState


@dataclass(frozen=True)
class RoundLoad:
    """What a round holds: attempts or drafts `running`, attempts or entries handed in, attempts that wait to be graded."""

    running: int = 0
    handed_in: int = 0
    ungraded: int = 0


def loads_of_rounds() -> Mapping[int, RoundLoad]:
    """What every round holds, by its id; a round without anything gives noughts."""
    found: dict[int, RoundLoad] = defaultdict(RoundLoad)
    for round_id, running, handed_in, ungraded in db.session.execute(
        select(
            Attempt.round_id,
            count_where(Attempt.state == AttemptState.OPEN),
            count_where(Attempt.state.in_(FINISHED)),
            count_where(Attempt.state.in_(FINISHED) & Attempt.graded_at.is_(None)),
        ).group_by(Attempt.round_id)
    ):
        found[round_id] = RoundLoad(running, handed_in, ungraded)
    for round_id, running, handed_in in db.session.execute(
        select(
            Entry.round_id,
            count_where(Entry.state == EntryState.DRAFT),
            count_where(Entry.state == EntryState.HANDED_IN),
        ).group_by(Entry.round_id)
    ):
        found[round_id] = RoundLoad(running, handed_in)
    return found


def rounds_of(kind: TrackKind, contest_id: int) -> Sequence[Round]:
    """The rounds of a contest's track, in order."""
    return db.session.scalars(
        select(Round)
        .join(Track, Track.id == Round.track_id)
        .where(Track.kind == kind, Track.contest_id == contest_id)
        .order_by(Round.number)
    ).all()


def round_options(kind: TrackKind, contest_id: int) -> list[tuple[int, str]]:
    """The rounds of a contest's track as (id, title), for a filter."""
    return [(round_.id, round_.title) for round_ in rounds_of(kind, contest_id)]


def photos_of(entry_ids: Sequence[int]) -> dict[int, Photo]:
    """The photograph of each of these entries."""
    return {found.entry_id: found for found in db.session.scalars(select(Photo).where(Photo.entry_id.in_(entry_ids)))}


def refused_photos() -> int:
    """How many drafts hold a picture that could not be read."""
    return (
        db.session.scalar(
            select(func.count(Photo.id))
            .join(Entry, Entry.id == Photo.entry_id)
            .where(Photo.state == PhotoState.REFUSED, Entry.state == EntryState.DRAFT)
        )
        or 0
    )


def sessions_of(account_id: int, now: datetime) -> int:
    """In how many browsers an account is signed in."""
    return (
        db.session.scalar(
            select(func.count(AccountSession.id)).where(
                AccountSession.account_id == account_id,
                AccountSession.revoked_at.is_(None),
                AccountSession.expires_at > now,
            )
        )
        or 0
    )
