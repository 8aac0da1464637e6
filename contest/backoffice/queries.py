"""Reads that only the desk needs, across rooms: what each round holds, the day's figures, taking part by unit, the record of acts."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select

from contest.accounts.models import Account, AccountSession
from contest.accounts.rules import Role
from contest.contests.models import Round, Track
from contest.contests.rules import TrackKind
from contest.core.audit import AuditRow
from contest.core.db import db
from contest.core.display import vietnam_time
from contest.core.vietnamese import fold
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.rules import AssignmentState
from contest.photo.models import Photo
from contest.photo.rules import PhotoState
from contest.quiz import queries as quiz
from contest.quiz.models import Attempt
from contest.quiz.rules import FINISHED, AttemptState
from contest.units import queries as units


@dataclass(frozen=True)
class RoundLoad:
    """What a round holds: attempts or drafts `running`, attempts or entries handed in, attempts that wait to be graded."""

    running: int = 0
    handed_in: int = 0
    ungraded: int = 0


@dataclass(frozen=True)
class Today:
    """The figures that the dashboard keeps fresh."""

    running: int
    handed_in: int
    ungraded: int


@dataclass(frozen=True)
class UnitLine:
    """How a unit takes part: hand-ins of the quiz today and yesterday, entrants in all."""

    name: str
    today: int
    yesterday: int
    entrants: int


@dataclass(frozen=True)
class Act:
    """One row of the record with the name of who acted; "hệ thống" has none."""

    row: AuditRow
    actor: str


@dataclass(frozen=True)
class Card:
    """One judge's scorecard for one entry, as the organisers see it."""

    assignment_id: int
    entry_id: int
    blind_code: str
    judge: str
    state: AssignmentState
    conflict_reason: str
    total: int | None
    comment: str
    signed_at: datetime | None


@dataclass(frozen=True)
class Slice:
    """One page of a list; `page` counts from 1."""

    rows: Sequence[Act]
    page: int
    pages: int
    total: int
    first: int
    last: int


def midnight(now: datetime) -> datetime:
    """The beginning of the Vietnamese day of `now`, in UTC."""
    return vietnam_time(now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def loads_of_rounds() -> Mapping[int, RoundLoad]:
    """What every round holds, by its id; a round without anything gives noughts."""
    found: dict[int, RoundLoad] = defaultdict(RoundLoad)
    for round_id, running, handed_in, ungraded in db.session.execute(
        select(
            Attempt.round_id,
            _count(Attempt.state == AttemptState.OPEN),
            _count(Attempt.state.in_(FINISHED)),
            _count(Attempt.state.in_(FINISHED) & Attempt.graded_at.is_(None)),
        ).group_by(Attempt.round_id)
    ):
        found[round_id] = RoundLoad(running, handed_in, ungraded)
    for round_id, running, handed_in in db.session.execute(
        select(
            Entry.round_id, _count(Entry.state == EntryState.DRAFT), _count(Entry.state == EntryState.HANDED_IN)
        ).group_by(Entry.round_id)
    ):
        found[round_id] = RoundLoad(running, handed_in)
    return found


def today(now: datetime) -> Today:
    """How many attempts run, were handed in today, and wait to be graded."""
    return Today(
        running=quiz.open_count(), handed_in=quiz.handed_in_since(midnight(now)), ungraded=quiz.ungraded_count()
    )


def participation(now: datetime) -> list[UnitLine]:
    """How every unit below the province takes part, the most entrants first; people without a unit come last."""
    start = midnight(now)
    before = start - timedelta(days=1)
    todays: Counter[str] = Counter()
    yesterdays: Counter[str] = Counter()
    entrants: Counter[str] = Counter()
    for unit_id, of_today, of_yesterday in db.session.execute(
        select(Attempt.unit_id, _count(Attempt.handed_in_at >= start), _count(Attempt.handed_in_at < start))
        .where(Attempt.handed_in_at >= before)
        .group_by(Attempt.unit_id)
    ):
        todays[counted_as(unit_id)] += of_today
        yesterdays[counted_as(unit_id)] += of_yesterday
    for unit_id, number in db.session.execute(
        select(Account.unit_id, func.count()).where(Account.role == Role.ENTRANT).group_by(Account.unit_id)
    ):
        entrants[counted_as(unit_id)] += number
    names = [place.name for place in units.top_level(vietnam_time(now).date())]
    names += [name for name in entrants if name not in names]
    lines = [UnitLine(name, todays[name], yesterdays[name], entrants[name]) for name in names]
    return sorted(lines, key=lambda line: (line.name == NO_UNIT, -line.entrants))


NO_UNIT = "Chưa ghi đơn vị"


def counted_as(unit_id: int | None) -> str:
    """The name of the unit by which somebody of `unit_id` is counted."""
    return units.district_name(unit_id) or NO_UNIT


def entrants_by_unit() -> dict[int, int]:
    """How many entrants name each unit itself, by its id."""
    rows = db.session.execute(
        select(Account.unit_id, func.count())
        .where(Account.role == Role.ENTRANT, Account.unit_id.is_not(None))
        .group_by(Account.unit_id)
    )
    return {unit_id: number for unit_id, number in rows if unit_id}


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


def stages_by_round() -> dict[int, list[Stage]]:
    """The stages of every round, in order."""
    found: dict[int, list[Stage]] = defaultdict(list)
    for stage in db.session.scalars(select(Stage).order_by(Stage.number)):
        found[stage.round_id].append(stage)
    return found


def unsigned_scorecards() -> dict[int, int]:
    """How many assignments of each stage, open or closed, have no signature, by the stage's id; nothing for a stage where none is missing."""
    rows = db.session.execute(
        select(Assignment.stage_id, func.count())
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.state == AssignmentState.OPEN, Entry.state == EntryState.HANDED_IN)
        .group_by(Assignment.stage_id)
    )
    return dict(rows.all())


def missing_assignments() -> dict[int, int]:
    """How many judges are still missing over the handed-in entries of each open stage, by its id; a stage after another keeps to the entries it began with."""
    given = (
        select(Assignment.stage_id, Assignment.entry_id, func.count().label("judges"))
        .where(Assignment.state != AssignmentState.CONFLICT)
        .group_by(Assignment.stage_id, Assignment.entry_id)
        .subquery()
    )
    lacking = Stage.judges_per_entry - func.coalesce(given.c.judges, 0)
    rows = db.session.execute(
        select(Stage.id, func.sum(lacking))
        .join(Entry, (Entry.round_id == Stage.round_id) & (Entry.state == EntryState.HANDED_IN))
        .outerjoin(given, (given.c.stage_id == Stage.id) & (given.c.entry_id == Entry.id))
        .where(Stage.closed_at.is_(None), lacking > 0)
        .where(
            or_(
                Stage.number == 1,
                Stage.id.not_in(select(Assignment.stage_id)),
                exists().where(Assignment.stage_id == Stage.id, Assignment.entry_id == Entry.id),
            )
        )
        .group_by(Stage.id)
    )
    return {stage_id: int(number) for stage_id, number in rows}


def cards_by_stage() -> dict[int, tuple[int, int]]:
    """How many scorecards each stage asks for and how many are signed, by the stage's id."""
    rows = db.session.execute(
        select(Assignment.stage_id, func.count(), _count(Assignment.state == AssignmentState.SIGNED))
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.state != AssignmentState.CONFLICT, Entry.state == EntryState.HANDED_IN)
        .group_by(Assignment.stage_id)
    )
    return {stage_id: (due, signed) for stage_id, due, signed in rows}


def cards_of(stage_id: int) -> dict[int, list[Card]]:
    """Every scorecard of a stage by its entry's id, judges in the order of names."""
    rows = db.session.execute(
        select(
            Assignment.id,
            Assignment.entry_id,
            func.coalesce(Entry.blind_code, ""),
            Account.full_name,
            Assignment.state,
            Assignment.conflict_reason,
            Scorecard.total,
            func.coalesce(Scorecard.comment, ""),
            Scorecard.signed_at,
        )
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Account, Account.id == Assignment.judge_id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Assignment.stage_id == stage_id)
        .order_by(Account.name_key, Assignment.id)
    )
    found: dict[int, list[Card]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(Card(*row))
    return found


def photos_of(entry_ids: Sequence[int]) -> dict[int, Photo]:
    """The photograph of each of these entries."""
    return {found.entry_id: found for found in db.session.scalars(select(Photo).where(Photo.entry_id.in_(entry_ids)))}


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


def acts_page(*, page: int = 1, per_page: int = 50, actor: str = "", action: str = "", subject: str = "") -> Slice:
    """The record of acts, newest first; `actor` finds a name (accents ignored), `action` is exact, `subject` is "kind:id" or a kind."""
    query = _acts()
    if actor:
        query = query.where(Account.name_folded.contains(fold(actor), autoescape=True))
    if action:
        query = query.where(AuditRow.action == action)
    if subject:
        query = query.where(
            or_(AuditRow.subject == subject, AuditRow.subject.startswith(f"{subject}:", autoescape=True))
        )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(1, page), pages)
    rows = db.session.execute(query.order_by(AuditRow.id.desc()).offset((page - 1) * per_page).limit(per_page)).all()
    first = (page - 1) * per_page + 1 if total else 0
    return Slice(
        rows=[Act(row, name or "") for row, name in rows],
        page=page,
        pages=pages,
        total=total,
        first=first,
        last=first + len(rows) - 1 if total else 0,
    )


def acts_on(subject: str, limit: int = 20) -> list[Act]:
    """The newest acts on one thing."""
    rows = db.session.execute(_acts().where(AuditRow.subject == subject).order_by(AuditRow.id.desc()).limit(limit))
    return [Act(row, name or "") for row, name in rows]


def actions() -> Sequence[str]:
    """Every kind of act that is on the record."""
    return db.session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action)).all()


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


def _acts() -> Select[AuditRow, str]:
    return select(AuditRow, Account.full_name).outerjoin(Account, Account.id == AuditRow.actor_id)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
