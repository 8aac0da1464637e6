"""The end of a sitting: the review with the prediction, and the hand-in; HTTP only."""

from flask import flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import entrant, entrant_token
from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.core import clock, queue
from contest.core.db import single_statement
from contest.core.display import iso_utc
from contest.core.errors import BadInput, DomainError, NotFound
from contest.quiz import jobs, queries, rules, service
from contest.quiz.forms import MOST_BYTES, PressForm, packet_of_form, packet_of_json
from contest.quiz.models import Attempt
from contest.quiz.routes import own
from contest.quiz.routes.blueprint import ATTEMPT, bp
from contest.quiz.rules import AttemptState, Packet
from question_bank import answers as codes


@bp.get(ATTEMPT + "/xem-lai")
@entrant
def review(attempt_id: int) -> ResponseReturnValue:
    """What is answered and what is blank, the prediction, and the button that hands in."""
    found = own.attempt(attempt_id)
    return _review(found) if found.state is AttemptState.OPEN else own.to_result(attempt_id)


@bp.post(ATTEMPT + "/nop")
@entrant_token
def hand_in(attempt_id: int) -> ResponseReturnValue:
    """Hand in, exactly once; a second press finds the same receipt."""
    request.max_content_length = MOST_BYTES
    if request.is_json:
        data = request.get_json(silent=True)
        if data is None and request.get_data():  # A body cut off on its way must not end the attempt.
            raise BadInput("Máy chủ không đọc được bài vừa gửi.", kept="Bài chưa nộp.", todo="Bạn bấm Nộp bài lần nữa.")
        packet = packet_of_json(data) if data else Packet()
    else:
        try:
            packet = packet_of_form(request.form)
        except BadInput as error:
            return _refused_prediction(attempt_id, error)
    with single_statement():
        done = service.hand_in(attempt_id=attempt_id, who=access.token(), packet=packet)
    if done.fresh:
        queue.send(queue.QUIZ, jobs.grade, once="grade")
    if not request.is_json:
        held = service.held(attempt_id=attempt_id, who=access.token())
        if packet.prediction not in (None, rules.NO_GUESS if held.prediction is None else held.prediction):
            flash("Số dự đoán vừa gửi đến sau khi lượt thi kết thúc nên không được nhận.", "warning")
        return own.to_result(attempt_id)
    return jsonify(
        receipt=done.receipt,
        handed_in_at=iso_utc(done.handed_in_at) if done.handed_in_at else None,
        state=done.state.value,
        fresh=done.fresh,
        result=url_for("quiz.result", attempt_id=attempt_id),
    )


def _refused_prediction(attempt_id: int, error: DomainError) -> ResponseReturnValue:
    """The review again, with what is wrong with the number typed in."""
    visit = access.visit()
    if visit is None or visit.role is not Role.ENTRANT:
        raise NotFound()
    found = queries.own_attempt(attempt_id, visit.account_id)
    if found.state is not AttemptState.OPEN:
        return own.to_result(attempt_id)
    return _review(found, typed=request.form.get("prediction", "")[:40], error=error.happened), 422


def _review(found: Attempt, *, typed: str | None = None, error: str = "") -> str:
    round_, params, _ = own.round_of(found)
    needs = contests.accommodation_of(found.entrant_id)
    blanks = [number for number, char in enumerate(found.answers, 1) if char == codes.BLANK]
    return render_template(
        "quiz/review.html",
        attempt=found,
        round=round_,
        blanks=blanks,
        answered=len(found.answers) - len(blanks),
        paused_at=round_.paused_at,
        remaining_ms=rules.remaining_ms(clock.now(), deadline=found.deadline, paused_at=round_.paused_at),
        large_print=needs is not None and needs.large_print,
        params=params,
        question=rules.prediction_question(params, round_.title),
        guess=rules.shown_prediction(found.prediction, params),
        typed=typed,
        error=error,
        form=PressForm(formdata=None),
    )
