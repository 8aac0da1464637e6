"""Reads about the contest, its tracks and rounds; every room and the layouts use them."""

from collections.abc import Iterable
from datetime import datetime

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from contest.contests.models import Accommodation, Allowance, Contest, Round, RoundPause, RuleChange, Track
from contest.contests.rules import RoundState, TrackKind
from contest.core.db import db
from contest.core.errors import NotFound


def current_contest() -> Contest | None:
    """The newest contest, with tracks and rounds, read once a request; None on an empty database."""
    if "kv_contest" not in g:
        g.kv_contest = db.session.scalar(
            select(Contest)
            .options(selectinload(Contest.tracks).selectinload(Track.rounds))
            .order_by(Contest.id.desc())
            .limit(1)
        )
    found: Contest | None = g.kv_contest
    return found


def forget() -> None:
    """Read the contest again the next time it is wanted; for what changes it and goes on in the same application context."""
    g.pop("kv_contest", None)


def the_contest() -> Contest:
    """The newest contest; raises NotFound on an empty database."""
    found = current_contest()
    if found is None:
        raise NotFound(
            "Trang này có nội dung khi cuộc thi đầu tiên được lập trên hệ thống này.",
            todo="Bạn quay lại sau, hoặc về trang đầu.",
            title="Chưa có cuộc thi nào",
        )
    return found


def track_of(kind: TrackKind) -> Track:
    """The track of that kind in the current contest; raises NotFound."""
    for track in the_contest().tracks:
        if track.kind is kind:
            return track
    raise NotFound(
        "Cuộc thi này không có phần thi đó.",
        todo="Bạn xem các phần thi ở trang đầu.",
        title="Không có phần thi này",
    )


def round_by_id(round_id: int, kind: TrackKind | None = None) -> Round:
    """The round with its track and contest; raises NotFound, also when it is of another kind."""
    found = db.session.scalar(
        select(Round).options(joinedload(Round.track).joinedload(Track.contest)).where(Round.id == round_id)
    )
    if found is None or (kind and found.track.kind is not kind):
        raise NotFound("Không có đợt thi này.")
    return found


def round_that_matters(track: Track, now: datetime) -> Round | None:
    """What a visitor should see of a track: the round that closes soonest among the open, else the next to come, else the last closed."""
    by_state: dict[RoundState, list[Round]] = {}
    for found in track.rounds:
        by_state.setdefault(found.state(now), []).append(found)
    running = by_state.get(RoundState.OPEN, []) + by_state.get(RoundState.PAUSED, [])
    if running:
        return min(running, key=lambda r: r.closes_at)
    if RoundState.SOON in by_state:
        return min(by_state[RoundState.SOON], key=lambda r: r.opens_at)
    return max(by_state.get(RoundState.CLOSED, []), key=lambda r: r.closes_at, default=None)


def open_round(kind: TrackKind, now: datetime) -> Round | None:
    """The open round of that kind which closes soonest."""
    found = round_that_matters(track_of(kind), now)
    return found if found and found.is_open(now) else None


def pauses(round_ids: Iterable[int]) -> dict[int, list[RoundPause]]:
    """The stretches in which rounds stood still, oldest first, by round; rounds that never did are left out."""
    found: dict[int, list[RoundPause]] = {}
    query = select(RoundPause).where(RoundPause.round_id.in_(list(round_ids))).order_by(RoundPause.began_at)
    for pause in db.session.scalars(query):
        found.setdefault(pause.round_id, []).append(pause)
    return found


def rule_changes(round_ids: Iterable[int]) -> dict[int, list[RuleChange]]:
    """How rounds' rules changed after they opened, oldest first, by round; rounds without a change are left out."""
    found: dict[int, list[RuleChange]] = {}
    query = select(RuleChange).where(RuleChange.round_id.in_(list(round_ids))).order_by(RuleChange.id)
    for change in db.session.scalars(query):
        found.setdefault(change.round_id, []).append(change)
    return found


def extra_attempts_of(round_id: int, account_id: int) -> int:
    """How many attempts a person has in a round beyond its rules."""
    return (
        db.session.scalar(
            select(Allowance.extra_attempts).where(Allowance.round_id == round_id, Allowance.account_id == account_id)
        )
        or 0
    )


def accommodation_of(account_id: int) -> Accommodation | None:
    """What a person needs in every round; None for most."""
    return db.session.get(Accommodation, account_id)
