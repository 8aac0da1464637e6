"""Use cases of judging: open a stage, assign, save and sign a scorecard, declare a conflict; desks call them inside a unit of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import RoundState, TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused
from contest.entries import queries as entries
from contest.judging import queries
from contest.judging.models import Assignment, Criterion, PanelMember, Scorecard, Stage
from contest.judging.rules import AssignmentState, BadMarks, assign_evenly, check_marks, total_of, weights_are_whole


@dataclass(frozen=True)
class NewCriterion:
    """A criterion of a rubric that is being drawn up; `weight` is its most points."""

    title: str
    description: str
    weight: int


@dataclass(frozen=True)
class Held:
    """What the server now holds of a scorecard. `stale` is true when a newer save was there already and this one was not taken."""

    marks: dict[str, int]
    comment: str
    total: int | None
    sequence: int
    saved_at: datetime
    signed_at: datetime | None
    stale: bool = False


def open_stage(
    *,
    round_id: int,
    title: str,
    rubric: Sequence[NewCriterion],
    judge_ids: Sequence[int],
    judges_per_entry: int,
    actor_id: int,
    reason: str = "",
) -> Stage:
    """Set up a judging stage with its rubric and panel.

    Raises BadInput when the weights do not sum to 100 or the panel is too small, Refused while another stage of the round is open.
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
    number = (db.session.scalar(select(func.max(Stage.number)).where(Stage.round_id == round_id)) or 0) + 1
    stage = Stage(
        round_id=round_id, number=number, title=title, judges_per_entry=judges_per_entry, opened_at=clock.now()
    )
    stage.criteria = [
        Criterion(position=place, title=c.title, description=c.description, weight=c.weight)
        for place, c in enumerate(rubric, start=1)
    ]
    db.session.add(stage)
    db.session.flush()
    db.session.add_all(PanelMember(stage_id=stage.id, judge_id=judge) for judge in sorted(panel))
    audit.record(
        "judging.open",
        actor_id=actor_id,
        subject=f"stage:{stage.id}",
        reason=reason,
        detail={"judges": len(panel), "per_entry": judges_per_entry},
    )
    return stage


def assign(*, stage_id: int, actor_id: int, reason: str = "") -> int:
    """Give every handed-in entry of a closed round that still lacks judges to the least burdened ones; returns how many were given.

    Pressed twice it gives nothing twice. Raises Refused while the round still takes entries.
    """
    stage = db.session.scalar(select(Stage).where(Stage.id == stage_id).with_for_update())
    if stage is None:
        raise NotFound("Không có vòng chấm này.")
    db.session.scalar(select(Round).where(Round.id == stage.round_id).with_for_update())
    if contests.round_by_id(stage.round_id).state(clock.now()) is not RoundState.CLOSED:
        raise Refused("Đợt này còn nhận bài nên chưa phân công chấm được.", todo="Bạn phân công sau khi đợt đóng.")
    judges = list(
        db.session.scalars(
            select(PanelMember.judge_id).where(PanelMember.stage_id == stage_id).order_by(PanelMember.judge_id)
        )
    )
    existing = db.session.execute(
        select(Assignment.entry_id, Assignment.judge_id, Assignment.state).where(Assignment.stage_id == stage_id)
    ).all()
    given: dict[int, int] = {}
    loads: dict[int, int] = {}
    barred = {(entry, judge) for entry, judge, _ in existing}
    for entry, judge, state in existing:
        if state is not AssignmentState.CONFLICT:
            given[entry] = given.get(entry, 0) + 1
            loads[judge] = loads.get(judge, 0) + 1
    count = 0
    for missing in range(stage.judges_per_entry, 0, -1):
        due = [
            entry
            for entry in entries.handed_in_ids(stage.round_id)
            if stage.judges_per_entry - given.get(entry, 0) == missing
        ]
        pairs = assign_evenly(due, judges, per_entry=missing, loads=loads, barred=barred, seed=stage_id)
        for entry, judge in pairs:
            db.session.add(Assignment(stage_id=stage_id, entry_id=entry, judge_id=judge, created_at=clock.now()))
            loads[judge] = loads.get(judge, 0) + 1
            given[entry] = given.get(entry, 0) + 1
            barred.add((entry, judge))
        count += len(pairs)
    db.session.flush()
    audit.record(
        "judging.assign", actor_id=actor_id, subject=f"stage:{stage_id}", reason=reason, detail={"given": count}
    )
    return count


def save(*, assignment_id: int, judge_id: int, marks: Mapping[str, object], comment: str, sequence: int) -> Held:
    """Keep a judge's marks so far; raises NotFound, BadInput for impossible marks, Refused once signed.

    `sequence` must be newer than what is held; an older packet changes nothing and the reply says what is held.
    """
    assignment = _locked(assignment_id, judge_id)
    card = _card(assignment)
    if card.signed_at:
        raise Refused(
            "Phiếu này đã ký nên không sửa được.",
            kept="Phiếu đã ký giữ nguyên.",
            todo="Muốn sửa, bạn liên hệ ban tổ chức.",
        )
    if assignment.state is AssignmentState.CONFLICT:
        raise Refused("Bạn đã báo xung đột lợi ích với bài này.", todo="Bạn chuyển sang bài khác.")
    if sequence <= card.sequence:
        return _held(card, stale=True)
    weights = queries.weights_of(assignment.stage_id)
    try:
        card.marks = check_marks(marks, weights)
    except BadMarks as error:
        raise BadInput(
            str(error), kept="Điểm đã lưu trước đó vẫn còn nguyên.", todo="Bạn sửa điểm rồi lưu lại."
        ) from error
    card.comment = comment[:5000]
    card.total = total_of(card.marks, weights)
    card.sequence = sequence
    card.saved_at = clock.now()
    return _held(card)


def sign(*, assignment_id: int, judge_id: int, sequence: int) -> Held:
    """Sign the scorecard as the server holds it, once; pressed again it returns the signed one.

    `sequence` is that of the save which the judge saw. Raises Refused when a newer save came from elsewhere, BadInput while a criterion
    lacks its mark; what was saved stays.
    """
    assignment = _locked(assignment_id, judge_id)
    card = _card(assignment)
    if card.signed_at:
        return _held(card)
    if assignment.state is AssignmentState.CONFLICT:
        raise Refused("Bạn đã báo xung đột lợi ích với bài này.", todo="Bạn chuyển sang bài khác.")
    if sequence != card.sequence:
        raise Refused(
            "Phiếu này vừa được lưu ở một thẻ khác.",
            kept="Bản mới nhất trên máy chủ vẫn còn nguyên.",
            todo="Bạn mở lại phiếu, xem điểm rồi ký.",
        )
    if card.total is None:
        missing = len(queries.weights_of(assignment.stage_id)) - len(card.marks)
        raise BadInput(
            f"Còn {missing} tiêu chí chưa có điểm.",
            kept="Các điểm đã nhập được lưu.",
            todo="Bạn chấm đủ các tiêu chí rồi ký.",
        )
    card.signed_at = clock.now()
    assignment.state = AssignmentState.SIGNED
    audit.record(
        "scorecard.sign", actor_id=judge_id, subject=f"assignment:{assignment.id}", detail={"total": card.total}
    )
    return _held(card)


def declare_conflict(*, assignment_id: int, judge_id: int, reason: str) -> None:
    """A judge steps back from an entry; another judge of the panel takes it when one is left. Raises NotFound, BadInput, Refused once signed."""
    if not reason.strip():
        raise BadInput("Bạn chưa ghi lý do xung đột.", todo="Bạn ghi ngắn gọn lý do, ví dụ: bài của học sinh tôi dạy.")
    assignment = _locked(assignment_id, judge_id)
    if assignment.state is AssignmentState.CONFLICT:
        return
    if assignment.state is AssignmentState.SIGNED:
        raise Refused("Phiếu này đã ký.", todo="Bạn liên hệ ban tổ chức để báo xung đột.")
    assignment.state = AssignmentState.CONFLICT
    assignment.conflict_reason = reason.strip()[:500]
    audit.record("judging.conflict", actor_id=judge_id, subject=f"assignment:{assignment.id}", reason=reason)
    _replace(assignment)


def reopen(*, assignment_id: int, actor_id: int, reason: str) -> None:
    """Give a signed scorecard back to its judge, on the record; raises NotFound, BadInput without a reason, Refused when it is not signed."""
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")
    assignment = db.session.scalar(select(Assignment).where(Assignment.id == assignment_id).with_for_update())
    if assignment is None:
        raise NotFound("Không có phiếu chấm này.")
    if assignment.state is not AssignmentState.SIGNED:
        raise Refused("Phiếu này chưa ký.", todo="Bạn tải lại trang để xem trạng thái mới nhất.")
    card = _card(assignment)
    card.signed_at = None
    assignment.state = AssignmentState.OPEN
    audit.record(
        "scorecard.reopen",
        actor_id=actor_id,
        subject=f"assignment:{assignment.id}",
        reason=reason,
        detail={"total": card.total},
    )


def _replace(left: Assignment) -> None:
    """Find the least burdened judge of the panel who never had this entry."""
    had = set(
        db.session.scalars(
            select(Assignment.judge_id).where(
                Assignment.stage_id == left.stage_id, Assignment.entry_id == left.entry_id
            )
        )
    )
    panel = [
        judge
        for judge in db.session.scalars(select(PanelMember.judge_id).where(PanelMember.stage_id == left.stage_id))
        if judge not in had
    ]
    loads = queries.loads(left.stage_id)
    for entry, judge in assign_evenly([left.entry_id], sorted(panel), per_entry=1, loads=loads, seed=left.id):
        db.session.add(Assignment(stage_id=left.stage_id, entry_id=entry, judge_id=judge, created_at=clock.now()))


def _locked(assignment_id: int, judge_id: int) -> Assignment:
    assignment = db.session.scalar(
        select(Assignment).where(Assignment.id == assignment_id, Assignment.judge_id == judge_id).with_for_update()
    )
    if assignment is None:
        raise NotFound("Không có bài này trong danh sách chấm của bạn.")
    return assignment


def _card(assignment: Assignment) -> Scorecard:
    """The one scorecard of an assignment, made when first needed; whoever loses the race to make it reads the winner's."""
    query = select(Scorecard).where(Scorecard.assignment_id == assignment.id)
    card = db.session.scalar(query)
    if card is None:
        try:
            with db.session.begin_nested():
                card = Scorecard(assignment_id=assignment.id, marks={}, comment="", sequence=0, saved_at=clock.now())
                db.session.add(card)
                db.session.flush()
        except IntegrityError:
            card = db.session.scalars(query).one()
    return card


def _held(card: Scorecard, *, stale: bool = False) -> Held:
    return Held(
        marks=dict(card.marks),
        comment=card.comment,
        total=card.total,
        sequence=card.sequence,
        saved_at=card.saved_at,
        signed_at=card.signed_at,
        stale=stale,
    )
