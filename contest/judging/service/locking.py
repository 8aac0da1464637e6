"""What every use case of a stage begins with: the stage's row, locked, and whether it still takes anything."""

from sqlalchemy import select

from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused
from contest.judging.models import Stage


def locked_stage(stage_id: int) -> Stage:
    """The stage as it stands now, until the unit of work ends; raises NotFound."""
    stage = db.session.scalar(
        select(Stage).where(Stage.id == stage_id).with_for_update().execution_options(populate_existing=True)
    )
    if stage is None:
        raise NotFound("Không có vòng chấm này.")
    return stage


def open_stage_locked(stage_id: int) -> Stage:
    """The stage, locked; raises NotFound, Refused once it is closed."""
    stage = locked_stage(stage_id)
    if stage.closed_at:
        raise Refused(
            "Vòng chấm này đã đóng nên hội đồng và phân công không đổi được nữa.",
            kept="Hội đồng, phân công và phiếu giữ nguyên.",
            todo="Nếu cần đổi, bạn mở lại vòng chấm trước.",
        )
    return stage


def need(reason: str) -> None:
    """Raises BadInput when the reason is empty."""
    if not reason.strip():
        raise BadInput("Thiếu lý do.", kept="Chưa có gì thay đổi.", todo="Bạn ghi lý do để lưu vào nhật ký.")
