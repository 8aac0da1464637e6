"""Which entries of a stage still lack judges, and who of the panel may take them: assigning, the desk and the dashboard ask."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.core.db import db
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.judging.models import Assignment, PanelMember, Stage
from contest.judging.rules import COUNTED, AssignmentState


@dataclass(frozen=True)
class Lack:
    """An entry with fewer judges than its stage asks for; `free` are those of the panel who may take it."""

    entry_id: int
    blind_code: str
    missing: int
    free: frozenset[int]

    @property
    def stuck(self) -> bool:
        """True when the panel has too few who may: only somebody new can help."""
        return len(self.free) < self.missing


def panel(stage_id: int) -> Sequence[Account]:
    """Who sits on the panel of a stage and can sign in as a judge, by name: nobody else is given entries."""
    return db.session.scalars(
        select(Account)
        .join(PanelMember, PanelMember.judge_id == Account.id)
        .where(PanelMember.stage_id == stage_id, Account.role == Role.JUDGE, Account.disabled_at.is_(None))
        .order_by(Account.name_key, Account.id)
    ).all()


def lacking(stage: Stage) -> list[Lack]:
    """The handed-in entries of a stage that lack judges, by blind code; a stage after another keeps to the entries with which it began."""
    members = frozenset(account.id for account in panel(stage.id))
    rows = db.session.execute(
        select(Assignment.entry_id, Assignment.judge_id, Assignment.state).where(Assignment.stage_id == stage.id)
    ).all()
    given: dict[int, int] = defaultdict(int)
    barred: dict[int, set[int]] = defaultdict(set)
    for entry_id, judge_id, state in rows:
        given[entry_id] += state in COUNTED
        if state is not AssignmentState.TAKEN_BACK:
            barred[entry_id].add(judge_id)
    return [
        Lack(entry_id, code, stage.judges_per_entry - given[entry_id], members - barred[entry_id])
        for entry_id, code in entries_of(stage).items()
        if given[entry_id] < stage.judges_per_entry
    ]


def entries_of(stage: Stage) -> dict[int, str]:
    """The blind codes of the handed-in entries that a stage is to judge, by the entry's id, in the order of codes."""
    query = select(Entry.id, func.coalesce(Entry.blind_code, "")).where(
        Entry.round_id == stage.round_id, Entry.state == EntryState.HANDED_IN
    )
    begun_with = select(Assignment.entry_id).where(Assignment.stage_id == stage.id)
    if stage.number > 1 and db.session.scalar(begun_with.limit(1)) is not None:
        query = query.where(Entry.id.in_(begun_with))
    return dict(db.session.execute(query.order_by(Entry.blind_code)).all())
