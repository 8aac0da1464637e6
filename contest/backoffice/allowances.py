"""The desk's acts for one person: another attempt in a round, more time and large print in every round, and the trail of an objection."""

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests import service as contests_service
from contest.contests.models import Accommodation, Round
from contest.contests.needs import Needs
from contest.contests.rules import QuizParams, RoundState, TrackKind
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.errors import BadInput, NotFound, Refused
from contest.core.forms import clean
from contest.quiz import service
from contest.quiz.rules import NoteKind


@dataclass(frozen=True)
class Allowed:
    """What one person has beyond the rules: in every round, and in each limited quiz round that is not over."""

    accommodation: Accommodation | None
    rounds: list[tuple[Round, int]]

    @property
    def needs(self) -> str:
        """What the form of the needs hands back, so that what somebody else noted meanwhile is not overwritten unseen."""
        held = self.accommodation
        return f"{held.extra_percent}:{int(held.large_print)}" if held else "0:0"

    @property
    def mark(self) -> str:
        """What the form hands back, so that a press sent again gives nothing twice."""
        return ",".join(f"{round_.id}:{extra}" for round_, extra in self.rounds)


def allowed(account_id: int) -> Allowed:
    """What the person's record shows and its acts offer."""
    now = clock.now()
    found = []
    for round_ in contests.track_of(TrackKind.QUIZ).rounds:
        params = round_.rules
        if round_.state(now) is not RoundState.CLOSED and isinstance(params, QuizParams) and params.attempts:
            found.append((round_, contests.extra_attempts_of(round_.id, account_id)))
    return Allowed(accommodation=contests.accommodation_of(account_id), rounds=found)


@bp.post(f"/nguoi-du-thi/<{ID}:account_id>/them-luot")
@organizer
def entrants_allow(account_id: int) -> ResponseReturnValue:
    """Give one more attempt, or several, in one round."""
    reason = asking.reason()
    round_id, attempts = asking.whole(request.form.get("round_id", "")), asking.count("attempts")
    if round_id is None:
        raise NotFound("Không có đợt thi này.")
    seen = request.form.get("seen", "")
    with unit_of_work():
        contests_service.locked(round_id)
        if seen and f"{round_id}:{contests.extra_attempts_of(round_id, account_id)}" not in seen.split(","):
            raise Refused(
                "Người này vừa được thêm lượt ở một lần bấm khác.",
                kept="Lần này chưa thêm gì.",
                todo="Bạn tải lại trang để xem số lượt.",
            )
        contests_service.allow_attempts(
            round_id=round_id,
            account_id=account_id,
            attempts=attempts,
            actor_id=access.actor_id(),
            reason=reason,
        )
    flash("Đã cho thêm lượt thi.", "success")
    return redirect(url_for("backoffice.entrants_show", account_id=account_id))


@bp.post(f"/nguoi-du-thi/<{ID}:account_id>/ho-tro")
@organizer
def entrants_accommodate(account_id: int) -> ResponseReturnValue:
    """Set how much more time a person has in every round, and large print."""
    reason = asking.reason()
    percent = asking.count("extra_percent", blank=-1)
    with unit_of_work():
        moved = service.accommodate(
            account_id=account_id,
            needs=Needs(percent, "large_print" in request.form),
            actor_id=access.actor_id(),
            reason=reason,
            had=_had(),
        )
    flash("Đã lưu hỗ trợ khi làm bài." + (" Lượt đang làm đã đổi giờ kết thúc." if moved else ""), "success")
    return redirect(url_for("backoffice.entrants_show", account_id=account_id))


def _had() -> Needs | None:
    """The needs that the page showed; None where the form does not say."""
    percent, _, large = request.form.get("had", "").partition(":")
    return Needs(asking.whole(percent) or 0, large == "1") if percent else None


@bp.post(f"/luot-thi/<{ID}:attempt_id>/khieu-nai")
@organizer
def attempts_note(attempt_id: int) -> ResponseReturnValue:
    """Add a complaint, a decision or a remark to an attempt's trail."""
    word = request.form.get("kind", "")
    kind = next((member for member in NoteKind if member.value == word), None)
    if kind is None:
        raise BadInput("Không rõ loại ghi chú.", kept="Chưa có gì được ghi.")
    body = clean(request.form.get("body", ""))
    with unit_of_work():
        service.note(attempt_id=attempt_id, kind=kind, body=body, actor_id=access.actor_id())
    flash("Đã ghi vào hồ sơ khiếu nại.", "success")
    return redirect(url_for("backoffice.attempts_show", attempt_id=attempt_id))
