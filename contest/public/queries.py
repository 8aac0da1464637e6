"""What the public pages show: the state of tracks, who takes part, what was published, what a receipt is for."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
import structlog
from sqlalchemy import func, select, union

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests.models import Contest, Round, Track
from contest.contests.rules import QuizParams, RoundState, TrackKind
from contest.core import clock, queue
from contest.core.db import db
from contest.core.display import taken_time
from contest.entries.models import Entry, WithdrawnReceipt
from contest.entries.rules import EntryState, receipt_of
from contest.public import rules
from contest.quiz import queries as quiz
from contest.quiz import ranks
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from contest.units import queries as units

log = structlog.get_logger(__name__)
COUNTED_AGAIN_AFTER = timedelta(seconds=60)
_KEY = "kv:public:participation"
_LOCK = "kv:public:participation:lock"
_DAY = 24 * 3600


@dataclass(frozen=True)
class TrackCard:
    """A track as the home page shows it; `round` is the one that matters now, None before any is planned."""

    track: Track
    round: Round | None
    state: RoundState | None
    tag: str
    words: str


@dataclass(frozen=True)
class Participation:
    """How many people take part, each counted once, and in which units, the largest first; `veiled` where a round is left out whose figures people guess."""

    total: int
    units: tuple[tuple[str, int], ...]
    counted_at: datetime
    veiled: bool = False


@dataclass(frozen=True)
class Checked:
    """What a receipt number stands for; never whose. `digest` is the seal of an attempt as its row stands now; `whole` is False when it is not the one given.

    With `withdrawn_at` its author took the entry back then: the receipt proves nothing any more.
    """

    receipt: str
    track: str
    round: str
    handed_in_at: datetime | None
    digest: str
    state: str
    whole: bool = True
    withdrawn_at: datetime | None = None


def track_cards(contest: Contest, now: datetime) -> list[TrackCard]:
    """Every track with the round that matters now."""
    cards = []
    for track in contest.tracks:
        found = contests.round_that_matters(track, now)
        if found is None:
            cards.append(TrackCard(track, None, None, "soon", "Sắp có lịch"))
            continue
        state = found.state(now)
        tag, words = rules.state_tag(state=state, opens_at=found.opens_at, closes_at=found.closes_at, now=now)
        cards.append(TrackCard(track, found, state, tag, words))
    return cards


def what_matters(cards: Sequence[TrackCard]) -> TrackCard | None:
    """The one card of the hero: an open quiz first, else what closes soonest, else what opens soonest, else what closed last."""
    planned = [(card, card.round) for card in cards if card.round]
    running = [pair for pair in planned if pair[0].state in (RoundState.OPEN, RoundState.PAUSED)]
    if running:
        return min(running, key=lambda pair: (pair[0].track.kind is not TrackKind.QUIZ, pair[1].closes_at))[0]
    coming = [pair for pair in planned if pair[0].state is RoundState.SOON]
    if coming:
        return min(coming, key=lambda pair: pair[1].opens_at)[0]
    return max(planned, key=lambda pair: pair[1].closes_at)[0] if planned else None


def next_change(contest: Contest | None, now: datetime) -> datetime | None:
    """The next moment at which a round opens or closes by itself."""
    moments = (
        [at for track in contest.tracks for r in track.rounds for at in (r.opens_at, r.closes_at)] if contest else []
    )
    return min((at for at in moments if at > now), default=None)


def participation(contest: Contest) -> Participation:
    """Who takes part, counted at most once a minute for all processes together; meanwhile the last count is shown with its hour."""
    now = clock.now()
    try:
        kept = _kept(contest.id)
        if kept and (now - kept.counted_at < COUNTED_AGAIN_AFTER or not _my_turn()):
            return kept
        fresh = _count(contest, now)
        _keep(contest.id, fresh)
    except redis.RedisError as error:
        log.warning("participation_not_kept", error=type(error).__name__)
        return _count(contest, now)
    return fresh


def my_attempts(entrant_id: int) -> Sequence[tuple[Attempt, Round]]:
    """An entrant's attempts with their rounds, the newest first."""
    rows = db.session.execute(
        select(Attempt, Round)
        .join(Round, Round.id == Attempt.round_id)
        .where(Attempt.entrant_id == entrant_id)
        .order_by(Attempt.id.desc())
    )
    return [(attempt, found) for attempt, found in rows]


def attempt_data(attempt: Attempt, found: Round) -> dict[str, Any]:
    """An attempt as plain JSON for its owner's download."""
    return {
        "Đợt": found.title,
        "Lượt": attempt.number,
        "Bắt đầu": taken_time(attempt.started_at),
        "Nộp lúc": taken_time(attempt.handed_in_at),
        "Biên nhận": attempt.receipt,
        "Mã đối chiếu (SHA-256)": attempt.digest,
        "Trạng thái": _STATES[attempt.state.value],
    }


def entry_data(entry: Entry) -> dict[str, Any]:
    """An entry as plain JSON for its owner's download."""
    return {
        "Đợt": entry.round.title,
        "Phần thi": entry.round.track.title,
        "Nhan đề": entry.title,
        "Chủ đề": entry.theme,
        "Nộp lúc": taken_time(entry.handed_in_at),
        "Biên nhận": entry.receipt,
        "Mã đối chiếu (SHA-256)": entry.digest,
        "Trạng thái": _STATES[entry.state.value],
    }


def withdrawn_data(found: WithdrawnReceipt) -> dict[str, Any]:
    """A withdrawn receipt as plain JSON for its owner's download."""
    return {
        "Biên nhận": found.receipt,
        "Nộp lúc": taken_time(found.handed_in_at),
        "Rút lúc": taken_time(found.withdrawn_at),
    }


_STATES = {
    "open": "Đang làm",
    "handed_in": "Đã nộp",
    "expired": "Hết giờ, đã tự nộp",
    "annulled": "Đã hủy",
    "draft": "Bản nháp",
    "withdrawn": "Đã rút",
    "disqualified": "Bị loại",
}


def checked(typed: str) -> Checked | None:
    """What the receipt whose number was typed was given for; None when there is no such receipt."""
    number = receipt_of(typed)
    if number is None:
        return None
    for model in (Attempt, Entry):
        row = db.session.execute(
            select(model.id, Track.title, Round.title, model.handed_in_at, model.digest, model.state)
            .join(Round, Round.id == model.round_id)
            .join(Track, Track.id == Round.track_id)
            .where(model.receipt == number)
        ).first()
        if row:
            seal = quiz.seal_now(row[0]) if model is Attempt else row[4]
            return Checked(number, row[1], row[2], row[3], seal or "", row[5].value, whole=seal == row[4])
    return _withdrawn(number)


def _withdrawn(number: str) -> Checked | None:
    row = db.session.execute(
        select(Track.title, Round.title, WithdrawnReceipt.handed_in_at, WithdrawnReceipt.withdrawn_at)
        .join_from(WithdrawnReceipt, Round, Round.id == WithdrawnReceipt.round_id)
        .join(Track, Track.id == Round.track_id)
        .where(WithdrawnReceipt.receipt == number)
    ).first()
    if row is None:
        return None
    return Checked(number, row[0], row[1], row[2], "", EntryState.WITHDRAWN.value, withdrawn_at=row[3])


def _count(contest: Contest, now: datetime) -> Participation:
    """Each person once, by the unit they name today, summed by district; a round whose figures people still guess is left out."""
    every = [found for track in contest.tracks for found in track.rounds if found.opens_at <= now]
    rounds = [found.id for found in every if not _veiled(found, now)]
    people = union(
        select(Attempt.entrant_id).where(Attempt.round_id.in_(rounds), Attempt.state != AttemptState.ANNULLED),
        select(Entry.entrant_id).where(Entry.round_id.in_(rounds), Entry.state == EntryState.HANDED_IN),
    ).subquery()
    rows = db.session.execute(
        select(Account.unit_id, func.count()).where(Account.id.in_(select(people.c[0]))).group_by(Account.unit_id)
    ).all()
    by_name: Counter[str] = Counter()
    for unit_id, number in rows:
        by_name[units.district_name(unit_id) or "Chưa rõ đơn vị"] += number
    return Participation(sum(by_name.values()), tuple(by_name.most_common()), now, len(rounds) < len(every))


def _veiled(found: Round, now: datetime) -> bool:
    params = found.rules
    return isinstance(params, QuizParams) and ranks.veils(params) and not quiz.is_over(found, now)


def _kept(contest_id: int) -> Participation | None:
    raw = queue.connection().get(f"{_KEY}:{contest_id}")
    if not raw:
        return None
    values = json.loads(raw)  # type: ignore[arg-type]
    return Participation(
        values["total"],
        tuple((name, number) for name, number in values["units"]),
        datetime.fromisoformat(values["counted_at"]),
        values["veiled"],
    )


def _keep(contest_id: int, found: Participation) -> None:
    values = {
        "total": found.total,
        "units": found.units,
        "counted_at": found.counted_at.isoformat(),
        "veiled": found.veiled,
    }
    queue.connection().set(f"{_KEY}:{contest_id}", json.dumps(values), ex=_DAY)


def _my_turn() -> bool:
    """True for the one who counts anew; the others show the last count."""
    return bool(queue.connection().set(_LOCK, 1, nx=True, ex=int(COUNTED_AGAIN_AFTER.total_seconds()) // 2))
