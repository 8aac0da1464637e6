"""What organisers do to attempts, each act on the record: more time, annul, restore, follow a round's new close; the desk calls it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState, TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused
from contest.quiz.models import Attempt, QuizRound
from contest.quiz.queries import ranking
from contest.quiz.queries.attempts import open_count, ungraded_count
from contest.quiz.rules import AttemptState, deadline
from contest.quiz.service import board
from contest.quiz.service.attempts import hand_in

_RELOAD = "Bạn tải lại trang để xem trạng thái mới nhất."


def reset_deadlines(*, round_id: int) -> int:
    """Give every open attempt the deadline that the rules and the round's present close say; returns how many moved.

    Called with a change of the close, which keeps its own record. A round that is open again has no known answer to its prediction.
    """
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    moved = 0
    waiting = select(Attempt).where(Attempt.round_id == round_id, Attempt.state == AttemptState.OPEN)
    for attempt in db.session.scalars(waiting.with_for_update().execution_options(populate_existing=True)):
        due = _due(round_, attempt)
        if due != attempt.deadline:
            attempt.deadline = due
            moved += 1
    drawn = db.session.get(QuizRound, round_id)
    if drawn and round_.state(clock.now()) is not RoundState.CLOSED:
        drawn.actual = None
    return moved


def grant_time(*, attempt_id: int, minutes: int, actor_id: int, reason: str) -> Attempt:
    """Give an open attempt more minutes, also beyond the round's close. Raises NotFound, BadInput, Refused when it has ended."""
    _need(reason)
    if not 1 <= minutes <= 240:
        raise BadInput("Số phút cộng thêm phải từ 1 đến 240.", kept="Chưa có gì thay đổi.")
    attempt = _locked(attempt_id)
    if attempt.state is not AttemptState.OPEN:
        raise Refused("Lượt thi này đã kết thúc.", todo=_RELOAD)
    attempt.extra_seconds += minutes * 60
    attempt.deadline = max(attempt.deadline, clock.now()) + timedelta(minutes=minutes)
    detail = {"minutes": minutes, "deadline": attempt.deadline.isoformat()}
    audit.record("attempt.grant_time", actor_id=actor_id, subject=f"attempt:{attempt.id}", reason=reason, detail=detail)
    return attempt


def annul(*, attempt_id: int, actor_id: int, reason: str) -> Attempt:
    """Take an attempt out of the ranking; answers and receipt stay. An open one is handed in first. Raises NotFound, BadInput without a reason."""
    _need(reason)
    attempt = _locked(attempt_id)
    if attempt.state is AttemptState.ANNULLED:
        return attempt
    if attempt.state is AttemptState.OPEN:
        hand_in(attempt_id=attempt_id, who=attempt.entrant_id)
        attempt = _locked(attempt_id)
    before = attempt.state
    attempt.state = AttemptState.ANNULLED
    audit.record(
        "attempt.annul",
        actor_id=actor_id,
        subject=f"attempt:{attempt.id}",
        reason=reason,
        detail={"before": before.value},
    )
    _follow(attempt)
    return attempt


def restore(*, attempt_id: int, actor_id: int, reason: str) -> Attempt:
    """Undo an annulment. Raises NotFound, BadInput without a reason, Refused when it was not annulled."""
    _need(reason)
    attempt = _locked(attempt_id)
    if attempt.state is not AttemptState.ANNULLED:
        raise Refused("Lượt thi này không bị hủy.", todo=_RELOAD)
    expired = attempt.handed_in_at is not None and attempt.handed_in_at >= attempt.deadline
    attempt.state = AttemptState.EXPIRED if expired else AttemptState.HANDED_IN
    audit.record("attempt.restore", actor_id=actor_id, subject=f"attempt:{attempt.id}", reason=reason)
    _follow(attempt)
    return attempt


def settle_predictions() -> int:
    """Note what was to be predicted in every round that is over and graded to the last attempt; returns in how many."""
    over = select(Round.id).join(QuizRound).where(Round.closes_at <= clock.now(), QuizRound.actual.is_(None))
    settled = 0
    for round_id in db.session.scalars(over).all():
        if open_count(round_id) or ungraded_count(round_id):
            continue
        settled += _settle(contests.round_by_id(round_id, TrackKind.QUIZ))
    return settled


def _settle(round_: Round) -> bool:
    actual = ranking.actual_now(round_)
    drawn = db.session.get(QuizRound, round_.id)
    if actual is None or drawn is None:
        return False
    drawn.actual = actual
    return True


def _follow(attempt: Attempt) -> None:
    """Let the prediction's answer and the board follow a change of who is counted."""
    db.session.flush()
    round_ = contests.round_by_id(attempt.round_id, TrackKind.QUIZ)
    drawn = db.session.get(QuizRound, round_.id)
    if drawn and drawn.actual is not None:
        _settle(round_)
    board.refresh(round_, [attempt.entrant_id])


def _due(round_: Round, attempt: Attempt) -> datetime:
    params = round_.rules
    assert isinstance(params, QuizParams)
    return deadline(
        started_at=attempt.started_at,
        minutes=params.minutes,
        extra_seconds=attempt.extra_seconds,
        closes_at=round_.closes_at,
        close_cuts_short=params.close_cuts_short,
    )


def _need(reason: str) -> None:
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")


def _locked(attempt_id: int) -> Attempt:
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    attempt = db.session.scalar(query.execution_options(populate_existing=True))
    if attempt is None:
        raise NotFound("Không có lượt thi này.")
    return attempt
