"""Pages of the essay room: the track, the editor, uploading, handing in, receipts; HTTP only."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import entrant, public
from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests.rules import EssayParams, TrackKind
from contest.core import clock, storage, uploads
from contest.core.db import unit_of_work
from contest.core.display import iso_utc, vn_time
from contest.core.errors import BadInput, DomainError, Refused, wants_json
from contest.core.forms import clean_line
from contest.core.security import limiter
from contest.core.uploads import View
from contest.entries.rules import EntryState
from contest.essay import jobs, queries, rules, service
from contest.essay.forms import DraftForm, HandInForm, UploadForm, draft_of_json
from contest.essay.queries import OwnEssay
from contest.essay.rules import Draft, FileState
from contest.essay.service import NotReady, Original, Stale

bp = Blueprint("essay", __name__)
ENTRY = "/thi-viet/<int(max=9223372036854775807):entry_id>"


@bp.get("/thi-viet")
@public
def track() -> ResponseReturnValue:
    """The track: its round, what is asked, and my essays."""
    found = contests.track_of(TrackKind.ESSAY)
    round_ = contests.round_that_matters(found, clock.now())
    visit = access.visit()
    g.private = visit is not None
    mine = queries.my_essays(visit.account_id) if visit and visit.role is Role.ENTRANT else []
    params = round_.rules if round_ else None
    used = sum(1 for row in mine if round_ and row.entry.round_id == round_.id)
    return render_template(
        "essay/track.html",
        track=found,
        round=round_,
        asked=rules.asked(params) if isinstance(params, EssayParams) else [],
        mine=mine,
        visit=visit,
        may_enter=visit is None or visit.role is Role.ENTRANT,
        left=(params.entries - used) if isinstance(params, EssayParams) and params.entries else None,
        form=UploadForm(formdata=None),
    )


@bp.post("/thi-viet/bai-moi")
@entrant
@limiter.limit("20 per minute")
def new() -> ResponseReturnValue:
    """Begin a draft, with a file or without."""
    found = contests.track_of(TrackKind.ESSAY)
    round_ = contests.round_that_matters(found, clock.now())
    if round_ is None:
        raise Refused("Phần thi viết chưa có đợt nào.", todo="Bạn quay lại khi Ban Tổ chức mở đợt thi.")
    round_id = round_.id
    if request.form.get("with_file"):
        entry_id = _begin_with_file(round_id, round_.rules)
    else:
        with unit_of_work():
            entry_id = service.begin(round_=contests.round_by_id(round_id, TrackKind.ESSAY), entrant=access.me()).id
    return redirect(url_for("essay.edit", entry_id=entry_id), 303)


def _begin_with_file(round_id: int, params: object) -> int:
    entrant_id = access.actor_id()
    with _sent_file(params) as (view, original):
        with unit_of_work():
            round_ = contests.round_by_id(round_id, TrackKind.ESSAY)
            service.expect_essay(round_=round_, entrant_id=entrant_id, original=original)
        with storage.waiting(uploads.pieces(view), original.address) as content, unit_of_work():
            entry = service.begin(round_=contests.round_by_id(round_id, TrackKind.ESSAY), entrant=access.me())
            sent = service.upload(entry_id=entry.id, entrant_id=entrant_id, original=original, replace=False)
            content.keep()
            jobs.ask_to_read(entrant_id, sent)
            return sent.entry_id


@bp.route(ENTRY, methods=["GET", "POST"])
@entrant
@limiter.limit("120 per minute", methods=["POST"])
def edit(entry_id: int) -> ResponseReturnValue:
    """The editor; its form saves without a script."""
    if request.method == "POST":
        return _save_form(entry_id)
    own = queries.own_essay(entry_id, access.me())
    if own.entry.state is not EntryState.DRAFT:
        return redirect(url_for("essay.receipt", entry_id=entry_id))
    if own.essay.file_state is FileState.READING:
        return redirect(url_for("essay.upload", entry_id=entry_id))
    if not own.entry.round.is_open(clock.now()):
        return redirect(url_for("essay.preview", entry_id=entry_id))
    return _editor(own)


def _editor(own: OwnEssay, *, error: DomainError | None = None) -> ResponseReturnValue:
    form = DraftForm.showing(own.draft, own.params)
    status = error.status if error else 200
    return render_template("essay/edit.html", own=own, form=form, error=error), status


def _save_form(entry_id: int) -> ResponseReturnValue:
    """Save, then go on to where the pressed button leads. What cannot be saved is shown again, never lost."""
    draft = DraftForm().draft()
    try:
        with unit_of_work():
            service.save(
                entry_id=entry_id,
                entrant=access.me(),
                draft=draft,
                acknowledge=clean_line(request.form.get("acknowledge", "")),
            )
    except Stale as error:
        return _conflict(entry_id, draft, error)
    except (BadInput, Refused) as error:
        own = queries.own_essay(entry_id, access.me())
        shown = queries.look(own.entry, own.essay, draft, access.me())
        return _editor(shown, error=error)
    following = {"preview": "essay.preview", "hand_in": "essay.hand_in"}.get(request.form.get("next", ""))
    if following is None:
        flash("Đã lưu bản nháp.", "success")
    return redirect(url_for(following or "essay.edit", entry_id=entry_id), 303)


def _conflict(entry_id: int, sent: Draft, error: Stale) -> ResponseReturnValue:
    own = queries.own_essay(entry_id, access.me())
    mine = Draft(sequence=error.held.sequence, theme=sent.theme, title=sent.title, body=sent.body)
    form = DraftForm.showing(mine, own.params)
    return render_template("essay/conflict.html", own=own, form=form, held=error.held, error=error), error.status


@bp.post(f"{ENTRY}/luu")
@entrant
@limiter.limit("120 per minute")
def save(entry_id: int) -> ResponseReturnValue:
    """Save for the script: JSON in, JSON out; a newer text elsewhere comes back instead of being overwritten."""
    draft, acknowledge = draft_of_json(request.get_json(silent=True))
    try:
        with unit_of_work():
            saved = service.save(entry_id=entry_id, entrant=access.me(), draft=draft, acknowledge=acknowledge)
    except Stale as error:
        held = error.held
        words = {"title": error.title, "happened": error.happened, "kept": error.kept, "todo": error.todo}
        text = {"sequence": held.sequence, "theme": held.theme, "title": held.title, "body": held.body}
        return jsonify(error=words, held={**text, "saved": vn_time(error.saved_at)}), error.status
    own = queries.own_essay(entry_id, access.me())
    return jsonify(
        sequence=saved.draft.sequence,
        saved=vn_time(saved.saved_at),
        saved_at=iso_utc(saved.saved_at),
        words=own.count.words,
        leaks=render_template("essay/_leaks.html", own=own),
        checks=render_template("essay/_checks.html", own=own),
    )


@bp.get(f"{ENTRY}/xem-truoc")
@entrant
def preview(entry_id: int) -> ResponseReturnValue:
    """The text as judges will read it."""
    own = queries.own_essay(entry_id, access.me())
    return render_template("essay/preview.html", own=own, open=own.entry.round.is_open(clock.now()))


@bp.route(f"{ENTRY}/tep", methods=["GET", "POST"])
@entrant
@limiter.limit("20 per minute", methods=["POST"])
def upload(entry_id: int) -> ResponseReturnValue:
    """Upload a .docx into a draft, and see how its reading goes."""
    own = queries.own_essay(entry_id, access.me())
    if wants_json():
        return jsonify(state=own.essay.file_state.value)
    if request.method == "GET" and own.entry.state is not EntryState.DRAFT:
        return redirect(url_for("essay.receipt", entry_id=entry_id))
    form = UploadForm()
    if form.validate_on_submit():
        _upload(entry_id, own.params, replace=form.replace.data)
        return redirect(url_for("essay.upload", entry_id=entry_id), 303)
    return render_template("essay/upload.html", own=own, form=form, reading=own.essay.file_state is FileState.READING)


def _upload(entry_id: int, params: EssayParams, *, replace: bool) -> None:
    entrant_id = access.actor_id()
    with _sent_file(params) as (view, original):
        with unit_of_work():
            service.expect_upload(entry_id=entry_id, entrant_id=entrant_id, original=original, replace=replace)
        with storage.waiting(uploads.pieces(view), original.address) as content, unit_of_work():
            sent = service.upload(entry_id=entry_id, entrant_id=entrant_id, original=original, replace=replace)
            content.keep()
            jobs.ask_to_read(entrant_id, sent)


@contextmanager
def _sent_file(params: object) -> Iterator[tuple[View, Original]]:
    """The file of the form, and what is known of it, for as long as the block lasts; raises BadInput."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput("Bạn chưa chọn tệp.", todo="Bạn quay lại, chọn một tệp .docx rồi tải lên.", title="Chưa có tệp")
    megabytes = params.megabytes if isinstance(params, EssayParams) else EssayParams().megabytes
    with uploads.viewed(sent) as view:
        yield view, service.look_at(view, name=clean_line(sent.filename), megabytes=megabytes)


@bp.post(f"{ENTRY}/tep/thoi")
@entrant
def stop_reading(entry_id: int) -> ResponseReturnValue:
    """Write in the page after all."""
    with unit_of_work():
        service.stop_reading(entry_id=entry_id, entrant_id=access.actor_id())
    return redirect(url_for("essay.edit", entry_id=entry_id), 303)


@bp.route(f"{ENTRY}/nop", methods=["GET", "POST"])
@entrant
@limiter.limit("30 per minute", methods=["POST"])
def hand_in(entry_id: int) -> ResponseReturnValue:
    """The last look, the declarations, and the hand-in."""
    own = queries.own_essay(entry_id, access.me())
    if own.entry.state is not EntryState.DRAFT:
        return redirect(url_for("essay.receipt", entry_id=entry_id), 303)
    form = HandInForm(sequence=str(own.draft.sequence))
    error: DomainError | None = None
    if form.validate_on_submit():
        sent = form.sequence.data or ""
        known = sent.isascii() and sent.isdigit() and len(sent) <= len(str(rules.SEQUENCE_LAST))
        try:
            with unit_of_work():
                service.hand_in(entry_id=entry_id, entrant=access.me(), sequence=int(sent) if known else -1)
            return redirect(url_for("essay.receipt", entry_id=entry_id), 303)
        except (NotReady, Stale, Refused) as refused:
            error = refused
            own = queries.own_essay(entry_id, access.me())
            form.sequence.data = str(own.draft.sequence)
    status = error.status if error else 422 if form.is_submitted() else 200
    is_open = own.entry.round.is_open(clock.now())
    return render_template("essay/hand_in.html", own=own, form=form, error=error, open=is_open), status


@bp.get(f"{ENTRY}/bien-nhan")
@entrant
def receipt(entry_id: int) -> ResponseReturnValue:
    """What was handed in, with its receipt."""
    own = queries.own_essay(entry_id, access.me())
    if own.entry.receipt is None:
        return redirect(url_for("essay.edit", entry_id=entry_id))
    return render_template(
        "essay/receipt.html",
        own=own,
        seal=rules.seal_groups(own.entry.digest or ""),
        open=own.entry.round.is_open(clock.now()),
    )


@bp.get(f"{ENTRY}/bien-nhan/ban-in")
@entrant
def receipt_print(entry_id: int) -> ResponseReturnValue:
    """The receipt for paper."""
    own = queries.own_essay(entry_id, access.me())
    if own.entry.receipt is None:
        return redirect(url_for("essay.edit", entry_id=entry_id))
    seal = rules.seal_groups(own.entry.digest or "")
    return render_template("essay/receipt_print.html", own=own, seal=seal, author=access.me())


@bp.post(f"{ENTRY}/rut")
@entrant
def withdraw(entry_id: int) -> ResponseReturnValue:
    """Take a handed-in essay back."""
    with unit_of_work():
        service.withdraw(entry_id=entry_id, entrant_id=access.actor_id())
    flash("Đã rút bài. Bài trở lại thành bản nháp; biên nhận cũ không còn giá trị.", "success")
    return redirect(url_for("essay.edit", entry_id=entry_id), 303)


@bp.post(f"{ENTRY}/bo")
@entrant
def discard(entry_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    with unit_of_work():
        service.discard(entry_id=entry_id, entrant_id=access.actor_id())
    flash("Đã bỏ bản nháp.", "success")
    return redirect(url_for("essay.track"), 303)
