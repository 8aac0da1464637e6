"""Use cases of a scorecard: save, sign, step back, give back; the desks call them inside a unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import RELOAD, BadInput, NotFound, Refused
from contest.judging import queries
from contest.judging.models import Assignment, Scorecard, Stage
from contest.judging.rules import AssignmentState, BadMarks, check_marks, total_of
from contest.judging.service.assignments import deal
from contest.judging.service.locking import locked_stage


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


def save(*, assignment_id: int, judge_id: int, marks: Mapping[str, object], comment: str, sequence: int) -> Held:
    """Keep a judge's marks so far; raises NotFound, BadInput for impossible marks, Refused once signed or once the stage is closed.

    `sequence` must be newer than what is held; an older packet changes nothing and the reply says what is held.
    """
    assignment, closed = _locked(assignment_id, judge_id)
    card = _card(assignment)
    if card.signed_at:
        raise Refused(
            "Phiếu này đã ký nên không sửa được.",
            kept="Phiếu đã ký giữ nguyên.",
            todo="Muốn sửa, bạn liên hệ Ban Tổ chức.",
        )
    _must_be_theirs(assignment)
    _must_be_open(closed)
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

    `sequence` is that of the save which the judge saw. Raises Refused when a newer save came from elsewhere or the stage is closed, BadInput while a criterion
    lacks its mark; what was saved stays.
    """
    assignment, closed = _locked(assignment_id, judge_id)
    card = _card(assignment)
    if card.signed_at:
        return _held(card)
    _must_be_theirs(assignment)
    _must_be_open(closed)
    if sequence != card.sequence:
        raise Refused(
            "Phiếu này vừa được lưu ở một cửa sổ khác.",
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


def declare_conflict(*, assignment_id: int, judge_id: int, reason: str) -> bool:
    """A judge steps back from an entry; returns whether another judge of the panel has it now.

    Where nobody is left who may take it, the desk tells the organisers. Raises NotFound, BadInput, Refused once signed or closed.
    """
    if not reason.strip():
        raise BadInput("Bạn chưa ghi lý do xung đột.", todo="Bạn ghi ngắn gọn lý do, ví dụ: bài của học sinh tôi dạy.")
    # Who gives assignments holds the stage: two judges who step back from one entry are not both followed by the same third.
    stage_id = db.session.scalar(
        select(Assignment.stage_id).where(Assignment.id == assignment_id, Assignment.judge_id == judge_id)
    )
    stage = locked_stage(stage_id) if stage_id else None
    assignment, closed = _locked(assignment_id, judge_id)
    assert stage is not None
    if assignment.state is AssignmentState.CONFLICT:
        return assignment.entry_id not in {lack.entry_id for lack in queries.lacking(stage)}
    if assignment.state is AssignmentState.SIGNED:
        raise Refused("Phiếu này đã ký.", todo="Bạn liên hệ Ban Tổ chức để báo xung đột.")
    _must_be_theirs(assignment)
    _must_be_open(closed)
    assignment.state = AssignmentState.CONFLICT
    assignment.conflict_reason = reason.strip()[:500]
    audit.record("judging.conflict", actor_id=judge_id, subject=f"assignment:{assignment.id}", reason=reason)
    db.session.flush()
    return bool(deal(stage, [lack for lack in queries.lacking(stage) if lack.entry_id == assignment.entry_id]))


def reopen(*, assignment_id: int, actor_id: int, reason: str) -> None:
    """Give a signed scorecard back to its judge, on the record; raises NotFound, BadInput without a reason, Refused when it is not signed or the stage is closed."""
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")
    closed = _stage_closed(assignment_id)
    assignment = db.session.scalar(select(Assignment).where(Assignment.id == assignment_id).with_for_update())
    if assignment is None:
        raise NotFound("Không có phiếu chấm này.")
    if closed:
        raise Refused(
            "Vòng chấm này đã đóng nên không mở lại phiếu được.",
            kept="Phiếu đã ký giữ nguyên.",
            todo="Bạn mở lại vòng chấm trước.",
        )
    if assignment.state is not AssignmentState.SIGNED:
        raise Refused("Phiếu này chưa ký.", todo=RELOAD)
    if assignment.judge_id not in {account.id for account in queries.panel(assignment.stage_id)}:
        raise Refused(
            "Giám khảo của phiếu này không còn trong hội đồng, hoặc tài khoản đã bị khóa, nên không mở lại được.",
            kept="Phiếu đã ký giữ nguyên và vẫn được tính.",
            todo="Muốn chấm lại, bạn chuyển phiếu này cho giám khảo khác ở trang Giám khảo của bài.",
        )
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


def _stage_closed(assignment_id: int) -> bool:
    """Whether the stage of an assignment is closed; it stays so, or open, until this unit of work ends."""
    return (
        db.session.scalar(
            select(Stage.closed_at)
            .join(Assignment, Assignment.stage_id == Stage.id)
            .where(Assignment.id == assignment_id)
            .with_for_update(read=True, of=Stage)
        )
        is not None
    )


def _must_be_theirs(assignment: Assignment) -> None:
    if assignment.state is AssignmentState.CONFLICT:
        raise Refused("Bạn đã báo xung đột lợi ích với bài này.", todo="Bạn chuyển sang bài khác.")
    if assignment.state is AssignmentState.TAKEN_BACK:
        raise Refused(
            "Bài này vừa được chuyển cho giám khảo khác.",
            kept="Điểm và nhận xét đã lưu vẫn được giữ, không được tính.",
            todo="Bạn về Bàn chấm để xem danh sách mới. Nếu chưa rõ lý do, bạn hỏi Ban Tổ chức.",
        )


def _must_be_open(closed: bool) -> None:
    if closed:
        raise Refused(
            "Vòng chấm này đã đóng nên phiếu không lưu và không ký được nữa.",
            kept="Điểm đã lưu trước khi đóng vẫn xem được; phiếu đã ký vẫn được tính.",
            todo="Nếu cần ký thêm, bạn liên hệ Ban Tổ chức.",
        )


def _locked(assignment_id: int, judge_id: int) -> tuple[Assignment, bool]:
    """A judge's own assignment, held for this unit of work, and whether its stage is closed; raises NotFound."""
    closed = _stage_closed(assignment_id)
    assignment = db.session.scalar(
        select(Assignment).where(Assignment.id == assignment_id, Assignment.judge_id == judge_id).with_for_update()
    )
    if assignment is None:
        raise NotFound("Không có bài này trong danh sách chấm của bạn.")
    return assignment, closed


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
