"""Use cases of an assignment: deal entries evenly, give one by hand; the organisers' desk calls them inside a unit of work.

Whoever gives or takes an assignment holds the stage first, so that two who press at once come one after the other.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.rules import RoundState
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import RELOAD, NotFound, Refused
from contest.judging import queries
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.queries import Lack
from contest.judging.rules import COUNTED, AssignmentState, assign_evenly
from contest.judging.service.locking import need, open_stage_locked


def assign(*, stage_id: int, actor_id: int, reason: str = "") -> int:
    """Give every handed-in entry of a closed round that still lacks judges to the least burdened ones; returns how many were given.

    A stage after another keeps to the entries with which it began. Pressed twice it gives nothing twice; an entry that nobody of the panel
    may take goes on lacking, and `queries.lacking` tells which. Raises NotFound, Refused while the round still takes entries or once the
    stage is closed.
    """
    stage = open_stage_locked(stage_id)
    _must_be_over(stage)
    count = deal(stage, queries.lacking(stage))
    audit.record(
        "judging.assign", actor_id=actor_id, subject=f"stage:{stage_id}", reason=reason, detail={"given": count}
    )
    return count


def give(
    *, stage_id: int, entry_id: int, judge_id: int, actor_id: int, reason: str, instead_of: int | None = None
) -> Assignment:
    """Give one entry to one judge of the panel by hand, on the record; `instead_of` is the assignment that is taken back for it, if one is.

    What was entered in the card taken back stays in it and does not count. Raises NotFound, BadInput without a reason, Refused when the
    judge may not have the entry, when the entry has its judges already, while the round takes entries or once the stage is closed.
    """
    need(reason)
    stage = open_stage_locked(stage_id)
    _must_be_over(stage)
    if entry_id not in queries.entries_of(stage):
        raise NotFound("Bài này không thuộc vòng chấm.")
    kept = "Phân công giữ nguyên."
    if judge_id not in {account.id for account in queries.panel(stage_id)}:
        raise Refused(
            "Người này không có trong hội đồng của vòng chấm, hoặc tài khoản không còn là giám khảo.",
            kept=kept,
            todo="Bạn thêm người này vào hội đồng trước.",
        )
    rows = db.session.scalars(
        select(Assignment)
        .where(Assignment.stage_id == stage_id, Assignment.entry_id == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    own = next((row for row in rows if row.judge_id == judge_id), None)
    if own and own.state in COUNTED:
        raise Refused("Giám khảo này đã được giao bài này.", kept=kept, todo=RELOAD)
    if own and own.state is AssignmentState.CONFLICT:
        raise Refused("Giám khảo này đã báo xung đột lợi ích với bài này.", kept=kept, todo="Bạn chọn giám khảo khác.")
    if instead_of is not None:
        left = next((row for row in rows if row.id == instead_of and row.state in COUNTED), None)
        if left is None:
            raise Refused("Phiếu này vừa được chuyển hoặc giám khảo vừa báo xung đột.", kept=kept, todo=RELOAD)
        total = take_back(left)
    if sum(row.state in COUNTED for row in rows) >= stage.judges_per_entry:
        raise Refused(
            f"Bài này đã đủ {stage.judges_per_entry} giám khảo.",
            kept=kept,
            todo="Muốn đổi giám khảo, bạn chuyển một phiếu của bài cho người khác.",
        )
    (given,) = _hand(stage_id, [(entry_id, judge_id)])
    taken = {"instead_of": left.judge_id, "total": total} if instead_of is not None and left else {}
    audit.record(
        "judging.give",
        actor_id=actor_id,
        subject=f"stage:{stage_id}",
        reason=reason,
        detail={"entry": entry_id, "judge": judge_id, **taken},
    )
    return given


def deal(stage: Stage, lacks: Sequence[Lack]) -> int:
    """Give these entries of a held stage to the least burdened of those who may take them, what lacks most first; returns how many were given."""
    judges = [account.id for account in queries.panel(stage.id)]
    barred = {(lack.entry_id, judge) for lack in lacks for judge in judges if judge not in lack.free}
    loads = queries.loads(stage.id)
    count = 0
    for missing in range(stage.judges_per_entry, 0, -1):
        due = [lack.entry_id for lack in lacks if lack.missing == missing]
        pairs = assign_evenly(due, judges, per_entry=missing, loads=loads, barred=barred)
        for _, judge in pairs:
            loads[judge] = loads.get(judge, 0) + 1
        count += len(_hand(stage.id, pairs))
    return count


def take_back(assignment: Assignment) -> int | None:
    """Take an entry from its judge: the card stays as it is, unsigned, and does not count; returns its total."""
    assignment.state = AssignmentState.TAKEN_BACK
    card = db.session.scalar(select(Scorecard).where(Scorecard.assignment_id == assignment.id))
    if card is None:
        return None
    card.signed_at = None
    return card.total


def _hand(stage_id: int, pairs: Iterable[tuple[int, int]]) -> list[Assignment]:
    """Give entries to judges; who had one before and gave it back gets the same card again."""
    wanted = list(pairs)
    before = {
        (row.entry_id, row.judge_id): row
        for row in db.session.scalars(
            select(Assignment).where(Assignment.stage_id == stage_id, Assignment.state == AssignmentState.TAKEN_BACK)
        )
    }
    given = []
    for entry, judge in wanted:
        row = before.get((entry, judge))
        if row is None:
            row = Assignment(stage_id=stage_id, entry_id=entry, judge_id=judge, created_at=clock.now())
            db.session.add(row)
        row.state = AssignmentState.OPEN
        given.append(row)
    db.session.flush()
    return given


def _must_be_over(stage: Stage) -> None:
    rounds.locked(stage.round_id)
    if contests.round_by_id(stage.round_id).state(clock.now()) is not RoundState.CLOSED:
        raise Refused("Đợt này còn nhận bài nên chưa phân công chấm được.", todo="Bạn phân công sau khi đợt đóng.")
