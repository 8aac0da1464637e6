"""Pages of the photo room: the track, sending photographs, one's own works, the gallery; HTTP only."""

from typing import Any

from flask import Blueprint, flash, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from contest.accounts import access
from contest.accounts.access import entrant, public, signed_in
from contest.accounts.rules import Role, may_act_as
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import PhotoParams, TrackKind
from contest.core import clock, storage, uploads
from contest.core.db import unit_of_work
from contest.core.display import vn_time
from contest.core.errors import BadInput, DomainError, NotFound, Refused, wants_json
from contest.core.forms import clean_line
from contest.core.security import limiter
from contest.entries import service as entries
from contest.entries.rules import can_edit, can_withdraw
from contest.photo import jobs, queries, rules, service
from contest.photo.forms import HandInForm, UploadForm, WordsForm
from contest.photo.queries import Work
from contest.photo.service import Overtaken

bp = Blueprint("photo", __name__)
ENTRY = "/thi-anh/<int(max=9223372036854775807):entry_id>"
SIZE = "<int(max=9999):size>"
WORK = "/thu-vien-anh/<veiled(work):entry_id>"
YEAR, WEEK = 365 * 86400, 7 * 86400


@bp.get("/thi-anh")
@public
def track() -> ResponseReturnValue:
    """The track: its round, what is asked, where to send, and my works."""
    return _track([])


def _track(refused: list[dict[str, str]]) -> str:
    found = contests.track_of(TrackKind.PHOTO)
    round_ = contests.round_that_matters(found, clock.now())
    visit = access.visit()
    g.private = visit is not None
    mine = queries.my_works(visit.account_id) if visit and visit.role is Role.ENTRANT else []
    params = round_.rules if round_ else None
    used = sum(1 for work in mine if round_ and work.entry.round_id == round_.id)
    return render_template(
        "photo/track.html",
        track=found,
        round=round_,
        params=params,
        asked=rules.asked(params) if isinstance(params, PhotoParams) else [],
        mine=mine,
        visit=visit,
        may_enter=visit is None or visit.role is Role.ENTRANT,
        left=max(0, params.entries - used) if isinstance(params, PhotoParams) and params.entries else None,
        refused=refused,
        form=UploadForm(formdata=None),
    )


@bp.post("/thi-anh/gui-anh")
@entrant
@limiter.limit("60 per minute")
def upload() -> ResponseReturnValue:
    """Take in photographs, each a work of its own; one that is refused says why and does not hold up the others."""
    round_ = contests.round_that_matters(contests.track_of(TrackKind.PHOTO), clock.now())
    if round_ is None or not round_.is_open(clock.now()):
        raise Refused("Phần thi ảnh hiện không nhận bài.", todo="Bạn xem thời gian nhận bài ở trang Thi ảnh.")
    files = [file for file in request.files.getlist("photos") if file.filename]
    if not files:
        raise BadInput("Chưa có tấm ảnh nào được chọn.", todo="Bạn quay lại và chọn ảnh từ máy.")
    accepted: list[tuple[str, int]] = []
    refused: list[dict[str, str]] = []
    for file in files[: rules.FILES_AT_ONCE]:
        name = clean_line((file.filename or "").replace("\\", "/").rsplit("/", 1)[-1])[:200] or "ảnh"
        try:
            accepted.append((name, _take_in(file, name, round_)))
        except DomainError as error:
            refused.append({"name": name, "title": error.title, "happened": error.happened, "todo": error.todo})
    if wants_json():
        works = [_state(queries.own_work(entry_id, access.actor_id())) for _, entry_id in accepted]
        return jsonify(accepted=works, refused=refused), 201 if accepted else 422
    if refused:
        return _track(refused), 422
    flash(f"Đã nhận {len(accepted)} tấm. Bạn đặt tên và viết chú thích cho từng tấm rồi nộp.", "success")
    return redirect(url_for("photo.track"), 303)


def _take_in(file: FileStorage, name: str, round_: Round) -> int:
    params = round_.rules
    assert isinstance(params, PhotoParams)
    round_id, entrant_id = round_.id, access.actor_id()
    with uploads.viewed(file) as view:
        original = service.look_at(view, name=name, params=params)
        with unit_of_work():
            known = service.expect_work(round_id=round_id, entrant_id=entrant_id, original=original)
        if known:
            return known.entry_id
        with storage.waiting(uploads.pieces(view), original.address) as content, unit_of_work():
            photo = service.begin_work(round_id=round_id, entrant_id=entrant_id, original=original)
            content.keep()
            jobs.ask_for_thumbnails(entrant_id, service.task_of(photo))
            return photo.entry_id


@bp.route(ENTRY, methods=["GET", "POST"])
@entrant
@limiter.limit("120 per minute", methods=["POST"])
def edit(entry_id: int) -> ResponseReturnValue:
    """A work: its picture, its words, handing in. The form saves without a script."""
    work = queries.own_work(entry_id, access.actor_id())
    params = work.entry.round.rules
    assert isinstance(params, PhotoParams)
    if request.method == "GET":
        if work.entry.receipt:
            return redirect(url_for("photo.receipt", entry_id=entry_id))
        return _editor(work, HandInForm.of(work, params))
    handing_in = request.form.get("act") == "hand_in"
    form = WordsForm.of(work, params)
    if wants_json():
        return _save_for_the_script(entry_id, form)
    if not form.validate_on_submit():
        return _editor(work, form), 422
    with unit_of_work():
        service.describe(
            entry_id=entry_id,
            entrant_id=access.actor_id(),
            words=form.words,
            acknowledge=clean_line(request.form.get("acknowledge", "")),
        )
    if not handing_in:
        flash("Đã lưu bản nháp.", "success")
        return redirect(url_for("photo.edit", entry_id=entry_id), 303)
    form = HandInForm.of(queries.own_work(entry_id, access.actor_id()), params)
    assert isinstance(form, HandInForm)
    if not _complete(form, entry_id, params):
        return _editor(queries.own_work(entry_id, access.actor_id()), form), 422
    with unit_of_work():
        service.hand_in(entry_id=entry_id, entrant_id=access.actor_id())
    return redirect(url_for("photo.receipt", entry_id=entry_id), 303)


def _save_for_the_script(entry_id: int, form: WordsForm) -> ResponseReturnValue:
    """Keep the words as they are typed; what was kept meanwhile from elsewhere comes back instead of being overwritten."""
    if not form.validate_on_submit():
        wrong = next((words for words in form.errors.values() if words), [""])[0]
        raise BadInput(str(wrong), kept="Những gì đã lưu trước đó vẫn còn nguyên.", todo="Bạn sửa rồi lưu lại.")
    try:
        with unit_of_work():
            entry = service.describe(
                entry_id=entry_id,
                entrant_id=access.actor_id(),
                words=form.words,
                base=request.form.get("base", ""),
            )
    except Overtaken as error:
        told = {"title": error.title, "happened": error.happened, "kept": error.kept, "todo": error.todo}
        return jsonify(error=told, held={**vars(error.held), "base": error.base}), error.status
    found = render_template(
        "photo/_leaks.html", leaks=queries.open_leaks(queries.own_work(entry_id, access.actor_id()))
    )
    return jsonify(saved=vn_time(entry.updated_at), base=service.base_of(entry), leaks=found)


def _complete(form: HandInForm, entry_id: int, params: PhotoParams) -> bool:
    """True when nothing stands in the way of handing in; else the form says what."""
    sound = form.validate()
    work = queries.own_work(entry_id, access.actor_id())
    lacking = rules.missing(
        state=work.photo.state,
        title=work.entry.title,
        theme=work.entry.theme,
        caption=work.photo.caption,
        params=params,
        leaks=queries.open_leaks(work),
    )
    for name, words in lacking.items():
        if name in form:
            form[name].errors = [*form[name].errors, words]
        else:
            form.form_errors.append(words)
    return sound and not lacking


def _editor(work: Work, form: WordsForm) -> str:
    editable = can_edit(state=work.entry.state, round_open=work.entry.round.is_open(clock.now()))
    return render_template(
        "photo/edit.html",
        work=work,
        form=form,
        params=work.entry.round.rules,
        editable=editable,
        base=service.base_of(work.entry),
        leaks=queries.open_leaks(work),
    )


@bp.get(f"{ENTRY}/bien-nhan")
@entrant
def receipt(entry_id: int) -> ResponseReturnValue:
    """The receipt of a work that is handed in."""
    work = queries.own_work(entry_id, access.actor_id())
    if not work.entry.receipt:
        return redirect(url_for("photo.edit", entry_id=entry_id))
    withdrawable = can_withdraw(state=work.entry.state, round_open=work.entry.round.is_open(clock.now()))
    return render_template("photo/receipt.html", work=work, withdrawable=withdrawable)


@bp.post(f"{ENTRY}/rut-bai")
@entrant
def withdraw(entry_id: int) -> ResponseReturnValue:
    """Take a handed-in work back to a draft."""
    queries.own_work(entry_id, access.actor_id())
    with unit_of_work():
        entries.withdraw(entry_id=entry_id, entrant_id=access.actor_id())
    flash("Đã rút tác phẩm về bản nháp. Mã biên nhận cũ không còn giá trị.", "success")
    return redirect(url_for("photo.edit", entry_id=entry_id), 303)


@bp.post(f"{ENTRY}/bo")
@entrant
def discard(entry_id: int) -> ResponseReturnValue:
    """Remove a draft and free its place."""
    queries.own_work(entry_id, access.actor_id())
    with unit_of_work():
        service.discard(entry_id=entry_id, entrant_id=access.actor_id())
    flash("Đã bỏ tấm này. Chỗ của nó dùng được cho tấm khác.", "success")
    return redirect(url_for("photo.track"), 303)


@bp.get(f"{ENTRY}/trang-thai")
@entrant
def status(entry_id: int) -> ResponseReturnValue:
    """How the making of thumbnails goes, for the page that waits."""
    return jsonify(_state(queries.own_work(entry_id, access.actor_id())))


def _state(work: Work) -> dict[str, Any]:
    entry_id = work.entry.id
    found: dict[str, Any] = {
        "id": entry_id,
        "name": work.file.original_name,
        "state": work.photo.state.value,
        "words": work.words,
        "detail": work.detail,
        "url": url_for("photo.edit", entry_id=entry_id),
        "status": url_for("photo.status", entry_id=entry_id),
    }
    if work.ready:
        found["thumbnail"], found["picture"] = (
            url_for("photo.thumbnail", entry_id=entry_id, size=size, v=work.version(size)) for size in (320, 960)
        )
    return found


@bp.get(f"{ENTRY}/anh/{SIZE}.jpg")
@signed_in
def thumbnail(entry_id: int, size: int) -> ResponseReturnValue:
    """A thumbnail, for the work's entrant and for organisers; judges have their own way in the judging room."""
    _for_owner_or_organiser(entry_id)
    return _jpeg(queries.thumbnail(entry_id, size), f"private, max-age={YEAR}, immutable")


@bp.get(f"{ENTRY}/anh-goc")
@signed_in
def original(entry_id: int) -> ResponseReturnValue:
    """The file as it was sent, with all that the camera wrote in it; for its entrant and for organisers."""
    work = _for_owner_or_organiser(entry_id)
    found = rules.format_of_media(work.file.media_type)
    try:
        reply = Response(storage.stream(work.file.address), mimetype=work.file.media_type)
    except FileNotFoundError as error:
        raise NotFound("Không tìm thấy tệp gốc của tác phẩm này.") from error
    reply.content_length = work.file.size
    reply.headers["Content-Disposition"] = f'attachment; filename="anh-{entry_id}.{found.ending}"'
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


def _for_owner_or_organiser(entry_id: int) -> Work:
    visit = access.visit()
    if visit and may_act_as(visit.role, Role.ORGANIZER):
        return queries.work_by_id(entry_id)
    return queries.own_work(entry_id, access.actor_id())


@bp.get("/thu-vien-anh")
@public
def gallery() -> ResponseReturnValue:
    """The works of the rounds whose gallery is released, without names, shuffled anew for whoever comes and the same from page to page."""
    page = queries.gallery(
        order=rules.order_of(request.args.get("thu-tu", "")),
        theme=clean_line(request.args.get("chu-de", "")),
        page=request.args.get("page", 1, type=int),
    )
    return render_template("photo/gallery.html", page=page)


@bp.get(WORK)
@public
def gallery_work(entry_id: int) -> ResponseReturnValue:
    """One released work, large."""
    return render_template("photo/gallery_work.html", work=queries.gallery_work(entry_id))


@bp.get(f"{WORK}/{SIZE}.jpg")
@public
def gallery_thumbnail(entry_id: int, size: int) -> ResponseReturnValue:
    """A thumbnail of a released work."""
    return _jpeg(queries.gallery_thumbnail(entry_id, size), f"public, max-age={WEEK}")


def _jpeg(content: bytes, caching: str) -> Response:
    reply = make_response(content)
    reply.mimetype = "image/jpeg"
    reply.headers["Cache-Control"] = caching
    reply.headers["Content-Disposition"] = "inline"
    reply.add_etag()
    return reply.make_conditional(request)
