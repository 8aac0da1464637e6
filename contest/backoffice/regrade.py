"""The desk's pages of keys changed after the fact: the round's questions, one question with a preview of what another key would do, and the change itself."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.display import vn_number
from contest.core.errors import BadInput, DomainError, Refused
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.ledger import KeyChange, KeyRule
from contest.quiz.queries import previews
from contest.quiz.queries.keys import changed_questions, round_question, round_questions
from contest.quiz.queries.previews import Wanted
from contest.results import queries as results
from question_bank.schema import LETTERS


@bp.get(f"/dot-thi/<{ID}:round_id>/cham-lai")
@organizer
def regrade(round_id: int) -> ResponseReturnValue:
    """The questions of a round, to choose the one whose key was wrong, and every change so far with how far it has come."""
    search = asking.words()
    drawn = quiz.quiz_round(round_id)
    changes = quiz.key_changes(round_id)
    return render_template(
        "backoffice/regrade.html",
        round=contests.round_by_id(round_id, TrackKind.QUIZ),
        page=round_questions(round_id, search=search, page=asking.page()) if drawn and drawn.frozen_at else None,
        search=search,
        changes=changes,
        codes=changed_questions(round_id, (change.version_id for change in changes)),
        letters=LETTERS,
        how_far=_how_far,
    )


@bp.get(f"/dot-thi/<{ID}:round_id>/cham-lai/tien-do")
@organizer
def regrade_running(round_id: int) -> ResponseReturnValue:
    """How far the oldest change that is not finished has come; `running` is false once all are."""
    contests.round_by_id(round_id, TrackKind.QUIZ)
    waiting = [change for change in quiz.key_changes(round_id) if not change.done_at]
    return jsonify(running=bool(waiting), shown=_how_far(waiting[-1]) if waiting else "")


@bp.get(f"/dot-thi/<{ID}:round_id>/cham-lai/<{ID}:version_id>")
@organizer
def regrade_question(round_id: int, version_id: int) -> ResponseReturnValue:
    """One question; with another rule in the address, who would gain, lose and change places, or how far working that out has come."""
    wanted = _wanted(round_id, version_id, request.args)
    if wanted is None:
        return _page(round_id, version_id, None)
    try:
        said = service.preview_of(wanted)
    except (BadInput, Refused) as error:
        return _page(round_id, version_id, wanted, refused=error), 422
    return _page(round_id, version_id, wanted, said=said)


@bp.post(f"/dot-thi/<{ID}:round_id>/cham-lai/<{ID}:version_id>/xem-truoc")
@organizer
def regrade_ask(round_id: int, version_id: int) -> ResponseReturnValue:
    """Ask what another rule would do: in a large round a job works it out, and the page shows how far it is."""
    wanted = _wanted(round_id, version_id, request.form)
    if wanted is None:
        raise BadInput("Không rõ cách chấm.", kept="Chưa có gì thay đổi.", todo="Bạn chọn một cách chấm.")
    try:
        service.ask_for_preview(wanted)
    except (BadInput, Refused) as error:
        return _page(round_id, version_id, wanted, refused=error), 422
    return redirect(url_for("backoffice.regrade_question", _anchor="ket-qua", **_address(wanted)), 303)


@bp.get(f"/dot-thi/<{ID}:round_id>/cham-lai/<{ID}:version_id>/tien-do")
@organizer
def regrade_progress(round_id: int, version_id: int) -> ResponseReturnValue:
    """How far the preview has come, in parts of a hundred; `running` is false once it is there, or nobody asked for it."""
    contests.round_by_id(round_id, TrackKind.QUIZ)
    wanted = _wanted(round_id, version_id, request.args)
    progress = previews.preview_progress(wanted) if wanted else None
    done = progress.done if progress else 0
    return jsonify(running=progress is not None, done=done, total=100, shown=f"{done}%")


@bp.post(f"/dot-thi/<{ID}:round_id>/cham-lai/<{ID}:version_id>")
@organizer
def regrade_change(round_id: int, version_id: int) -> ResponseReturnValue:
    """Change the key as it was seen; marking anew begins within seconds and its progress stands on the round's page of changes."""
    reason = asking.reason()
    wanted = _wanted(round_id, version_id, request.form)
    if wanted is None:
        raise BadInput("Không rõ cách chấm.", kept="Chưa có gì thay đổi.", todo="Bạn chọn một cách chấm.")
    with unit_of_work():
        service.confirm_change(wanted, seen=request.form.get("xem", ""), actor_id=access.actor_id(), reason=reason)
        _publication_must_be_seen(round_id)
    flash("Đã ghi đáp án mới. Máy bắt đầu chấm lại trong vài giây.", "success")
    return redirect(url_for("backoffice.regrade", round_id=round_id))


def _publication_must_be_seen(round_id: int) -> None:
    """No publication came, or was revoked, since the page was opened: it told what a change would mean for the published list."""
    standing = results.standing_publication(round_id)
    number = f"{standing.number:02d}" if standing else ""
    if request.form.get("cong_bo", number) != number:
        raise Refused(
            f"Đợt này vừa có Công bố số {number}." if standing else "Công bố của đợt này vừa được thu hồi.",
            kept="Đáp án và điểm giữ nguyên.",
            todo="Chấm lại không đổi công bố. Bạn tải lại trang để xem, rồi đổi nếu vẫn cần.",
        )


def _page(
    round_id: int,
    version_id: int,
    wanted: Wanted | None,
    *,
    said: previews.Preview | None = None,
    refused: DomainError | None = None,
) -> str:
    """One question with what is known of the change that is looked at."""
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    prizes = _prizes(round_id)
    waits = wanted is not None and said is None and refused is None
    return render_template(
        "backoffice/regrade_question.html",
        round=round_,
        state=round_.state(clock.now()),
        question=round_question(round_id, version_id),
        rule=wanted.rule if wanted else None,
        key=wanted.key if wanted else 0,
        address=_address(wanted) if wanted else {},
        said=said,
        refused=refused,
        progress=previews.preview_progress(wanted) if wanted and waits else None,
        gone=waits,
        failed=wanted is not None and waits and previews.WAITING.failed(wanted.word),
        stale=previews.changed_since(said.ground, previews.ground_of(round_, wanted)) if said and wanted else [],
        prizes=prizes,
        moves=said.winners(prizes) if said else ([], []),
        publication=results.standing_publication(round_id),
        letters=LETTERS,
    )


def _wanted(round_id: int, version_id: int, given: MultiDict[str, str]) -> Wanted | None:
    """The change that was chosen; None without a known rule."""
    rule = next((rule for rule in KeyRule if rule.value == given.get("cach")), None)
    if rule is None:
        return None
    key = _mask(given.getlist("dung")) if rule is KeyRule.KEY else 0
    return Wanted(round_id, version_id, rule, key, _prizes(round_id))


def _address(wanted: Wanted) -> dict[str, Any]:
    """What names a change in an address."""
    ticked = [place for place in range(len(LETTERS)) if wanted.key >> place & 1]
    return {
        "round_id": wanted.round_id,
        "version_id": wanted.version_id,
        "cach": wanted.rule.value,
        "dung": ticked or None,
    }


def _how_far(change: KeyChange) -> str:
    """What marking anew has done so far."""
    return f"đã xem {vn_number(change.seen)} lượt có câu này, {vn_number(change.changed)} lượt đổi điểm"


def _prizes(round_id: int) -> int:
    return sum(prize.places for prize in results.offers(round_id))


def _mask(places: list[str]) -> int:
    """The bit mask of the choices that were ticked, by their positions from 0; strange ones are left out."""
    known = {str(place): 1 << place for place in range(len(LETTERS))}
    return sum(known[place] for place in set(places) if place in known)
