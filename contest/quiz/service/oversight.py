"""What organisers do to attempts, each act on the record: more time, annul, restore, follow a round that moves; the desk calls it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import cast

import structlog
from sqlalchemy import ColumnElement, Table, delete, func, select

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.models import Accommodation, Round
from contest.contests.needs import Needs
from contest.contests.rules import Predicted, QuizParams, RoundState, TrackKind, asks_other_papers, ticking
from contest.core import audit, clock
from contest.core.db import after_commit, db
from contest.core.errors import RELOAD, BadInput, NotFound, Refused
from contest.quiz.ledger import RoundLedger
from contest.quiz.models import Attempt, QuizRound, RoundExposure
from contest.quiz.queries import ranking
from contest.quiz.queries.attempts import open_count, ungraded_count
from contest.quiz.rules import AttemptState, deadline, milliseconds
from contest.quiz.service import board
from contest.quiz.service.attempts import hand_in
from contest.quiz.service.deadlines import write_deadlines
from contest.quiz.service.places_copy import lose_places

log = structlog.get_logger(__name__)
# Tables, not classes: a whole round is read, and the object mapper would take its time for each row.
_T, _NEEDS = cast("Table", Attempt.__table__), cast("Table", Accommodation.__table__)


def reset_deadlines(*, round_id: int, account_id: int | None = None) -> int:
    """Give every open attempt, or those of one person, the deadline that rules, close, pauses and grants say; returns how many moved.

    Called with a change of any of them, which keeps its own record. A round that is open again has no answer to its prediction, no places and no lot.
    """
    return _reset(contests.round_by_id(round_id, TrackKind.QUIZ), account_id=account_id)


def follow_rules(*, round_id: int, changed: Collection[str] = ()) -> int:
    """Let deadlines, the prediction's answer and the board follow rules of which those names have just changed; returns how many attempts have another deadline now.

    A paper that was frozen for another number of questions, or another way of shuffling, is forgotten: nobody has begun, or the change was refused.
    """
    if asks_other_papers(changed):
        forget_paper(round_id=round_id)
    moved = reset_deadlines(round_id=round_id)
    drawn = _drawn(round_id) if "all_answered" in changed else None
    if drawn and drawn.actual is not None:
        drawn.actual = ranking.actual_now(contests.round_by_id(round_id, TrackKind.QUIZ))
    after_commit(lambda: board.lose_board(round_id))
    return moved


def forget_paper(*, round_id: int) -> None:
    """Forget what a round draws from, because its rules ask for other papers or it is to be deleted. Raises Refused once somebody has begun."""
    if db.session.scalar(select(Attempt.id).where(Attempt.round_id == round_id).limit(1)):
        raise Refused("Đợt này đã có người vào thi nên đề phải giữ nguyên.", kept="Đề của đợt giữ nguyên.")
    for table in (RoundExposure, QuizRound):
        db.session.execute(delete(table).where(table.round_id == round_id))
    db.session.flush()


def resume(*, round_id: int, actor_id: int | None, reason: str) -> int:
    """Let a paused round go on: its close and the clock of every attempt that was running move by the pause; returns how many attempts moved.

    An attempt whose time had run out before the pause stays as it is and is handed in by the sweep. Raises NotFound, Refused, BadInput.
    """
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    stretch = rounds.resume(round_id=round_id, actor_id=actor_id, reason=reason)
    return _reset(round_, stretch=stretch)


def accommodate(*, account_id: int, needs: Needs, actor_id: int, reason: str, had: Needs | None = None) -> int:
    """Note what one entrant needs in every round; what they are sitting now follows at once. Returns how many attempts moved.

    Raises Refused when something else is noted by now than `had`, what the page showed.
    """
    sitting = select(Attempt.round_id).where(Attempt.entrant_id == account_id, Attempt.state == AttemptState.OPEN)
    _share_rounds(Round.id.in_(sitting))
    rounds.accommodate(account_id=account_id, needs=needs, actor_id=actor_id, reason=reason, had=had)
    return sum(
        reset_deadlines(round_id=round_id, account_id=account_id) for round_id in db.session.scalars(sitting).all()
    )


def hold(*, attempt_ids: Iterable[int]) -> list[int]:
    """Wait for attempts that others act on before an act on one or several: rounds first, then people, then attempts by their ids.

    Whoever moves a round's clocks goes the same way, and PostgreSQL asks for round and person when it changes an attempt twice: so nobody waits in a ring.
    Returns those that exist round by round: an act on one may take what belongs to its round too, and acts on several take that in this order.
    """
    which = Attempt.id.in_(sorted(set(attempt_ids)))
    _share_rounds(Round.id.in_(select(Attempt.round_id).where(which)))
    people = select(Account.id).where(Account.id.in_(select(Attempt.entrant_id).where(which))).order_by(Account.id)
    db.session.execute(people.with_for_update(read=True, key_share=True))
    # Not against those who only point at the attempts, as a count of places does while it holds what an act goes on to.
    query = select(Attempt.id, Attempt.round_id).where(which).order_by(Attempt.id).with_for_update(key_share=True)
    found = db.session.execute(query).all()
    return [attempt_id for attempt_id, _ in sorted(found, key=lambda row: (row.round_id, row.id))]


def grant_time(*, attempt_id: int, minutes: int, actor_id: int, reason: str, had: int | None = None) -> Attempt:
    """Give an open attempt more minutes, counted from now if its time has just run out, also beyond the round's close.

    `had` are the seconds that it had been given on the page where the button was pressed: a press sent again gives nothing twice. Raises NotFound,
    BadInput, Refused when it has ended or was given time since.
    """
    _need(reason)
    if not 1 <= minutes <= 240:
        raise BadInput("Số phút cộng thêm phải từ 1 đến 240.", kept="Chưa có gì thay đổi.")
    attempt = _locked(attempt_id)
    if attempt.state is not AttemptState.OPEN:
        raise Refused("Lượt thi này đã kết thúc.", todo=RELOAD)
    if had not in (None, attempt.extra_seconds):
        raise Refused("Lượt thi này vừa được thêm giờ ở một lần bấm khác.", kept="Lần này chưa thêm gì.", todo=RELOAD)
    round_ = contests.round_by_id(attempt.round_id, TrackKind.QUIZ)
    late = max(timedelta(), ticking(clock.now(), round_.paused_at) - attempt.deadline)
    attempt.extra_seconds += minutes * 60 + -(-late // timedelta(seconds=1))
    db.session.flush()
    _reset(round_, account_id=attempt.entrant_id)
    detail = {"minutes": minutes, "deadline": attempt.deadline.isoformat()}
    audit.record("attempt.grant_time", actor_id=actor_id, subject=f"attempt:{attempt.id}", reason=reason, detail=detail)
    return attempt


def annul(*, attempt_id: int, actor_id: int, reason: str) -> Attempt:
    """Take an attempt out of the ranking; answers and receipt stay. An open one is handed in first. Raises NotFound, BadInput without a reason."""
    return annul_all(attempt_ids=[attempt_id], actor_id=actor_id, reason=reason)[0]


def annul_all(*, attempt_ids: Iterable[int], actor_id: int, reason: str) -> list[Attempt]:
    """The same of several that are held, in the order of `hold`: what belongs to a round is counted anew once, after the last of its attempts."""
    _need(reason)
    found: list[Attempt] = []
    moved: dict[int, list[int]] = {}
    for attempt_id in attempt_ids:
        attempt = _locked(attempt_id)
        if moved and attempt.round_id not in moved:
            _follow(moved)
            moved = {}
        if _annul(attempt, actor_id=actor_id, reason=reason):
            moved.setdefault(attempt.round_id, []).append(attempt.entrant_id)
        found.append(attempt)
    _follow(moved)
    return found


def _annul(attempt: Attempt, *, actor_id: int, reason: str) -> bool:
    """The act itself on an attempt that is held; whether anything changed."""
    if attempt.state is AttemptState.ANNULLED:
        return False
    if attempt.state is AttemptState.OPEN:
        hand_in(attempt_id=attempt.id, who=attempt.entrant_id)
        attempt = _locked(attempt.id)
    before = attempt.state
    attempt.state = AttemptState.ANNULLED
    audit.record(
        "attempt.annul",
        actor_id=actor_id,
        subject=f"attempt:{attempt.id}",
        reason=reason,
        detail={"before": before.value},
    )
    return True


def restore(*, attempt_id: int, actor_id: int, reason: str) -> Attempt:
    """Undo an annulment. Raises NotFound, BadInput without a reason, Refused when it was not annulled."""
    _need(reason)
    attempt = _locked(attempt_id)
    if attempt.state is not AttemptState.ANNULLED:
        raise Refused("Lượt thi này không bị hủy.", todo=RELOAD)
    # The sweep hands in at exactly the deadline; in a pause people hand in after it.
    expired = attempt.handed_in_at == attempt.deadline
    attempt.state = AttemptState.EXPIRED if expired else AttemptState.HANDED_IN
    audit.record("attempt.restore", actor_id=actor_id, subject=f"attempt:{attempt.id}", reason=reason)
    _follow({attempt.round_id: [attempt.entrant_id]})
    return attempt


def settle_predictions() -> int:
    """Note what was to be predicted in every round that is over and graded to the last attempt; returns in how many."""
    over = (
        select(Round.id)
        .join(QuizRound)
        .where(Round.closes_at <= clock.now(), Round.paused_at.is_(None), QuizRound.actual.is_(None))
        .order_by(Round.id)
    )
    settled = 0
    for round_id, params in db.session.execute(over.add_columns(Round.params)).all():
        # A round that asks nothing has no answer for ever: it is not counted each time.
        if QuizParams.read(params).prediction is Predicted.NONE:
            continue
        _share_rounds(Round.id == round_id)
        still = db.session.scalar(over.where(Round.id == round_id))
        if still is None or open_count(round_id) or ungraded_count(round_id):
            continue
        drawn = _drawn(round_id)
        actual = ranking.actual_now(contests.round_by_id(round_id, TrackKind.QUIZ))
        if drawn and drawn.actual is None and actual is not None:
            drawn.actual = actual
            settled += 1
    return settled


def _share_rounds(which: ColumnElement[bool]) -> None:
    """Those rounds keep their hours and rules until the end of the unit of work: whoever is changing them is waited for, and whoever comes waits."""
    query = select(Round.id).where(which).order_by(Round.id)
    db.session.execute(query.with_for_update(read=True, key_share=True))


def _drawn(round_id: int) -> QuizRound | None:
    """The row with the prediction's answer, locked: who counts for it sees every change before, and every later change waits and counts again."""
    return db.session.get(QuizRound, round_id, with_for_update=True, populate_existing=True)


def _follow(moved: Mapping[int, Collection[int]]) -> None:
    """Let the prediction's answer and the board follow a change of who is counted: the entrants, by their rounds."""
    db.session.flush()
    for round_id, entrant_ids in moved.items():
        round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
        drawn = _drawn(round_id)
        if drawn and drawn.actual is not None:
            # Who is restored without marks may have everything right: the answer is settled anew once they are graded.
            drawn.actual = None if ungraded_count(round_id) else ranking.actual_now(round_)
        board.refresh(round_, entrant_ids)


def _reset(round_: Round, *, account_id: int | None = None, stretch: rounds.Stretch | None = None) -> int:
    """Write the deadlines that the rules say; a pause that has just ended counts for every attempt that was running when it began or began in it."""
    params = round_.rules
    assert isinstance(params, QuizParams)
    db.session.flush()
    running = (
        select(
            *(_T.c[name] for name in ("id", "started_at", "deadline", "extra_seconds", "paused_ms")),
            func.coalesce(_NEEDS.c.extra_percent, 0).label("extra_percent"),
        )
        .outerjoin(_NEEDS, _NEEDS.c.account_id == _T.c.entrant_id)
        .where(_T.c.round_id == round_.id, _T.c.state == AttemptState.OPEN)
        .order_by(_T.c.id)
        .with_for_update(of=_T)
    )
    if account_id:
        running = running.where(_T.c.entrant_id == account_id)
    moved: list[tuple[int, datetime, int]] = []
    for row in db.session.execute(running).all():
        paused_ms = row.paused_ms
        if stretch:
            if row.deadline <= stretch.began_at:
                continue
            paused_ms += milliseconds(max(stretch.began_at, row.started_at), stretch.ended_at)
        due = deadline(
            started_at=row.started_at,
            minutes=params.minutes,
            extra_seconds=row.extra_seconds,
            closes_at=round_.closes_at,
            close_cuts_short=params.close_cuts_short,
            extra_percent=row.extra_percent,
            paused_ms=paused_ms,
        )
        if due != row.deadline or paused_ms != row.paused_ms:
            moved.append((row.id, due, paused_ms))
    if moved:
        write_deadlines(moved)
        db.session.expire_all()
    if round_.state(clock.now()) is not RoundState.CLOSED:
        _forget_outcome(round_.id)
    return len(moved)


def _forget_outcome(round_id: int) -> None:
    """What was known of a round that is open again holds no more: the prediction's answer, the places, the lot, which is drawn anew after the close."""
    drawn = db.session.get(QuizRound, round_id, populate_existing=True)
    if drawn:
        drawn.actual = None
    ledger = db.session.get(RoundLedger, round_id, populate_existing=True)
    if ledger and (ledger.ranked_at or ledger.lot_seed):
        ledger.standing_due, ledger.ranked_at = True, None
        ledger.lot_seed = ledger.lot_drawn_at = None
        after_commit(lambda: lose_places(round_id))


def _need(reason: str) -> None:
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")


def _locked(attempt_id: int) -> Attempt:
    hold(attempt_ids=[attempt_id])
    attempt = db.session.get(Attempt, attempt_id, populate_existing=True)
    if attempt is None:
        raise NotFound("Không có lượt thi này.")
    return attempt
