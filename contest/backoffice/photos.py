"""The desk's pages of photographs: the list, one picture with its author, releasing the gallery with a reason."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, entries, queries, words
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.errors import NotFound
from contest.judging import queries as judging_queries
from contest.judging import service as judging
from contest.photo import queries as photo
from contest.photo.rules import SIZES
from contest.units import queries as units


@bp.get("/anh")
@organizer
def photos() -> ResponseReturnValue:
    """Photographs by name, receipt or blind code, by state and round."""
    found, now = entries.asked(TrackKind.PHOTO), clock.now()
    rounds = queries.rounds_of(TrackKind.PHOTO, contests.the_contest().id)
    return render_template(
        "backoffice/photos.html",
        **found,
        round_options=[(round_.id, round_.title) for round_ in rounds],
        pictures=queries.photos_of([row.id for row in found["page"].rows]),
        closed=[
            (round_, judging_queries.is_judged(round_.id))
            for round_ in rounds
            if round_.state(now) is RoundState.CLOSED
        ],
        loads=queries.loads_of_rounds(),
    )


@bp.get(f"/anh/<{ID}:entry_id>")
@organizer
def photos_show(entry_id: int) -> ResponseReturnValue:
    """One photograph: who, when, receipt, caption, the picture, what was done with it."""
    work = photo.work_by_id(entry_id)
    entries.open_on_record(entry_id)
    return render_template(
        "backoffice/photo.html",
        work=work,
        leaks=photo.leaks_of(work),
        entry=work.entry,
        unit=units.path(work.entry.unit_id) if work.entry.unit_id else "",
        acts=entries.acts_on(entry_id),
        of_action=words.of_action,
    )


@bp.get(f"/anh/<{ID}:entry_id>/<int:size>.jpg")
@organizer
def photos_picture(entry_id: int, size: int) -> Response:
    """The picture upright and without metadata, at one of the three sizes."""
    if size not in SIZES:
        raise NotFound()
    reply = Response(photo.thumbnail(entry_id, size), mimetype="image/jpeg")
    reply.headers["Cache-Control"] = "private, max-age=3600"
    return reply


@bp.get(f"/anh/<{ID}:entry_id>/tep-goc")
@organizer
def photos_file(entry_id: int) -> Response:
    """The file that the entrant sent, as it came, for saving."""
    file = photo.work_by_id(entry_id).file
    entries.open_on_record(entry_id)
    return entries.original(file, f"anh-{entry_id}")


@bp.post(f"/anh/dot/<{ID}:round_id>/mo-thu-vien")
@organizer
def photos_release(round_id: int) -> ResponseReturnValue:
    """Show the works of a round whose judging is over to everybody."""
    reason = asking.reason()
    with unit_of_work():
        title = judging.release_gallery(round_id=round_id, actor_id=access.actor_id(), reason=reason).title
    flash(f"Đã mở thư viện ảnh của {title}.", "success")
    return redirect(url_for("backoffice.photos"))
