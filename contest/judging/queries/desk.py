"""Reads of the judge's own desk: the queues, one blind entry, its scorecard."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from contest.contests.models import Round, Track
from contest.contests.rules import TrackKind
from contest.core.db import db
from contest.core.errors import NotFound
from contest.core.veiled import sort_key
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.rules import AssignmentState


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
    """What a judge has to do in one stage; `left` counts entries neither signed nor in conflict. Of a closed stage nothing waits."""

    stage_id: int
    stage_title: str
    kind: TrackKind
    round_title: str
    closed_at: datetime | None
    items: Sequence[QueueItem]

    @property
    def waiting(self) -> Sequence[QueueItem]:
        """The entries without a signature: those begun first, so that none is forgotten among many."""
        return sorted(
            (item for item in self.items if item.state is AssignmentState.OPEN), key=lambda item: not item.marked
        )

    @property
    def done(self) -> Sequence[QueueItem]:
        """The entries signed or in conflict."""
        return [item for item in self.items if item.state is not AssignmentState.OPEN]

    @property
    def due(self) -> int:
        """How many entries the judge scores: all but those in conflict."""
        return sum(item.state is not AssignmentState.CONFLICT for item in self.items)

    @property
    def left(self) -> int:
        """How many lack a signature."""
        return sum(item.state is AssignmentState.OPEN for item in self.items)

    @property
    def next(self) -> QueueItem | None:
        """The first entry that still waits."""
        return (
            None if self.closed_at else next((item for item in self.items if item.state is AssignmentState.OPEN), None)
        )


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


def queues_of(judge_id: int, *, stage_id: int | None = None) -> Sequence[Queue]:
    """A judge's queues, a stage each and the open ones first, in an order that tells nothing of arrival.

    Entries withdrawn, disqualified or passed on to somebody else are left out. `stage_id` asks for one stage only.
    """
    asked = (
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
        .where(
            Assignment.judge_id == judge_id,
            Assignment.state != AssignmentState.TAKEN_BACK,
            Entry.state == EntryState.HANDED_IN,
        )
        .order_by(Stage.closed_at.is_not(None), Stage.id)
    )
    rows = db.session.execute(asked if stage_id is None else asked.where(Stage.id == stage_id)).all()
    heads: dict[int, tuple[str, TrackKind, str, datetime | None]] = {}
    items: dict[int, list[QueueItem]] = defaultdict(list)
    for assignment, stage, round_title, kind, code, title, theme, total, marks in rows:
        heads[stage.id] = (stage.title, kind, round_title, stage.closed_at)
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
            stage_id=stage,
            stage_title=title,
            kind=kind,
            round_title=round_title,
            closed_at=closed_at,
            items=sorted(items[stage], key=lambda item: sort_key(item.assignment_id, "assignment")),
        )
        for stage, (title, kind, round_title, closed_at) in heads.items()
    ]


def desk(assignment_id: int, judge_id: int) -> Desk:
    """One entry before its judge; raises NotFound for anybody else's. Other judges' totals appear once this judge has signed."""
    stage_id = db.session.scalar(
        select(Assignment.stage_id).where(Assignment.id == assignment_id, Assignment.judge_id == judge_id)
    )
    for queue in queues_of(judge_id, stage_id=stage_id) if stage_id else ():
        for place, item in enumerate(queue.items):
            if item.assignment_id == assignment_id:
                return _desk(queue, place, item)
    raise NotFound(
        "Không có bài này trong danh sách chấm của bạn; có thể bài vừa được chuyển cho giám khảo khác.",
        kept="Phiếu đã ký và điểm đã lưu của bạn giữ nguyên.",
        todo="Bạn về Bàn chấm để xem danh sách mới.",
    )


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
    following = (*queue.items[place + 1 :], *queue.items[:place])
    waiting = (
        queue.items[place + 1 :]
        if queue.closed_at
        else [other for other in following if other.state is AssignmentState.OPEN]
    )
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
        .where(
            Assignment.id == assignment_id,
            Assignment.judge_id == judge_id,
            Assignment.state != AssignmentState.TAKEN_BACK,
            Entry.state == EntryState.HANDED_IN,
        )
    )
    if found is None:
        raise NotFound("Không có bài này trong danh sách chấm của bạn.")
    return found
