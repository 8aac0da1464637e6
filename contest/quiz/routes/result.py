"""What is left of a sitting: its result and its receipt; HTTP only."""

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import entrant
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.errors import NotFound
from contest.quiz import queries, rules
from contest.quiz.forms import PressForm
from contest.quiz.routes import own
from contest.quiz.routes.blueprint import ATTEMPT, bp
from contest.quiz.rules import FINISHED, AttemptState
from question_bank import answers as codes


@bp.get(ATTEMPT + "/ket-qua")
@entrant
def result(attempt_id: int) -> ResponseReturnValue:
    """The receipt, and as much of the result as the rules show now."""
    found = own.attempt(attempt_id)
    if found.state is AttemptState.OPEN:
        return redirect(url_for("quiz.attempt", attempt_id=attempt_id))
    round_, params, state = own.round_of(found)
    closed, sat_until = state is RoundState.CLOSED, queries.sat_until(round_, clock.now())
    over = closed and sat_until is None
    key = rules.may_see_key(params, over=over)
    sheet = queries.marked_sheet(round_.id, found.seed, found.answers, found.marked) if key else []
    score_shown = found.graded_at is not None and rules.may_see_score(params, over=over)
    mine = [row.attempt for row in queries.my_attempts(found.entrant_id, found.round_id)]
    return render_template(
        "quiz/result.html",
        attempt=found,
        me=access.me(),
        round=round_,
        params=params,
        closed=closed,
        sat_until=sat_until,
        score_shown=score_shown,
        marked_soon=found.state in FINISHED and found.graded_at is None and rules.may_see_score(params, over=over),
        rank=queries.my_rank(round_, found.entrant_id, clock.now(), params=params, own=mine) if score_shown else None,
        answered=codes.answered(found.answers),
        guess=rules.shown_prediction(found.prediction, params),
        sheet=sheet,
        seal=_in_fours(found.digest or ""),
        again=state is RoundState.OPEN and own.attempts_left(round_, access.visit(), len(mine)) != 0,
        number=max(attempt.number for attempt in mine) + 1,
        form=PressForm(formdata=None),
    )


@bp.get(ATTEMPT + "/cham")
@entrant
def marking(attempt_id: int) -> ResponseReturnValue:
    """Whether the attempt still waits for its marks, for the script of its result."""
    found = own.attempt(attempt_id)
    return jsonify(running=found.state in FINISHED and found.graded_at is None)


@bp.get(ATTEMPT + "/bien-nhan.txt")
@entrant
def receipt_file(attempt_id: int) -> ResponseReturnValue:
    """The receipt as a small text that its owner keeps, with what the seal was made of, so that anybody can make it again."""
    found = own.attempt(attempt_id)
    if found.receipt is None or found.handed_in_at is None:
        raise NotFound("Lượt thi này chưa có biên nhận.", todo="Bạn nộp bài trước.")
    round_, _, _ = own.round_of(found)
    text = render_template(
        "quiz/receipt.txt",
        attempt=found,
        round=round_,
        sealed=rules.sealed(
            receipt=found.receipt,
            answers=found.answers,
            prediction=found.prediction,
            handed_in_at=found.handed_in_at,
        ),
        check=url_for("public.check", ma=found.receipt, _external=True),
    )
    heads = {"Content-Disposition": f'attachment; filename="bien-nhan-{found.receipt}.txt"'}
    return text, {"Content-Type": "text/plain; charset=utf-8", **heads}


def _in_fours(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
