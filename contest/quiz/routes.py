"""Pages of the quiz room: the track, a sitting, its hand-in and result, the leaderboard; HTTP only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from contest.accounts import access
from contest.accounts.access import entrant, entrant_token, public
from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState, TrackKind, ticking
from contest.core import clock, queue, storage
from contest.core.db import single_statement, unit_of_work
from contest.core.display import iso_utc, vn_time
from contest.core.errors import BadInput, DomainError, NotFound
from contest.quiz import jobs, labels, pictures, queries, ranks, rules, service
from contest.quiz.forms import MOST_BYTES, PressForm, packet_of_form, packet_of_json
from contest.quiz.models import Attempt
from contest.quiz.paper_html import navigator_html, questions_html
from contest.quiz.queries import Sitting, standings
from contest.quiz.queries.board import kept_for_all
from contest.quiz.rules import AttemptState, Packet
from question_bank import answers as codes

bp = Blueprint("quiz", __name__, url_prefix="/thi-trac-nghiem")
BEGIN = "/dot/<int(max=9223372036854775807):round_id>/bat-dau"
_ROWS = "<!-- rows -->"
ATTEMPT = "/luot/<int(max=9223372036854775807):attempt_id>"


@bp.get("")
@public
def track() -> ResponseReturnValue:
    """The track: its rounds, their rules as sentences, my attempts, and the button that starts or resumes."""
    found, now, visit = contests.track_of(TrackKind.QUIZ), clock.now(), access.visit()
    round_ = contests.round_that_matters(found, now)
    mine = queries.my_attempts(visit.account_id) if visit and visit.role is Role.ENTRANT else []
    here = [row.attempt for row in mine if round_ and row.attempt.round_id == round_.id]
    params = round_.rules if round_ else None
    assert params is None or isinstance(params, QuizParams)
    clock_shows = ticking(now, round_.paused_at if round_ else None)
    return render_template(
        "quiz/track.html",
        track=found,
        round=round_,
        state=round_.state(now) if round_ else None,
        params=params,
        sentences=rules.sentences(params) if params else [],
        minutes=_minutes_left(round_, now) if round_ else None,
        mine=mine,
        running=next((a for a in here if a.state is AttemptState.OPEN and a.deadline > clock_shows), None),
        left=_attempts_left(round_, visit, len(here)) if round_ else None,
        changes=contests.rule_changes([round_.id]).get(round_.id, []) if round_ else [],
        pauses=contests.pauses([round_.id]).get(round_.id, []) if round_ else [],
        differences=labels.differences,
        number=max((a.number for a in here), default=0) + 1,
        visit=visit,
        may_enter=visit is None or visit.role is Role.ENTRANT,
        form=PressForm(formdata=None),
    )


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
    return _to_result(attempt_id) if found.over(clock.now()) else _paper(found)


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
    return jsonify(
        sequence=saved.sequence,
        saved_at=iso_utc(saved.saved_at),
        remaining_ms=saved.remaining_ms,
        paused=saved.paused_at is not None,
    )


@bp.get(ATTEMPT + "/xem-lai")
@entrant
def review(attempt_id: int) -> ResponseReturnValue:
    """What is answered and what is blank, the prediction, and the button that hands in."""
    found = _own(attempt_id)
    return _review(found) if found.state is AttemptState.OPEN else _to_result(attempt_id)


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
        return _to_result(attempt_id)
    return jsonify(
        receipt=done.receipt,
        handed_in_at=iso_utc(done.handed_in_at) if done.handed_in_at else None,
        state=done.state.value,
        fresh=done.fresh,
        result=url_for("quiz.result", attempt_id=attempt_id),
    )


@bp.get(ATTEMPT + "/ket-qua")
@entrant
def result(attempt_id: int) -> ResponseReturnValue:
    """The receipt, and as much of the result as the rules show now."""
    found = _own(attempt_id)
    if found.state is AttemptState.OPEN:
        return redirect(url_for("quiz.attempt", attempt_id=attempt_id))
    round_, params, state = _round_of(found)
    key = rules.may_see_key(params, state)
    sheet = queries.marked_sheet(round_.id, found.seed, found.answers, found.marked) if key else []
    mine = [row.attempt.number for row in queries.my_attempts(found.entrant_id, found.round_id)]
    return render_template(
        "quiz/result.html",
        attempt=found,
        me=access.me(),
        round=round_,
        params=params,
        closed=state is RoundState.CLOSED,
        score_shown=found.graded_at is not None and rules.may_see_score(params, state),
        score_to_come=rules.may_see_score(params, state),
        answered=codes.answered(found.answers),
        guess=rules.shown_prediction(found.prediction, params),
        sheet=sheet,
        seal=_in_fours(found.digest or ""),
        again=state is RoundState.OPEN and _attempts_left(round_, access.visit(), len(mine)) != 0,
        number=max(mine) + 1,
        form=PressForm(formdata=None),
    )


@bp.get("/hinh/<address>")
@public
def picture(address: str) -> ResponseReturnValue:
    """The picture of a question, by the hash of its content, which nobody can guess before a paper shows it."""
    if not queries.has_picture(address) or not storage.exists(address):
        raise NotFound("Không có hình này.")
    reply = Response(storage.stream(address), mimetype=pictures.MEDIA_TYPE)
    reply.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return reply


@bp.get(ATTEMPT + "/bien-nhan.txt")
@entrant
def receipt_file(attempt_id: int) -> ResponseReturnValue:
    """The receipt as a small text that its owner keeps, with what the seal was made of, so that anybody can make it again."""
    found = _own(attempt_id)
    if found.receipt is None or found.handed_in_at is None:
        raise NotFound("Lượt thi này chưa có biên nhận.", todo="Bạn nộp bài trước.")
    round_, _, _ = _round_of(found)
    text = render_template(
        "quiz/receipt.txt",
        attempt=found,
        round=round_,
        sealed=rules.sealed(
            attempt_id=found.id,
            answers=found.answers,
            prediction=found.prediction,
            handed_in_at=found.handed_in_at,
        ),
        check=url_for("public.check", ma=found.receipt, _external=True),
    )
    heads = {"Content-Disposition": f'attachment; filename="bien-nhan-{found.receipt}.txt"'}
    return text, {"Content-Type": "text/plain; charset=utf-8", **heads}


@bp.get("/bang-xep-hang")
@public
def leaderboard() -> ResponseReturnValue:
    """The board of a round: live while it runs, by all the rules once it is over. Strangers all get the same page, made anew every few seconds."""
    if session:
        return _leaderboard()
    asked = tuple(request.args.get(name, "")[:20] for name in ("dot", "page", "khoi", "xem"))
    page: str = kept_for_all((request.script_root, *asked), _shared_leaderboard)
    return page


def _shared_leaderboard() -> str:
    """What strangers get. All pages of a closed round but the first have one frame, so that a page costs one query and its rows."""
    page = _asked_page()
    if page == 1:
        return _leaderboard()
    asked = tuple(request.args.get(name, "")[:20] for name in ("dot", "khoi", "xem"))
    frame: _Frame | None = kept_for_all((request.script_root, "frame", *asked), _frame)
    if frame is None:
        return _leaderboard()
    given = frame.given
    old: queries.BoardPage = given["board"]
    assert old.ledger is not None
    board = queries.final_page(old.ledger, old.actual, page=page, bloc=given["bloc"])
    return frame.before + render_template("quiz/_board.html", **(given | {"board": board})) + frame.after


@dataclass(frozen=True)
class _Frame:
    """A page of a closed board without its rows, and what the rows are rendered with."""

    before: str
    after: str
    given: dict[str, Any]


def _frame() -> _Frame | None:
    given: dict[str, Any] = {}
    whole = _leaderboard(given)
    if not given or not given["board"].final:
        return None
    before, _, after = whole.partition(_ROWS)
    names = ("board", "params", "bloc", "criteria")
    round_ = {"number": given["round"].number, "title": given["round"].title}
    return _Frame(before, after, {name: given[name] for name in names} | {"round": round_, "mine": None})


def _asked_page() -> int:
    return min(max(1, request.args.get("page", default=1, type=int)), 10**6)


def _leaderboard(framed: dict[str, Any] | None = None) -> str:
    """The whole page; with `framed`, a mark instead of the rows, and there what they are rendered with."""
    found, now, visit = contests.track_of(TrackKind.QUIZ), clock.now(), access.visit()
    begun = [r for r in found.rounds if r.state(now) is not RoundState.SOON]
    wanted = request.args.get("dot", type=int)
    round_ = next((r for r in begun if r.number == wanted), None)
    if wanted is not None and round_ is None:
        raise NotFound("Không có bảng xếp hạng của đợt này.", todo="Bạn chọn đợt khác ở trang Bảng xếp hạng.")
    round_ = round_ or max(begun, key=lambda r: r.opens_at, default=None)
    if round_ is None:
        return render_template("quiz/leaderboard.html", track=found, round=None, rounds=[], board=None)
    bloc = standings.OUTSIDE if request.args.get("khoi") == "ngoai-tinh" else None
    mine = queries.my_place(round_, visit.account_id, now) if visit and visit.role is Role.ENTRANT else None
    board = queries.board_page(round_, now, page=_asked_page(), bloc=bloc)
    params = round_.rules
    assert isinstance(params, QuizParams)
    looked_at = _place_looked_at(round_) if board.final else None
    explained = looked_at or (mine if isinstance(mine, queries.RankedAttempt) else None)
    given = {
        "track": found,
        "round": round_,
        "rounds": begun,
        "state": round_.state(now),
        "params": params,
        "board": board,
        "bloc": bloc,
        "mine": mine,
        "looked_at": looked_at,
        "trace": queries.trace_of(round_, explained) if explained else [],
        "regraded": [change for change in queries.key_changes(round_.id) if change.done_at],
        "visit": visit,
        "criteria": ranks.criteria(params),
    }
    if framed is not None:
        framed.update(given)
    rows = Markup(_ROWS) if framed is not None else Markup(render_template("quiz/_board.html", **given))  # nosec B704
    return render_template("quiz/leaderboard.html", rows=rows, **given)


def _place_looked_at(round_: Round) -> queries.RankedAttempt | None:
    """The place whose grounds the address asks for."""
    position = request.args.get("xem", default=0, type=int)
    return queries.at_position(round_, position) if 0 < position < 2**31 else None


def _paper(found: Sitting) -> str:
    bank = queries.frozen_bank(found.round_id, found.frozen_at)
    return render_template(
        "quiz/attempt.html",
        attempt=found,
        contest=found.contest,
        questions=questions_html(bank, found.seed, answers=found.answers, marked=found.marked),
        navigator=navigator_html(found.answers, found.marked),
        answered=codes.answered(found.answers),
        remaining_ms=found.remaining_ms(clock.now()),
    )


def _attempts_left(round_: Round, visit: access.Visit | None, used: int) -> int | None:
    """How many attempts a visitor still has, with those granted beyond the rules; None where the rules set no limit."""
    params = round_.rules
    if not isinstance(params, QuizParams) or not params.attempts:
        return None
    granted = contests.extra_attempts_of(round_.id, visit.account_id) if visit else 0
    return max(0, params.attempts + granted - used)


def _own(attempt_id: int) -> Attempt:
    """My attempt; one whose time ran out is handed in first, with what it held."""
    found = queries.own_attempt(attempt_id, access.actor_id())
    if found.state is AttemptState.OPEN and service.held(attempt_id=attempt_id, who=found.entrant_id).over(clock.now()):
        with unit_of_work():
            service.hand_in(attempt_id=attempt_id, who=access.actor_id())
            queue.enqueue(queue.QUIZ, jobs.grade, once="grade")
        found = queries.own_attempt(attempt_id, access.actor_id())
    return found


def _save_form(attempt_id: int) -> ResponseReturnValue:
    packet = packet_of_form(request.form)
    with single_statement():
        saved = service.save(attempt_id=attempt_id, who=access.token(), packet=packet)
    if saved is None:
        if not service.held(attempt_id=attempt_id, who=access.token()).over(clock.now()):
            raise service.impossible_answer()
        return _to_result(attempt_id)
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
    answered = codes.answered(held.answers)
    late = {
        "title": "Đã hết giờ làm bài" if held.state is not AttemptState.HANDED_IN else "Bài này đã nộp",
        "happened": "Phần vừa gửi đến sau khi lượt thi kết thúc nên không được nhận.",
        "kept": f"Máy chủ giữ {answered} câu đã trả lời và chấm như thường.",
        "todo": "Bạn mở trang kết quả để xem biên nhận.",
    }
    result_url = url_for("quiz.result", attempt_id=attempt_id)
    return jsonify(error=late, over=True, result=result_url, **kept), 409


def _refused_prediction(attempt_id: int, error: DomainError) -> ResponseReturnValue:
    """The review again, with what is wrong with the number typed in."""
    visit = access.visit()
    if visit is None or visit.role is not Role.ENTRANT:
        raise NotFound()
    found = queries.own_attempt(attempt_id, visit.account_id)
    if found.state is not AttemptState.OPEN:
        return _to_result(attempt_id)
    return _review(found, typed=request.form.get("prediction", "")[:40], error=error.happened), 422


def _review(found: Attempt, *, typed: str | None = None, error: str = "") -> str:
    round_, params, _ = _round_of(found)
    needs = contests.accommodation_of(found.entrant_id)
    blanks = [number for number, char in enumerate(found.answers, 1) if char == codes.BLANK]
    return render_template(
        "quiz/review.html",
        attempt=found,
        round=round_,
        blanks=blanks,
        answered=len(found.answers) - len(blanks),
        remaining_ms=rules.milliseconds(ticking(clock.now(), round_.paused_at), found.deadline),
        large_print=needs is not None and needs.large_print,
        params=params,
        question=rules.prediction_question(params, round_.title),
        guess=rules.shown_prediction(found.prediction, params),
        typed=typed,
        error=error,
        form=PressForm(formdata=None),
    )


def _round_of(found: Attempt) -> tuple[Round, QuizParams, RoundState]:
    round_ = contests.round_by_id(found.round_id, TrackKind.QUIZ)
    params = round_.rules
    assert isinstance(params, QuizParams)
    return round_, params, round_.state(clock.now())


def _minutes_left(round_: Round, now: Any) -> int | None:
    """The minutes that an attempt begun now would have, where the round's close makes them fewer than the rules give."""
    params = round_.rules
    if not isinstance(params, QuizParams) or not params.minutes or not params.close_cuts_short:
        return None
    left = int((round_.closes_at - now).total_seconds() // 60)
    return left if 0 <= left < params.minutes else None


def _to_result(attempt_id: int) -> ResponseReturnValue:
    return redirect(url_for("quiz.result", attempt_id=attempt_id), 303)


def _in_fours(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
