"""The desk's pages of essays: the list, one essay with its author, its original file, disqualify and restore with a reason."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, queries, words
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import storage
from contest.core.db import unit_of_work
from contest.core.errors import NotFound
from contest.entries import queries as entries
from contest.entries import service as entries_service
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.essay import queries as essay
from contest.units import queries as units

PAGE_OF_KIND = {TrackKind.ESSAY: "backoffice.essays_show", TrackKind.PHOTO: "backoffice.photos_show"}


@bp.get("/bai-viet")
@organizer
def essays() -> ResponseReturnValue:
    """Essays by name, receipt or blind code, by state and round."""
    search, state, round_id = asking.words(), asking.choice("trang-thai", EntryState), asking.number("dot")
    page = entries.entries_page(TrackKind.ESSAY, page=asking.page(), search=search, state=state, round_id=round_id)
    return render_template(
        "backoffice/essays.html",
        page=page,
        search=search,
        state=state,
        round_id=round_id,
        round_options=queries.round_options(TrackKind.ESSAY, contests.the_contest().id),
        counts=entries.counts_by_state(TrackKind.ESSAY),
        words=essay.words_of([row.id for row in page.rows]),
    )


@bp.get(f"/bai-viet/<{ID}:entry_id>")
@organizer
def essays_show(entry_id: int) -> ResponseReturnValue:
    """One essay: who, when, receipt, the text, what was done with it."""
    found = essay.staff_essay(entry_id)
    return render_template(
        "backoffice/essay.html",
        found=found,
        entry=found.entry,
        unit=units.path(found.entry.unit_id) if found.entry.unit_id else "",
        acts=queries.acts_on(f"entry:{entry_id}"),
        of_action=words.of_action,
    )


@bp.get(f"/bai-viet/<{ID}:entry_id>/tep-goc")
@organizer
def essays_file(entry_id: int) -> Response:
    """The file that the author sent, as it came; offered for saving, never shown in the browser."""
    file = essay.staff_essay(entry_id).file
    if file is None or not storage.exists(file.address):
        raise NotFound("Bài này không có tệp gốc.")
    reply = Response(storage.stream(file.address), mimetype="application/octet-stream")
    ending = "docx" if "word" in file.media_type else "bin"
    reply.headers["Content-Disposition"] = f'attachment; filename="bai-viet-{entry_id}.{ending}"'
    reply.headers["Content-Length"] = str(file.size)
    return reply


@bp.post(f"/bai-du-thi/<{ID}:entry_id>/loai")
@organizer
def entries_disqualify(entry_id: int) -> ResponseReturnValue:
    """Take an essay or a photograph out of the contest."""
    reason = asking.reason()
    with unit_of_work():
        entry = entries_service.disqualify(entry_id=entry_id, actor_id=access.actor_id(), reason=reason)
    return _done(entry, "Đã loại bài dự thi.")


@bp.post(f"/bai-du-thi/<{ID}:entry_id>/khoi-phuc")
@organizer
def entries_restore(entry_id: int) -> ResponseReturnValue:
    """Undo a disqualification."""
    reason = asking.reason()
    with unit_of_work():
        entry = entries_service.restore(entry_id=entry_id, actor_id=access.actor_id(), reason=reason)
    return _done(entry, "Đã khôi phục bài dự thi.")


def _done(entry: Entry, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(PAGE_OF_KIND[entry.kind], entry_id=entry.id))
