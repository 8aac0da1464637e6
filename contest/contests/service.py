"""Use cases that change when a round takes entries; the organisers' desk calls them inside a unit of work."""

from datetime import datetime, timedelta

from sqlalchemy import select

from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused

LONGEST_EXTENSION = timedelta(days=730)  # a later year is a slip of the hand


def open_now(*, round_id: int, actor_id: int, reason: str) -> Round:
    """Open a round before its announced hour; raises Refused when it is open or over."""
    found = _locked(round_id)
    now = clock.now()
    if found.state(now) is not RoundState.SOON:
        raise Refused("Đợt này đã mở từ trước.", todo="Bạn tải lại trang để xem trạng thái mới nhất.")
    return _change(found, "round.open", actor_id=actor_id, reason=reason, opens_at=now)


def close_now(*, round_id: int, actor_id: int, reason: str) -> Round:
    """Close a round before its announced hour; raises Refused when it is not open."""
    found = _locked(round_id)
    now = clock.now()
    if found.state(now) not in (RoundState.OPEN, RoundState.PAUSED):
        raise Refused("Đợt này không ở trạng thái đang mở.", todo="Bạn tải lại trang để xem trạng thái mới nhất.")
    return _change(found, "round.close", actor_id=actor_id, reason=reason, closes_at=now)


def extend(*, round_id: int, until: datetime, actor_id: int, reason: str) -> Round:
    """Move a round's close later, also after it closed; raises BadInput when `until` is not later than both now and the close before, or absurdly late."""
    found = _locked(round_id)
    if until <= found.closes_at or until <= clock.now():
        raise BadInput(
            "Giờ đóng mới phải muộn hơn giờ đóng hiện tại và muộn hơn lúc này.", todo="Bạn chọn giờ đóng muộn hơn."
        )
    if until > clock.now() + LONGEST_EXTENSION:
        raise BadInput("Giờ đóng mới muộn hơn hai năm nữa.", kept="Chưa có gì thay đổi.", todo="Bạn xem lại năm.")
    return _change(found, "round.extend", actor_id=actor_id, reason=reason, closes_at=until)


def release_gallery(*, round_id: int, actor_id: int, reason: str) -> Round:
    """Note that everybody may see a round's works; the track has checked that it is time. Raises BadInput without a reason, Refused twice."""
    found = _locked(round_id)
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")
    if found.gallery_released_at:
        raise Refused("Thư viện ảnh của đợt này đã mở từ trước.", todo="Bạn tải lại trang để xem trạng thái mới nhất.")
    found.gallery_released_at = clock.now()
    audit.record("round.release_gallery", actor_id=actor_id, subject=f"round:{found.id}", reason=reason)
    return found


def _locked(round_id: int) -> Round:
    found = db.session.scalar(select(Round).where(Round.id == round_id).with_for_update())
    if found is None:
        raise NotFound("Không có đợt thi này.")
    return found


def _change(
    found: Round,
    action: str,
    *,
    actor_id: int,
    reason: str,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Round:
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")
    before = {"opens_at": found.opens_at.isoformat(), "closes_at": found.closes_at.isoformat()}
    found.opens_at = opens_at or found.opens_at
    found.closes_at = closes_at or found.closes_at
    after = {"opens_at": found.opens_at.isoformat(), "closes_at": found.closes_at.isoformat()}
    audit.record(
        action, actor_id=actor_id, subject=f"round:{found.id}", reason=reason, detail={"before": before, "after": after}
    )
    return found
