"""The judge's desk: the queue, one blind entry with its scorecard, its picture; HTTP only."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.access import actor_id, judge
from contest.contests.rules import TrackKind
from contest.core.db import unit_of_work
from contest.core.display import vn_time
from contest.core.errors import DomainError
from contest.core.forms import clean
from contest.essay import queries as essays
from contest.judging import queries, service
from contest.judging.forms import ConflictForm, ScorecardForm, marks_of, packet, whole
from contest.judging.rules import levels, tens
from contest.judging.service import Held
from contest.photo import queries as photos

bp = Blueprint("judging", __name__, url_prefix="/ban-cham")
CARD = "<veiled(assignment):assignment_id>"


@bp.get("")
@judge
def desk() -> ResponseReturnValue:
    """What waits for this judge."""
    return render_template("judging/desk.html", queues=queries.queues_of(actor_id()))


@bp.get(f"/{CARD}")
@judge
def entry(assignment_id: int) -> ResponseReturnValue:
    """One blind entry beside its scorecard."""
    return _page(assignment_id)


@bp.post(f"/{CARD}/luu")
@judge
def save(assignment_id: int) -> ResponseReturnValue:
    """Keep the marks so far; the page sends them by itself."""
    marks, comment, sequence = packet()
    with unit_of_work():
        held = service.save(
            assignment_id=assignment_id, judge_id=actor_id(), marks=marks, comment=comment, sequence=sequence
        )
    return jsonify(
        sequence=held.sequence,
        stale=held.stale,
        marks=held.marks,
        comment=held.comment,
        total=held.total,
        saved_at=vn_time(held.saved_at),
    )


@bp.post(f"/{CARD}")
@judge
def keep_or_sign(assignment_id: int) -> ResponseReturnValue:
    """The scorecard's own buttons: save, or save and sign."""
    marks, comment = marks_of(request.form), clean(request.form.get("comment", ""))
    sequence = whole(request.form.get("sequence", "0")) + 1
    try:
        with unit_of_work():
            held = service.save(
                assignment_id=assignment_id, judge_id=actor_id(), marks=marks, comment=comment, sequence=sequence
            )
        if held.stale:
            return _page(assignment_id, typed=(marks, comment), newer=held), 409
        if request.form.get("act") == "sign":
            with unit_of_work():
                service.sign(assignment_id=assignment_id, judge_id=actor_id(), sequence=sequence)
            return _after_signing(assignment_id)
    except DomainError as error:
        if error.status == 404:
            raise
        return _page(assignment_id, typed=(marks, comment), error=error), error.status
    flash(f"Đã lưu {vn_time(held.saved_at)}.", "success")
    return redirect(url_for("judging.entry", assignment_id=assignment_id))


@bp.route(f"/{CARD}/xung-dot", methods=["GET", "POST"])
@judge
def conflict(assignment_id: int) -> ResponseReturnValue:
    """Step back from an entry, with the reason."""
    found = queries.desk(assignment_id, actor_id())
    form = ConflictForm()
    if form.validate_on_submit():
        with unit_of_work():
            taken = service.declare_conflict(assignment_id=assignment_id, judge_id=actor_id(), reason=form.reason.data)
        what_now = (
            "Bài được chuyển cho giám khảo khác."
            if taken
            else "Hội đồng không còn giám khảo nào nhận được bài này; Ban Tổ chức được báo để thêm người."
        )
        flash(f"Đã ghi nhận xung đột với bài {found.blind_code}. {what_now}", "success")
        return redirect(url_for("judging.desk"))
    return render_template("judging/conflict.html", desk=found, form=form), 400 if form.errors else 200


@bp.get(f"/{CARD}/anh/<int:size>.jpg")
@judge
def picture(assignment_id: int, size: int) -> ResponseReturnValue:
    """The entry's photograph, upright and without metadata, at one of its three sizes."""
    content = photos.thumbnail(queries.entry_of(assignment_id, actor_id()), size)
    reply = Response(content, mimetype="image/jpeg")
    reply.headers["Cache-Control"] = "private, max-age=3600"
    return reply


def _after_signing(assignment_id: int) -> ResponseReturnValue:
    found = queries.desk(assignment_id, actor_id())
    flash(f"Đã ký phiếu chấm bài {found.blind_code}: {found.total} điểm.", "success")
    return redirect(url_for("judging.entry", assignment_id=assignment_id))


def _page(
    assignment_id: int,
    *,
    typed: tuple[dict[str, str], str] | None = None,
    error: DomainError | None = None,
    newer: Held | None = None,
) -> str:
    found = queries.desk(assignment_id, actor_id())
    marks, comment = typed or ({name: str(points) for name, points in found.marks.items()}, found.comment)
    content = (
        essays.blind_essay(found.entry_id) if found.kind is TrackKind.ESSAY else photos.blind_photo(found.entry_id)
    )
    return render_template(
        "judging/essay.html" if found.kind is TrackKind.ESSAY else "judging/photo.html",
        desk=found,
        content=content,
        marks=marks,
        comment=comment,
        levels=levels,
        tens=tens,
        form=ScorecardForm(sequence=str(found.sequence)),
        error=error,
        newer=newer,
    )
