"""Use cases that change when a round takes entries: open, close, extend, pause, resume; the organisers' desk calls them inside a unit of work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from contest.contests.models import Round, RoundPause
from contest.contests.rules import RoundState
from contest.contests.service.locking import locked, need
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import RELOAD, BadInput, Refused

LONGEST_EXTENSION = timedelta(days=730)  # a later year is a slip of the hand


@dataclass(frozen=True)
class Stretch:
    """A pause that is over."""

    began_at: datetime
    ended_at: datetime

    @property
    def length(self) -> timedelta:
        """By how much everything moves."""
        return self.ended_at - self.began_at


def open_now(*, round_id: int, actor_id: int, reason: str) -> Round:
    """Open a round before its announced hour; raises Refused when it is open or over."""
    found = locked(round_id)
    now = clock.now()
    if found.state(now) is not RoundState.SOON:
        raise Refused("Đợt này đã mở từ trước.", todo=RELOAD)
    return _change(found, "round.open", actor_id=actor_id, reason=reason, opens_at=now)


def close_now(*, round_id: int, actor_id: int, reason: str) -> Round:
    """Close a round before its announced hour; raises Refused when it is not open, or paused: what stands still is not ended."""
    found = locked(round_id)
    now = clock.now()
    if found.state(now) is RoundState.PAUSED:
        raise Refused(
            "Đợt này đang tạm dừng nên chưa đóng được.",
            kept="Đợt vẫn tạm dừng; các lượt đang làm giữ nguyên thời gian còn lại.",
            todo="Bạn cho thi tiếp rồi mới đóng.",
        )
    if found.state(now) is not RoundState.OPEN:
        raise Refused("Đợt này không ở trạng thái đang mở.", todo=RELOAD)
    return _change(found, "round.close", actor_id=actor_id, reason=reason, closes_at=now)


def extend(*, round_id: int, until: datetime, actor_id: int, reason: str) -> Round:
    """Move a round's close later, also after it closed; raises BadInput when `until` is not later than both now and the close before, or absurdly late."""
    found = locked(round_id)
    if until <= found.closes_at or until <= clock.now():
        raise BadInput(
            "Giờ đóng mới phải muộn hơn giờ đóng hiện tại và muộn hơn lúc này.", todo="Bạn chọn giờ đóng muộn hơn."
        )
    if until > clock.now() + LONGEST_EXTENSION:
        raise BadInput("Giờ đóng mới muộn hơn hai năm nữa.", kept="Chưa có gì thay đổi.", todo="Bạn xem lại năm.")
    return _change(found, "round.extend", actor_id=actor_id, reason=reason, closes_at=until)


def pause(*, round_id: int, actor_id: int | None, reason: str) -> Round:
    """Let an open round stand still: nobody begins, running clocks stop. Raises Refused when it is not open, BadInput without a reason."""
    need(reason)
    found = locked(round_id)
    now = clock.now()
    state = found.state(now)
    if state is not RoundState.OPEN:
        words = "đã tạm dừng từ trước" if state is RoundState.PAUSED else "không ở trạng thái đang mở"
        raise Refused(f"Đợt này {words}.", todo=RELOAD)
    found.paused_at = now
    db.session.add(RoundPause(round_id=round_id, began_at=now, reason=reason.strip(), actor_id=actor_id))
    db.session.flush()
    audit.record("round.pause", actor_id=actor_id, subject=f"round:{round_id}", reason=reason)
    return found


def resume(*, round_id: int, actor_id: int | None, reason: str) -> Stretch:
    """Let a paused round go on, its close moved by the length of the pause; the track moves what runs in it. Raises Refused when it is not paused."""
    need(reason)
    found = locked(round_id)
    now = clock.now()
    if found.paused_at is None or found.state(now) is not RoundState.PAUSED:
        raise Refused("Đợt này không tạm dừng.", kept="Chưa có gì thay đổi.", todo=RELOAD)
    open_pause = select(RoundPause).where(RoundPause.round_id == round_id, RoundPause.ended_at.is_(None))
    standing = db.session.scalar(open_pause.with_for_update()) or RoundPause(
        round_id=round_id, began_at=found.paused_at, actor_id=actor_id
    )
    standing.ended_at = max(now, standing.began_at)
    stretch = Stretch(began_at=standing.began_at, ended_at=standing.ended_at)
    db.session.add(standing)
    found.paused_at = None
    _change(found, "round.resume", actor_id=actor_id, reason=reason, closes_at=found.closes_at + stretch.length)
    return stretch


def release_gallery(*, round_id: int, actor_id: int, reason: str) -> Round:
    """Note that everybody may see a round's works; the track has checked that it is time. Raises BadInput without a reason, Refused twice."""
    found = locked(round_id)
    need(reason)
    if found.gallery_released_at:
        raise Refused("Thư viện ảnh của đợt này đã mở từ trước.", todo=RELOAD)
    found.gallery_released_at = clock.now()
    audit.record("round.release_gallery", actor_id=actor_id, subject=f"round:{found.id}", reason=reason)
    return found


def close_gallery(*, round_id: int, actor_id: int, reason: str) -> None:
    """Take a round's works out of public view again, on the record; nothing happens where they are not shown."""
    found = locked(round_id)
    if found.gallery_released_at:
        found.gallery_released_at = None
        audit.record("round.close_gallery", actor_id=actor_id, subject=f"round:{found.id}", reason=reason)


def _change(
    found: Round,
    action: str,
    *,
    actor_id: int | None,
    reason: str,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Round:
    need(reason)
    before = {"opens_at": found.opens_at.isoformat(), "closes_at": found.closes_at.isoformat()}
    found.opens_at = opens_at or found.opens_at
    found.closes_at = closes_at or found.closes_at
    db.session.flush()
    after = {"opens_at": found.opens_at.isoformat(), "closes_at": found.closes_at.isoformat()}
    audit.record(
        action, actor_id=actor_id, subject=f"round:{found.id}", reason=reason, detail={"before": before, "after": after}
    )
    return found
