"""What every use case of a round begins with: the round's row, locked, and a reason that is one."""

from sqlalchemy import select

from contest.contests.models import Round
from contest.core.db import db
from contest.core.errors import BadInput, NotFound


def locked(round_id: int) -> Round:
    """The round as it stands now, until the unit of work ends; raises NotFound."""
    query = select(Round).where(Round.id == round_id).with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("Không có đợt thi này.")
    return found


def need(reason: str) -> None:
    """Raises BadInput when the reason is empty."""
    if not reason.strip():
        raise BadInput("Thiếu lý do.", kept="Chưa có gì thay đổi.", todo="Bạn ghi lý do để lưu vào nhật ký.")
