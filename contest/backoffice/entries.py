"""What the desk's pages of essays and of photographs share: the list asked for, the original for saving, disqualify and restore."""

from typing import Any

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, foresight, queries
from contest.backoffice.blueprint import ID, bp
from contest.backoffice.queries import Act
from contest.contests.rules import TrackKind
from contest.core import audit, storage
from contest.core.db import unit_of_work
from contest.core.errors import NotFound
from contest.entries import queries as entries
from contest.entries import service as entries_service
from contest.entries.models import Entry, EntryFile
from contest.entries.rules import EntryState
from contest.essay import queries as essay
from contest.judging import queries as judging
from contest.photo import queries as photo

PAGE_OF_KIND = {TrackKind.ESSAY: "backoffice.essays_show", TrackKind.PHOTO: "backoffice.photos_show"}
_ENDINGS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}


def open_on_record(entry_id: int) -> None:
    """Note that an entry was opened beside its author, who is more than a blind code there."""
    with unit_of_work():
        audit.record("entry.view", actor_id=access.actor_id(), subject=f"entry:{entry_id}")


def acts_on(entry_id: int) -> list[Act]:
    """What was done with an entry; that it was looked at is on the whole record only."""
    return [act for act in queries.acts_on(f"entry:{entry_id}") if act.row.action != "entry.view"]


def asked(kind: TrackKind) -> dict[str, Any]:
    """The page of entries of a track that the address asks for, by words, state and round, with how many there are of each state."""
    search, state, round_id = asking.words(), asking.choice("trang-thai", EntryState), asking.number("dot")
    judged = judging.judged_rounds()
    return {
        "page": entries.entries_page(
            kind, page=asking.page(), search=search, state=state, round_id=round_id, coded_rounds=judged
        ),
        "judged": judged,
        "search": search,
        "state": state,
        "round_id": round_id,
        "counts": entries.counts_by_state(kind),
    }


def original(file: EntryFile | None, name: str) -> Response:
    """The file that the entrant sent, as it came; offered for saving under `name`, never shown in the browser. Raises NotFound."""
    if file is None or not storage.exists(file.address):
        raise NotFound("Bài này không có tệp gốc trong kho.")
    reply = Response(storage.stream(file.address), mimetype="application/octet-stream")
    ending = _ENDINGS.get(file.media_type, "bin")
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    reply.headers["Content-Length"] = str(file.size)
    return reply


@bp.post(f"/bai-du-thi/<{ID}:entry_id>/loai")
@organizer
def entries_disqualify(entry_id: int) -> ResponseReturnValue:
    """Take an essay or a photograph out of the contest."""
    reason = asking.reason()
    entry = entries.entry_by_id(entry_id)
    actor_id = access.actor_id()

    def act() -> None:
        entries_service.disqualify(entry_id=entry_id, actor_id=actor_id, reason=reason)

    if found := foresight.made_or_foreseen([entry.round_id], act, people=[entry.entrant_id]):
        back = url_for(PAGE_OF_KIND[entry.kind], entry_id=entry_id)
        return foresight.page(found, heading="Loại bài dự thi: ai bị ảnh hưởng", verb="Vẫn loại bài", back=back)
    return _done(entry, "Đã loại bài dự thi.")


@bp.post(f"/bai-du-thi/<{ID}:entry_id>/khoi-phuc")
@organizer
def entries_restore(entry_id: int) -> ResponseReturnValue:
    """Undo a disqualification."""
    reason = asking.reason()
    entry = entries.entry_by_id(entry_id)
    actor_id = access.actor_id()

    def act() -> None:
        entries_service.restore(entry_id=entry_id, actor_id=actor_id, reason=reason)

    if found := foresight.made_or_foreseen([entry.round_id], act, people=[entry.entrant_id]):
        back = url_for(PAGE_OF_KIND[entry.kind], entry_id=entry_id)
        return foresight.page(found, heading="Khôi phục bài dự thi: ai bị ảnh hưởng", verb="Vẫn khôi phục", back=back)
    return _done(entry, "Đã khôi phục bài dự thi.")


@bp.post(f"/bai-du-thi/<{ID}:entry_id>/<digest>/cho-qua")
@organizer
def entries_let_pass(entry_id: int, digest: str) -> ResponseReturnValue:
    """Let an entry that says whose it is go on to the judges; `digest` names what the clerk read."""
    reason, kind = asking.reason(), entries.entry_by_id(entry_id).kind
    found = essay.staff_essay(entry_id).leaks if kind is TrackKind.ESSAY else photo.leaks_of(photo.work_by_id(entry_id))
    keys = [leak.key for leak in found if leak.own]
    with unit_of_work():
        entry = entries_service.let_pass(
            entry_id=entry_id, digest=digest, keys=keys, actor_id=access.actor_id(), reason=reason
        )
    return _done(entry, "Đã cho bài đến giám khảo. Tác giả đọc được lý do ở trang của bài.")


@bp.post(f"/bai-du-thi/<{ID}:entry_id>/<digest>/tra-lai")
@organizer
def entries_turn_back(entry_id: int, digest: str) -> ResponseReturnValue:
    """Keep an entry that says whose it is from the judges."""
    reason = asking.reason()
    with unit_of_work():
        entry = entries_service.turn_back(entry_id=entry_id, digest=digest, actor_id=access.actor_id(), reason=reason)
    return _done(entry, "Đã trả bài lại. Tác giả đọc được lý do ở trang của bài.")


def _done(entry: Entry, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(PAGE_OF_KIND[entry.kind], entry_id=entry.id))
