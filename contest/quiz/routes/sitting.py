"""A sitting: its start, its paper, what is saved and what the server holds; HTTP only."""

from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import entrant_token, public
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.db import single_statement, unit_of_work
from contest.core.display import iso_utc, vn_time
from contest.core.errors import BadInput, wants_json
from contest.quiz import queries, rules, service
from contest.quiz.forms import MOST_BYTES, packet_of_form, packet_of_json
from contest.quiz.paper_html import navigator_html, questions_html
from contest.quiz.queries import Sitting
from contest.quiz.routes import own
from contest.quiz.routes.blueprint import ATTEMPT, bp
from contest.quiz.rules import AttemptState, Packet
from question_bank import answers as codes

_LATE = "Phần vừa gửi đến sau khi lượt thi kết thúc nên không được nhận."
BEGIN = "/dot/<int(max=9223372036854775807):round_id>/bat-dau"


@bp.post(BEGIN)
@entrant_token
def start(round_id: int) -> ResponseReturnValue:
    """Begin an attempt and show its paper in the reply, which spares a phone a second round trip; an open or ended one is led to."""
    request.max_content_length = MOST_BYTES
    with unit_of_work():
        begun = service.begin(round_id=round_id, who=access.token(), number=request.form.get("number", type=int))
    address = url_for("quiz.attempt", attempt_id=begun.attempt_id)
    if begun.sitting is None:
        return redirect(address, 303)
    return _paper(begun.sitting), {"Content-Location": address}


@bp.get(BEGIN)
@public
def start_again(round_id: int) -> ResponseReturnValue:
    """Somebody who opened the address of the button: back to where the button is."""
    return redirect(url_for("quiz.track"))


@bp.get(ATTEMPT)
@entrant_token
def attempt(attempt_id: int) -> ResponseReturnValue:
    """The paper while the clock runs; afterwards the way to the result, which hands in what is due."""
    found = queries.sitting(attempt_id, access.token())
    return own.to_result(attempt_id) if found.over(clock.now()) else _paper(found)


@bp.get(ATTEMPT + "/trang-thai")
@entrant_token
def standing(attempt_id: int) -> ResponseReturnValue:
    """What the server holds and how much time is left, for a page that was asleep, away, or waits for a pause to end."""
    held, now = service.held(attempt_id=attempt_id, who=access.token()), clock.now()
    return jsonify(over=held.over(now), result=url_for("quiz.result", attempt_id=attempt_id), **_kept(held, now))


@bp.post(ATTEMPT + "/luu")
@entrant_token
def save(attempt_id: int) -> ResponseReturnValue:
    """Keep what the page sent: a packet of its script, or the whole-page form, which may go on to the review."""
    request.max_content_length = MOST_BYTES
    if not request.is_json:
        return _save_form(attempt_id)
    packet = packet_of_json(request.get_json(silent=True))
    with single_statement():
        saved = service.save(attempt_id=attempt_id, who=access.token(), packet=packet)
    if saved is None:
        return _not_saved(attempt_id, packet)
    return _saved(saved)


def _saved(saved: service.Saved) -> ResponseReturnValue:
    return jsonify(
        sequence=saved.sequence,
        answers=saved.answers,
        saved_at=iso_utc(saved.saved_at),
        remaining_ms=saved.remaining_ms,
        paused=saved.paused_at is not None,
    )


def _paper(found: Sitting) -> str:
    bank, params = queries.frozen_bank(found.round_id, found.frozen_at), QuizParams.read(found.params)
    return render_template(
        "quiz/attempt.html",
        attempt=found,
        contest=found.contest,
        questions=questions_html(bank, found.seed, answers=found.answers, marked=found.marked),
        navigator=navigator_html(found.answers, found.marked),
        answered=codes.answered(found.answers),
        paused_at=found.paused_at,
        remaining_ms=found.remaining_ms(clock.now()),
        params=params,
        question=rules.prediction_question(params, found.round_title),
        guess=rules.shown_prediction(found.prediction, params),
    )


def _save_form(attempt_id: int) -> ResponseReturnValue:
    unread: BadInput | None = None
    try:
        packet = packet_of_form(request.form)
    except BadInput as error:
        if wants_json() or not request.form.get("prediction"):
            raise
        # A number that cannot be read must not take the answers beside it along.
        unread, rest = error, request.form.copy()
        rest["prediction"] = rest["shown_prediction"] = ""
        packet = packet_of_form(rest)
    with single_statement():
        saved = service.save(attempt_id=attempt_id, who=access.token(), packet=packet)
    if wants_json():  # The prediction alone, sent while the review is open.
        return _saved(saved) if saved else _not_saved(attempt_id, packet)
    if saved is None:
        held = service.held(attempt_id=attempt_id, who=access.token())
        if not held.over(clock.now()):
            raise service.impossible_answer()
        if packet.changes or packet.toggled:
            flash(f"{_LATE} {_counted(held)}", "warning")
        return own.to_result(attempt_id)
    if unread:
        flash(f"Câu trả lời đã lưu, số dự đoán thì chưa. {unread.happened} {unread.todo}", "warning")
    if request.form.get("then") == "review":
        return redirect(url_for("quiz.review", attempt_id=attempt_id), 303)
    flash(f"Đã lưu {vn_time(saved.saved_at)}.", "success")
    return redirect(url_for("quiz.attempt", attempt_id=attempt_id), 303)


def _kept(held: service.Held, now: datetime) -> dict[str, Any]:
    return {
        "sequence": held.sequence,
        "answers": held.answers,
        "marked": held.marked,
        "prediction": held.prediction,
        "saved_at": iso_utc(held.saved_at) if held.saved_at else None,
        "remaining_ms": held.remaining_ms(now),
        "paused": held.paused_at is not None,
    }


def _not_saved(attempt_id: int, packet: Packet) -> ResponseReturnValue:
    """Why a packet changed nothing, and what the server holds instead."""
    held = service.held(attempt_id=attempt_id, who=access.token())
    now = clock.now()
    kept = _kept(held, now)
    if not held.over(now) and packet.sequence is not None and packet.sequence <= held.sequence:
        return jsonify(stale=True, **kept)
    if not held.over(now):
        error = service.impossible_answer()
        words = {"title": error.title, "happened": error.happened, "kept": error.kept, "todo": error.todo}
        return jsonify(error=words, **kept), error.status
    late = {
        "title": "Đã hết giờ làm bài" if held.state is not AttemptState.HANDED_IN else "Bài này đã nộp",
        "happened": _LATE,
        "kept": _counted(held),
        "todo": "Bạn mở trang kết quả để xem biên nhận.",
    }
    result_url = url_for("quiz.result", attempt_id=attempt_id)
    return jsonify(error=late, over=True, result=result_url, **kept), 409


def _counted(held: service.Held) -> str:
    return f"Máy chủ giữ {codes.answered(held.answers)} câu đã trả lời và chấm như thường."
