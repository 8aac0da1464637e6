"""Use cases for one person: attempts beyond the rules in one round, more time and large print in all; the quiz room and the desk call them."""

from dataclasses import asdict

from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.contests.models import Accommodation, Allowance
from contest.contests.needs import Needs
from contest.contests.rules import RoundState, TrackKind
from contest.contests.service.locking import locked, need
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused

MOST_EXTRA_ATTEMPTS = 10
MOST_EXTRA_PERCENT = 300
_NOTHING = "Chưa có gì thay đổi."


def allow_attempts(*, round_id: int, account_id: int, attempts: int, actor_id: int, reason: str) -> int:
    """Give one entrant so many more attempts in a quiz round that is not over; returns how many beyond the rules there are now.

    Raises NotFound, BadInput for a number that cannot be, Refused when the round is over or its rules set no limit.
    """
    need(reason)
    found = locked(round_id)
    _entrant(account_id)
    if found.track.kind is not TrackKind.QUIZ:
        raise NotFound("Không có đợt thi trắc nghiệm này.")
    if found.state(clock.now()) is RoundState.CLOSED:
        raise Refused("Đợt này đã đóng nên không thêm lượt được.", kept=_NOTHING, todo="Bạn gia hạn đợt trước.")
    if not found.params.get("attempts", 1):
        raise Refused("Đợt này không giới hạn số lượt nên không cần thêm.", kept=_NOTHING)
    row = db.session.scalar(
        select(Allowance).where(Allowance.round_id == round_id, Allowance.account_id == account_id).with_for_update()
    )
    total = (row.extra_attempts if row else 0) + attempts
    if attempts < 1 or total > MOST_EXTRA_ATTEMPTS:
        raise BadInput(f"Mỗi người được thêm từ 1 đến {MOST_EXTRA_ATTEMPTS} lượt trong một đợt.", kept=_NOTHING)
    if row:
        row.extra_attempts = total
    else:
        db.session.add(Allowance(round_id=round_id, account_id=account_id, extra_attempts=total))
    db.session.flush()
    detail = {"round": round_id, "more": attempts, "extra_attempts": total}
    audit.record(
        "account.allow_attempts", actor_id=actor_id, subject=f"account:{account_id}", reason=reason, detail=detail
    )
    return total


def accommodate(*, account_id: int, needs: Needs, actor_id: int, reason: str, had: Needs | None = None) -> None:
    """Note what one entrant needs in every round from now on; nought and no large print end it. Raises NotFound, BadInput.

    `had` is what stood on the page where the button was pressed: Refused when somebody else noted another need since.
    """
    need(reason)
    if not 0 <= needs.extra_percent <= MOST_EXTRA_PERCENT:
        raise BadInput(f"Thời gian thêm phải từ 0 đến {MOST_EXTRA_PERCENT}%.", kept=_NOTHING)
    _entrant(account_id)
    row = db.session.scalar(select(Accommodation).where(Accommodation.account_id == account_id).with_for_update())
    holds = Needs(row.extra_percent, row.large_print) if row else Needs()
    before = asdict(holds) if row else None
    if had is not None and holds not in (had, needs):
        raise Refused(
            "Hỗ trợ của người này vừa được đổi ở một lần bấm khác.",
            kept=f"Đang giữ: thêm {holds.extra_percent}% thời gian, {'chữ to' if holds.large_print else 'không chữ to'}.",
            todo="Bạn tải lại trang để xem rồi đặt lại nếu vẫn cần.",
        )
    row = row or Accommodation(account_id=account_id)
    row.extra_percent, row.large_print, row.set_at = needs.extra_percent, needs.large_print, clock.now()
    db.session.add(row)
    db.session.flush()
    audit.record(
        "account.accommodate",
        actor_id=actor_id,
        subject=f"account:{account_id}",
        reason=reason,
        detail={"before": before, "after": asdict(needs)},
    )


def _entrant(account_id: int) -> None:
    """The person's row is locked, so that two acts at once find each other."""
    query = select(Account.role).where(Account.id == account_id).with_for_update()
    if db.session.scalar(query) is not Role.ENTRANT:
        raise NotFound("Không có người dự thi này.")
