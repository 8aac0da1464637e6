"""The desk's pages of signals: what a closed round holds for people to judge, one signal with its evidence, and the note that judges it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, queries
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core.db import unit_of_work
from contest.core.errors import BadInput
from contest.core.forms import clean
from contest.quiz import service
from contest.quiz.ledger import SignalKind, SignalState
from contest.quiz.queries.signals import attempts_of, shared_errors, signal_by_id, signals_page


@bp.get(f"/dot-thi/<{ID}:round_id>/tin-hieu")
@organizer
def signals(round_id: int) -> ResponseReturnValue:
    """The signals of a round, those that nobody has looked at first."""
    kind, state = asking.choice("loai", SignalKind), asking.choice("trang-thai", SignalState)
    return render_template(
        "backoffice/signals.html",
        round=contests.round_by_id(round_id, TrackKind.QUIZ),
        page=signals_page(round_id, kind=kind, state=state, page=asking.page()),
        kind=kind,
        state=state,
    )


@bp.get(f"/tin-hieu/<{ID}:signal_id>")
@organizer
def signals_show(signal_id: int) -> ResponseReturnValue:
    """One signal: its evidence, its attempts and what they have wrong alike, what was noted."""
    found = signal_by_id(signal_id)
    rows = attempts_of(found)
    alike = found.kind is SignalKind.ALIKE
    return render_template(
        "backoffice/signal.html",
        signal=found,
        round=contests.round_by_id(found.round_id),
        rows=rows,
        shared=shared_errors(found.round_id, [attempt for attempt, _ in rows]) if alike else [],
        names={attempt.id: account.full_name for attempt, account in rows},
        units={attempt.unit_id: queries.counted_as(attempt.unit_id) for attempt, _ in rows},
        longest=service.LONGEST_NOTE,
    )


@bp.post(f"/tin-hieu/<{ID}:signal_id>")
@organizer
def signals_judge(signal_id: int) -> ResponseReturnValue:
    """Keep what people make of a signal."""
    state = next((state for state in SignalState if state.value == request.form.get("state")), None)
    if state is None:
        raise BadInput("Không rõ kết luận.", kept="Chưa có gì thay đổi.", todo="Bạn chọn một kết luận.")
    with unit_of_work():
        found = service.judge_signal(
            signal_id=signal_id,
            state=state,
            note=clean(request.form.get("note", "")),
            actor_id=access.actor_id(),
            seen=request.form.get("seen"),
        )
        round_id = found.round_id
    flash("Đã lưu ghi chú.", "success")
    return redirect(url_for("backoffice.signals", round_id=round_id))
