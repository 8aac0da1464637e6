"""How far judging has come: stages, assignments that are missing, scorecards that are not signed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.backoffice.queries.counting import count_where
from contest.core.db import db
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.rules import COUNTED, AssignmentState


@dataclass(frozen=True)
class Card:
    """One judge's scorecard for one entry, as the organisers see it."""

    assignment_id: int
    entry_id: int
    blind_code: str
    judge_id: int
    judge: str
    state: AssignmentState
    conflict_reason: str
    total: int | None
    signed_at: datetime | None


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


def stranded_scorecards() -> dict[int, int]:
    """How many unsigned scorecards of each open stage lie with somebody who cannot sign in as a judge any more, by its id."""
    rows = db.session.execute(
        select(Assignment.stage_id, func.count())
        .join(Stage, Stage.id == Assignment.stage_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Account, Account.id == Assignment.judge_id)
        .where(
            Stage.closed_at.is_(None),
            Assignment.state == AssignmentState.OPEN,
            Entry.state == EntryState.HANDED_IN,
            Account.disabled_at.is_not(None) | (Account.role != Role.JUDGE),
        )
        .group_by(Assignment.stage_id)
    )
    return dict(rows.all())


def missing_assignments() -> dict[int, int]:
    """How many judges are still missing over the handed-in entries of each open stage, by its id; a stage after another keeps to the entries it began with."""
    given = (
        select(Assignment.stage_id, Assignment.entry_id, func.count().label("judges"))
        .where(Assignment.state.in_(COUNTED))
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
        select(Assignment.stage_id, func.count(), count_where(Assignment.state == AssignmentState.SIGNED))
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.state.in_(COUNTED), Entry.state == EntryState.HANDED_IN)
        .group_by(Assignment.stage_id)
    )
    return {stage_id: (due, signed) for stage_id, due, signed in rows}


def cards_of(stage_id: int) -> dict[int, list[Card]]:
    """Every scorecard of a stage by its entry's id, judges in the order of names; those passed on to somebody else too."""
    rows = db.session.execute(
        select(
            Assignment.id,
            Assignment.entry_id,
            func.coalesce(Entry.blind_code, ""),
            Account.id,
            Account.full_name,
            Assignment.state,
            Assignment.conflict_reason,
            Scorecard.total,
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
