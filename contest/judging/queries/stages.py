"""Reads about stages: rubric, load, progress for the organisers, means for the results."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.core.db import db
from contest.core.errors import NotFound
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging.models import Assignment, Criterion, PanelMember, Scorecard, Stage
from contest.judging.rules import COUNTED, AssignmentState, mean


@dataclass(frozen=True)
class JudgeProgress:
    """How far one judge has come in a stage; `member` says whether they still sit on the panel, `able` whether they can sign in as a judge."""

    judge_id: int
    name: str
    assigned: int
    signed: int
    conflicts: int
    last_signed_at: datetime | None
    member: bool = True
    able: bool = True


@dataclass(frozen=True)
class EntryScore:
    """An entry with the totals signed for it; `mean` is set once all its judges have signed."""

    entry: Entry
    totals: Sequence[int]
    mean: Decimal | None


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


def is_judged(round_id: int) -> bool:
    """True once judging of the round is over: it has a stage, and none is open. Until then nobody sees whose an entry is beside its blind code or its marks."""
    closed = db.session.scalars(select(Stage.closed_at).where(Stage.round_id == round_id)).all()
    return bool(closed) and None not in closed


def judged_rounds() -> set[int]:
    """The rounds whose judging is over."""
    rows = db.session.execute(
        select(Stage.round_id).group_by(Stage.round_id).having(func.count() == func.count(Stage.closed_at))
    )
    return {row[0] for row in rows}


def weights_of(stage_id: int) -> dict[str, int]:
    """The weight of each criterion of a stage, by its id as text, in the rubric's order."""
    rows = db.session.execute(
        select(Criterion.id, Criterion.weight).where(Criterion.stage_id == stage_id).order_by(Criterion.position)
    )
    return {str(id_): weight for id_, weight in rows}


def loads(stage_id: int) -> dict[int, int]:
    """How many entries each judge of a stage has; conflicts and those passed on are not counted."""
    rows = db.session.execute(
        select(Assignment.judge_id, func.count())
        .where(Assignment.stage_id == stage_id, Assignment.state.in_(COUNTED))
        .group_by(Assignment.judge_id)
    )
    return dict(rows.all())


def cards(stage_id: int) -> tuple[int, int]:
    """How many scorecards a stage asks for and how many are signed; entries withdrawn or disqualified are left out."""
    row = db.session.execute(
        select(func.count(), func.count().filter(Assignment.state == AssignmentState.SIGNED))
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(
            Assignment.stage_id == stage_id,
            Assignment.state.in_(COUNTED),
            Entry.state == EntryState.HANDED_IN,
        )
    ).one()
    return row[0], row[1]


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
    """How far each judge of the panel has come, by name, with those who left it and signed before; entries withdrawn or disqualified are left out."""
    rows = db.session.execute(
        select(
            Account.id,
            Account.full_name,
            func.count(Assignment.id).filter(Assignment.state.in_(COUNTED)),
            func.count(Assignment.id).filter(Assignment.state == AssignmentState.SIGNED),
            func.count(Assignment.id).filter(Assignment.state == AssignmentState.CONFLICT),
            func.max(Scorecard.signed_at),
            func.count(PanelMember.id) > 0,
            Account.disabled_at.is_(None) & (Account.role == Role.JUDGE),
        )
        .outerjoin(PanelMember, (PanelMember.judge_id == Account.id) & (PanelMember.stage_id == stage_id))
        .outerjoin(
            Assignment,
            (Assignment.judge_id == Account.id)
            & (Assignment.stage_id == stage_id)
            & Assignment.entry_id.in_(select(Entry.id).where(Entry.state == EntryState.HANDED_IN)),
        )
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(or_(PanelMember.id.is_not(None), Assignment.state.in_(COUNTED)))
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
