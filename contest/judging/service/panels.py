"""Use cases of a panel: a judge comes to it or leaves it while the stage is open; the organisers' desk calls them inside a unit of work."""

from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts import queries as accounts
from contest.accounts.models import Account
from contest.core import audit
from contest.core.db import db
from contest.core.errors import RELOAD, Refused
from contest.judging import queries
from contest.judging.models import Assignment, PanelMember
from contest.judging.rules import AssignmentState
from contest.judging.service.assignments import deal, take_back
from contest.judging.service.locking import need, open_stage_locked


@dataclass(frozen=True)
class Left:
    """What became of a judge's cards: how many were taken back, how many of those somebody else has now, how many signed ones go on counting."""

    name: str
    taken_back: int
    given: int
    signed: int


def add_judge(*, stage_id: int, judge_id: int, actor_id: int, reason: str) -> str:
    """Put a judge on the panel of an open stage, on the record; returns the name. Nothing is given yet: assigning does that.

    Raises NotFound, BadInput without a reason, Refused for who is on it already or is no judge, and once the stage is closed.
    """
    need(reason)
    stage = open_stage_locked(stage_id)
    judge = next((account for account in accounts.judges() if account.id == judge_id), None)
    if judge is None:
        raise Refused(
            "Tài khoản này không phải giám khảo, hoặc đã bị khóa.",
            kept="Hội đồng giữ nguyên.",
            todo="Bạn chọn giám khảo khác.",
        )
    if _member(stage_id, judge_id):
        raise Refused(f"{judge.full_name} đã có trong hội đồng này.", kept="Hội đồng giữ nguyên.", todo=RELOAD)
    db.session.add(PanelMember(stage_id=stage.id, judge_id=judge_id))
    db.session.flush()
    audit.record(
        "judging.add_judge", actor_id=actor_id, subject=f"stage:{stage_id}", reason=reason, detail={"judge": judge_id}
    )
    return judge.full_name


def remove_judge(*, stage_id: int, judge_id: int, actor_id: int, reason: str) -> Left:
    """Take a judge from the panel of an open stage, on the record: signed cards go on counting, unsigned ones pass to others of the panel.

    What was entered in an unsigned card stays in it and does not count. Raises NotFound, BadInput without a reason, Refused when too few
    judges would be left for each entry, and once the stage is closed.
    """
    need(reason)
    stage = open_stage_locked(stage_id)
    member = _member(stage_id, judge_id)
    if member is None:
        raise Refused("Giám khảo này không còn trong hội đồng.", kept="Hội đồng giữ nguyên.", todo=RELOAD)
    left = [account for account in queries.panel(stage_id) if account.id != judge_id]
    if len(left) < stage.judges_per_entry:
        raise Refused(
            f"Mỗi bài cần {stage.judges_per_entry} giám khảo, mà hội đồng sẽ chỉ còn {len(left)} người.",
            kept="Hội đồng và phân công giữ nguyên.",
            todo="Bạn thêm giám khảo thay trước, rồi mới đưa người này ra.",
        )
    db.session.delete(member)
    cards = db.session.scalars(
        select(Assignment)
        .where(Assignment.stage_id == stage_id, Assignment.judge_id == judge_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    unsigned = [card for card in cards if card.state is AssignmentState.OPEN]
    for card in unsigned:
        take_back(card)
    db.session.flush()
    theirs = {card.entry_id for card in unsigned}
    given = deal(stage, [lack for lack in queries.lacking(stage) if lack.entry_id in theirs])
    signed = sum(card.state is AssignmentState.SIGNED for card in cards)
    audit.record(
        "judging.remove_judge",
        actor_id=actor_id,
        subject=f"stage:{stage_id}",
        reason=reason,
        detail={"judge": judge_id, "taken_back": len(unsigned), "given": given, "signed": signed},
    )
    return Left(db.session.get_one(Account, judge_id).full_name, len(unsigned), given, signed)


def _member(stage_id: int, judge_id: int) -> PanelMember | None:
    return db.session.scalar(
        select(PanelMember).where(PanelMember.stage_id == stage_id, PanelMember.judge_id == judge_id)
    )
