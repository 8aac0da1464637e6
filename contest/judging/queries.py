"""Reads about judging: a judge's own queue, one blind entry, progress for the organisers, means for the results."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from contest.accounts.models import Account
from contest.contests.models import Round, Track
from contest.contests.rules import TrackKind
from contest.core.db import db
from contest.core.errors import NotFound
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging.models import Assignment, Criterion, PanelMember, Scorecard, Stage
from contest.judging.rules import AssignmentState, mean, queue_place


@dataclass(frozen=True)
class QueueItem:
    """One entry in a judge's queue, by its blind code alone."""

    assignment_id: int
    blind_code: str
    title: str
    theme: str
    state: AssignmentState
    total: int | None
    marked: bool


@dataclass(frozen=True)
class Queue:
    """What a judge has to do in one stage; `left` counts entries neither signed nor in conflict."""

    stage_id: int
    stage_title: str
    kind: TrackKind
    round_title: str
    items: Sequence[QueueItem]

    @property
    def listed(self) -> Sequence[QueueItem]:
        """The entries as the desk lists them: those that wait first."""
        return sorted(self.items, key=lambda item: item.state is not AssignmentState.OPEN)

    @property
    def due(self) -> int:
        """How many entries the judge scores: all but those in conflict."""
        return sum(item.state is not AssignmentState.CONFLICT for item in self.items)

    @property
    def left(self) -> int:
        """How many still wait for a signature."""
        return sum(item.state is AssignmentState.OPEN for item in self.items)

    @property
    def next(self) -> QueueItem | None:
        """The first entry that still waits."""
        return next((item for item in self.items if item.state is AssignmentState.OPEN), None)


@dataclass(frozen=True)
class Desk:
    """Everything on the page of one entry before its judge: nothing in it names a person, a unit or a file."""

    assignment_id: int
    entry_id: int
    blind_code: str
    kind: TrackKind
    state: AssignmentState
    stage: Stage
    queue: Queue
    marks: dict[str, int]
    comment: str
    total: int | None
    sequence: int
    saved_at: datetime | None
    signed_at: datetime | None
    others: Sequence[int]
    before: QueueItem | None
    after: QueueItem | None


@dataclass(frozen=True)
class JudgeProgress:
    """How far one judge has come in a stage."""

    judge_id: int
    name: str
    assigned: int
    signed: int
    conflicts: int
    last_signed_at: datetime | None


@dataclass(frozen=True)
class EntryScore:
    """An entry with the totals signed for it; `mean` is set once all its judges have signed."""

    entry: Entry
    totals: Sequence[int]
    mean: Decimal | None


def queues_of(judge_id: int) -> Sequence[Queue]:
    """A judge's queues, a stage each, in an order that tells nothing of arrival; entries withdrawn or disqualified are left out."""
    rows = db.session.execute(
        select(
            Assignment,
            Stage,
            Round.title,
            Track.kind,
            Entry.blind_code,
            Entry.title,
            Entry.theme,
            Scorecard.total,
            Scorecard.marks,
        )
        .join(Stage, Stage.id == Assignment.stage_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Round, Round.id == Stage.round_id)
        .join(Track, Track.id == Round.track_id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Assignment.judge_id == judge_id, Entry.state == EntryState.HANDED_IN, Stage.closed_at.is_(None))
        .order_by(Stage.id)
    ).all()
    heads: dict[int, tuple[str, TrackKind, str]] = {}
    items: dict[int, list[QueueItem]] = defaultdict(list)
    for assignment, stage, round_title, kind, code, title, theme, total, marks in rows:
        heads[stage.id] = (stage.title, kind, round_title)
        items[stage.id].append(
            QueueItem(
                assignment_id=assignment.id,
                blind_code=code,
                title=title,
                theme=theme,
                state=assignment.state,
                total=total,
                marked=bool(marks),
            )
        )
    return [
        Queue(
            stage_id=stage_id,
            stage_title=title,
            kind=kind,
            round_title=round_title,
            items=sorted(items[stage_id], key=lambda i: queue_place(assignment_id=i.assignment_id, judge_id=judge_id)),
        )
        for stage_id, (title, kind, round_title) in heads.items()
    ]


def desk(assignment_id: int, judge_id: int) -> Desk:
    """One entry before its judge; raises NotFound for anybody else's. Other judges' totals appear once this judge has signed."""
    for queue in queues_of(judge_id):
        for place, item in enumerate(queue.items):
            if item.assignment_id == assignment_id:
                return _desk(queue, place, item)
    raise NotFound("Không có bài này trong danh sách chấm của bạn.")


def _desk(queue: Queue, place: int, item: QueueItem) -> Desk:
    assignment = db.session.get_one(Assignment, item.assignment_id)
    stage = db.session.scalars(
        select(Stage).options(selectinload(Stage.criteria)).where(Stage.id == queue.stage_id)
    ).one()
    card = db.session.scalar(select(Scorecard).where(Scorecard.assignment_id == assignment.id))
    others: Sequence[int] = ()
    if card and card.signed_at:
        others = [
            total
            for total in db.session.scalars(
                select(Scorecard.total)
                .join(Assignment, Assignment.id == Scorecard.assignment_id)
                .where(
                    Assignment.stage_id == stage.id,
                    Assignment.entry_id == assignment.entry_id,
                    Assignment.id != assignment.id,
                    Scorecard.signed_at.is_not(None),
                )
                .order_by(Scorecard.total)
            )
            if total is not None
        ]
    waiting = [
        other for other in (*queue.items[place + 1 :], *queue.items[:place]) if other.state is AssignmentState.OPEN
    ]
    return Desk(
        assignment_id=assignment.id,
        entry_id=assignment.entry_id,
        blind_code=item.blind_code,
        kind=queue.kind,
        state=assignment.state,
        stage=stage,
        queue=queue,
        marks=dict(card.marks) if card else {},
        comment=card.comment if card else "",
        total=card.total if card else None,
        sequence=card.sequence if card else 0,
        saved_at=card.saved_at if card and card.sequence else None,
        signed_at=card.signed_at if card else None,
        others=others,
        before=queue.items[place - 1] if place else None,
        after=waiting[0] if waiting else None,
    )


def entry_of(assignment_id: int, judge_id: int) -> int:
    """The entry behind a judge's own assignment; raises NotFound."""
    found = db.session.scalar(
        select(Assignment.entry_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.id == assignment_id, Assignment.judge_id == judge_id, Entry.state == EntryState.HANDED_IN)
    )
    if found is None:
        raise NotFound("Không có bài này trong danh sách chấm của bạn.")
    return found


def is_assigned(round_id: int) -> bool:
    """True once an entry of the round has been given to a judge."""
    return (
        db.session.scalar(
            select(Assignment.id)
            .join(Stage, Stage.id == Assignment.stage_id)
            .where(Stage.round_id == round_id)
            .limit(1)
        )
        is not None
    )


def weights_of(stage_id: int) -> dict[str, int]:
    """The weight of each criterion of a stage, by its id as text, in the rubric's order."""
    rows = db.session.execute(
        select(Criterion.id, Criterion.weight).where(Criterion.stage_id == stage_id).order_by(Criterion.position)
    )
    return {str(id_): weight for id_, weight in rows}


def loads(stage_id: int) -> dict[int, int]:
    """How many entries each judge of a stage has, conflicts not counted."""
    rows = db.session.execute(
        select(Assignment.judge_id, func.count())
        .where(Assignment.stage_id == stage_id, Assignment.state != AssignmentState.CONFLICT)
        .group_by(Assignment.judge_id)
    )
    return dict(rows.all())


def stages_of(round_id: int) -> Sequence[Stage]:
    """The stages of a round with their rubrics, in order."""
    return db.session.scalars(
        select(Stage).options(selectinload(Stage.criteria)).where(Stage.round_id == round_id).order_by(Stage.number)
    ).all()


def all_stages() -> Sequence[Stage]:
    """Every stage with its rubric, oldest first."""
    return db.session.scalars(select(Stage).options(selectinload(Stage.criteria)).order_by(Stage.id)).all()


def stage_by_id(stage_id: int) -> Stage:
    """A stage with its rubric; raises NotFound."""
    found = db.session.scalar(select(Stage).options(selectinload(Stage.criteria)).where(Stage.id == stage_id))
    if found is None:
        raise NotFound("Không có vòng chấm này.")
    return found


def progress(stage_id: int) -> Sequence[JudgeProgress]:
    """How far each judge of the panel has come, by name."""
    rows = db.session.execute(
        select(
            Account.id,
            Account.full_name,
            func.count(Assignment.id).filter(Assignment.state != AssignmentState.CONFLICT),
            func.count(Assignment.id).filter(Assignment.state == AssignmentState.SIGNED),
            func.count(Assignment.id).filter(Assignment.state == AssignmentState.CONFLICT),
            func.max(Scorecard.signed_at),
        )
        .join(PanelMember, PanelMember.judge_id == Account.id)
        .outerjoin(Assignment, (Assignment.judge_id == Account.id) & (Assignment.stage_id == stage_id))
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(PanelMember.stage_id == stage_id)
        .group_by(Account.id, Account.full_name, Account.name_key)
        .order_by(Account.name_key)
    )
    return [JudgeProgress(*row) for row in rows]


def scores(stage_id: int) -> Sequence[EntryScore]:
    """Every entry of a stage with its signed totals, highest mean first, those not yet settled last; blind code decides the order of equals."""
    stage = stage_by_id(stage_id)
    entries = db.session.scalars(
        select(Entry)
        .where(
            Entry.state == EntryState.HANDED_IN,
            Entry.id.in_(select(Assignment.entry_id).where(Assignment.stage_id == stage_id)),
        )
        .order_by(Entry.blind_code)
    ).all()
    totals: dict[int, list[int]] = defaultdict(list)
    for entry_id, total in db.session.execute(
        select(Assignment.entry_id, Scorecard.total)
        .join(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(
            Assignment.stage_id == stage_id,
            Assignment.state == AssignmentState.SIGNED,
            Scorecard.signed_at.is_not(None),
        )
        .order_by(Scorecard.id)
    ):
        totals[entry_id].append(total or 0)
    found = [
        EntryScore(
            entry=e,
            totals=totals[e.id],
            mean=mean(totals[e.id]) if len(totals[e.id]) >= stage.judges_per_entry else None,
        )
        for e in entries
    ]
    return sorted(found, key=lambda s: (s.mean is None, -(s.mean or 0), s.entry.blind_code or ""))
