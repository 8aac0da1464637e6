"""Use cases of a stage: open, close, reopen; the organisers' desk calls them inside a unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.display import vn_number
from contest.core.errors import RELOAD, BadInput, Refused
from contest.entries import queries as entries
from contest.judging import queries
from contest.judging.models import Assignment, Criterion, PanelMember, Stage
from contest.judging.rules import assign_evenly, first_with_ties, weights_are_whole
from contest.judging.service.locking import locked_stage


@dataclass(frozen=True)
class NewCriterion:
    """A criterion of a rubric that is being drawn up; `weight` is its most points."""

    title: str
    description: str
    weight: int


def open_stage(
    *,
    round_id: int,
    title: str,
    rubric: Sequence[NewCriterion],
    judge_ids: Sequence[int],
    judges_per_entry: int,
    actor_id: int,
    reason: str = "",
    top: int | None = None,
) -> Stage:
    """Set up a judging stage with its rubric and panel; a stage after another gives its entries to the panel at once.

    A gallery that shows the round closes until judging is over again. Those are the `top` entries by the mean of the stage before, with all that equal the last of them, or every entry handed in.
    Raises BadInput when the weights do not sum to 100, the panel is too small or no entry can go on, Refused while another stage of the
    round is open.
    """
    db.session.scalar(select(Round).where(Round.id == round_id).with_for_update())
    round_ = contests.round_by_id(round_id)
    if round_.track.kind is TrackKind.QUIZ:
        raise BadInput("Thi trắc nghiệm do máy chấm, không lập hội đồng.")
    if not weights_are_whole([c.weight for c in rubric]):
        raise BadInput("Tổng điểm của các tiêu chí phải bằng 100.", todo="Bạn sửa điểm tối đa của từng tiêu chí.")
    panel = set(db.session.scalars(select(Account.id).where(Account.id.in_(judge_ids), Account.role == Role.JUDGE)))
    if len(panel) < judges_per_entry:
        raise BadInput(f"Hội đồng cần ít nhất {judges_per_entry} giám khảo.", todo="Bạn chọn thêm giám khảo.")
    if db.session.scalar(select(Stage.id).where(Stage.round_id == round_id, Stage.closed_at.is_(None))) is not None:
        raise Refused(
            "Đợt này đang có một vòng chấm chưa kết thúc.",
            kept="Vòng chấm đang mở giữ nguyên.",
            todo="Bạn xem vòng chấm đó trong Hội đồng chấm.",
        )
    before = db.session.scalar(select(Stage).where(Stage.round_id == round_id).order_by(Stage.number.desc()).limit(1))
    chosen = _going_on(before, top)
    number = before.number + 1 if before else 1
    stage = Stage(
        round_id=round_id, number=number, title=title, judges_per_entry=judges_per_entry, opened_at=clock.now()
    )
    stage.criteria = [
        Criterion(position=place, title=c.title, description=c.description, weight=c.weight)
        for place, c in enumerate(rubric, start=1)
    ]
    db.session.add(stage)
    db.session.flush()
    rounds.close_gallery(round_id=round_id, actor_id=actor_id, reason=reason)
    db.session.add_all(PanelMember(stage_id=stage.id, judge_id=judge) for judge in sorted(panel))
    audit.record(
        "judging.open",
        actor_id=actor_id,
        subject=f"stage:{stage.id}",
        reason=reason,
        detail={"judges": len(panel), "per_entry": judges_per_entry, "top": top, "entries": len(chosen)},
    )
    pairs = assign_evenly(chosen, sorted(panel), per_entry=judges_per_entry, loads={})
    db.session.add_all(
        Assignment(stage_id=stage.id, entry_id=entry, judge_id=judge, created_at=clock.now()) for entry, judge in pairs
    )
    db.session.flush()
    return stage


def close_stage(*, stage_id: int, actor_id: int, reason: str = "") -> int:
    """End a stage: nobody saves or signs in it any more, drafts stay as they are and do not count; returns how many scorecards are unsigned.

    Raises NotFound, Refused when it is closed already, BadInput without a reason while a scorecard is unsigned.
    """
    stage = locked_stage(stage_id)
    if stage.closed_at:
        raise Refused("Vòng chấm này đã đóng.", kept="Phiếu đã ký giữ nguyên.")
    due, signed = queries.cards(stage_id)
    if due > signed and not reason.strip():
        raise BadInput(
            f"Còn {vn_number(due - signed)} phiếu chưa ký nên cần ghi lý do đóng vòng chấm.",
            kept="Vòng chấm vẫn mở.",
            todo="Bạn quay lại, xem phiếu nào chưa ký rồi ghi lý do.",
        )
    stage.closed_at = clock.now()
    audit.record(
        "judging.close",
        actor_id=actor_id,
        subject=f"stage:{stage_id}",
        reason=reason,
        detail={"signed": signed, "unsigned": due - signed},
    )
    return due - signed


def reopen_stage(*, stage_id: int, actor_id: int, reason: str) -> Stage:
    """Let judges go on in a closed stage, with the round's gallery closed; raises NotFound, BadInput without a reason, Refused when it is open or a later stage was opened.

    It holds the round, as a publication does, so that the caller may then look whether one stands.
    """
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")
    stage = locked_stage(stage_id)
    db.session.scalar(select(Round).where(Round.id == stage.round_id).with_for_update())
    if not stage.closed_at:
        raise Refused("Vòng chấm này đang mở.", todo=RELOAD)
    later = db.session.scalar(
        select(Stage.title).where(Stage.round_id == stage.round_id, Stage.number > stage.number).limit(1)
    )
    if later is not None:
        raise Refused(
            f"Đã có vòng chấm sau ({later}) nên không mở lại vòng này được.",
            kept="Phiếu chấm của cả hai vòng giữ nguyên.",
        )
    stage.closed_at = None
    rounds.close_gallery(round_id=stage.round_id, actor_id=actor_id, reason=reason)
    audit.record("judging.reopen", actor_id=actor_id, subject=f"stage:{stage_id}", reason=reason)
    db.session.flush()
    return stage


def _going_on(before: Stage | None, top: int | None) -> list[int]:
    """The entries with which a stage begins; none when nothing of the round was before a judge yet."""
    if before is None or not queries.is_assigned(before.round_id):
        if top is not None:
            raise BadInput("Đợt này chưa có điểm để chọn bài.", todo="Bạn chọn tất cả các bài.")
        return []
    if top is None:
        return list(entries.handed_in_ids(before.round_id))
    means = {score.entry.id: score.mean for score in queries.scores(before.id) if score.mean is not None}
    if not means:
        raise BadInput(
            f"{before.title} chưa có bài nào đủ phiếu đã ký để xếp theo điểm.",
            todo="Bạn chọn tất cả các bài, hoặc mở lại vòng trước để giám khảo ký.",
        )
    if not 1 <= top <= len(means):
        raise BadInput(f"Số bài vào vòng sau phải từ 1 đến {len(means)}.", todo="Bạn sửa số bài.")
    return first_with_ties(means, top)
