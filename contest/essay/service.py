"""Use cases of the essay track that write: begin, save, upload, hand in, withdraw, discard; routes, jobs and the demo call them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import EssayParams
from contest.core import clock, uploads
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused
from contest.core.uploads import View
from contest.core.vietnamese import count_words
from contest.entries import leaks
from contest.entries import service as entries
from contest.entries.leaks import Leak
from contest.entries.models import Entry, EntryFile
from contest.entries.queries import author_of
from contest.entries.rules import SUBMITTED, EntryState
from contest.essay import docx_text, rules
from contest.essay.docx_text import Unreadable
from contest.essay.models import Essay
from contest.essay.queries import Upload, draft_of
from contest.essay.rules import Draft, FileState

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Stale(Refused):
    """The server holds a newer text than the one this save rests on; `held` is that text. Nothing was overwritten."""

    def __init__(self, held: Draft, saved_at: datetime) -> None:
        self.held = held
        self.saved_at = saved_at
        super().__init__(
            "Bài này vừa được lưu từ một cửa sổ hoặc một máy khác.",
            kept="Cả hai bản vẫn còn: bản trên máy chủ và bản bạn đang gửi.",
            todo="Bạn chọn bản muốn giữ.",
            title="Có hai bản khác nhau",
        )


class NotReady(Refused):
    """The draft cannot be handed in yet; `why` are sentences."""

    def __init__(self, why: list[str]) -> None:
        self.why = why
        super().__init__(" ".join(why), kept="Bản nháp vẫn còn nguyên.", todo="Bạn sửa những chỗ này rồi nộp lại.")


@dataclass(frozen=True)
class Saved:
    """What a save gives back: the stored text with its new number, when, and the leaks still open."""

    draft: Draft
    saved_at: datetime
    leaks: list[Leak]


@dataclass(frozen=True)
class Original:
    """An uploaded file, and where storage keeps it once a draft has it."""

    address: str
    size: int
    name: str


def begin(*, round_: Round, entrant: Account) -> Entry:
    """A new empty draft with its essay; raises Refused as `entries.service.begin` does."""
    entry = entries.begin(round_=round_, entrant=entrant)
    db.session.add(Essay(entry_id=entry.id, acknowledged=[], saved_at=clock.now()))
    db.session.flush()
    return entry


def save(*, entry_id: int, entrant: Account, draft: Draft, acknowledge: str = "") -> Saved:
    """Store `draft` (cleaned text) if the server still holds the save number on which it rests, and give it the next.

    `acknowledge` is the key of a leak that the author keeps. Raises Stale with what the server holds, BadInput for a text
    that is too long or an unknown theme, Refused when the draft can no longer change or a file is being read. The same text sent twice
    is saved once.
    """
    entry, essay = _open_draft(entry_id, entrant.id)
    _must_fit(draft, _params(entry))
    held = draft_of(entry, essay)
    if draft.sequence != held.sequence and not draft.says_the_same(held):
        raise Stale(held, essay.saved_at)
    if not draft.says_the_same(held):
        _write(entry, essay, draft, source=essay.source if essay.file_id else "page")
    if acknowledge and acknowledge not in essay.acknowledged:
        essay.acknowledged = [*essay.acknowledged, acknowledge[:200]][-50:]
    if essay.file_state is FileState.REFUSED:
        essay.file_state, essay.file_note = FileState.NONE, ""
    db.session.flush()
    stored = draft_of(entry, essay)
    still = leaks.open_leaks(_leaks(stored, entrant), [*essay.acknowledged, *entry.passed])
    return Saved(draft=stored, saved_at=essay.saved_at, leaks=still)


def look_at(view: View, *, name: str, megabytes: int) -> Original:
    """Check a file that was sent, before anything is kept or read of it. Raises BadInput for what is surely no .docx."""
    if len(view) > megabytes * 1_000_000:
        raise BadInput(
            f"Tệp lớn hơn {megabytes} MB.",
            kept="Những gì đã lưu trước đó vẫn còn nguyên.",
            todo="Bạn xóa bớt ảnh trong tệp rồi tải lên lại.",
        )
    try:
        docx_text.must_look_right(view)
    except Unreadable as error:
        raise BadInput(
            error.happened,
            kept="Những gì đã lưu trước đó vẫn còn nguyên.",
            todo=error.todo,
            title="Không nhận được tệp này",
        ) from error
    return Original(address=uploads.digest(view), size=len(view), name=name)


def expect_essay(*, round_: Round, entrant_id: int, original: Original) -> None:
    """Count the bytes of a file that is to begin a draft, before anything of it is kept; raises Refused, TooManyBytes."""
    entries.must_have_room(round_=round_, entrant_id=entrant_id)
    entries.count_upload(account_id=entrant_id, size=original.size)


def expect_upload(*, entry_id: int, entrant_id: int, original: Original, replace: bool) -> None:
    """Count the bytes of a file for a draft, before anything of it is kept; raises as `upload` does, and TooManyBytes."""
    _open_for_upload(entry_id, entrant_id, replace=replace)
    entries.count_upload(account_id=entrant_id, size=original.size)


def upload(*, entry_id: int, entrant_id: int, original: Original, replace: bool) -> Upload:
    """Take a kept original as the text of a draft; the caller asks a worker to read what is returned.

    Raises Refused when it would replace a text without `replace`.
    """
    entry, essay = _open_for_upload(entry_id, entrant_id, replace=replace)
    kept = entries.keep_file(
        entry=entry, address=original.address, size=original.size, media_type=DOCX, original_name=original.name
    )
    essay.file_id = kept.id
    essay.file_state, essay.file_note, essay.file_tries = FileState.READING, "", 0
    essay.file_since = clock.now()
    db.session.flush()
    entries.forget_replaced(entry=entry, keep=kept.id)
    return Upload(entry_id, kept.id, kept.address)


def start_reading(upload: Upload) -> bool:
    """Note one try at reading; False when it is no longer wanted or was tried too often."""
    essay = _reading(upload)
    if essay is None:
        return False
    if essay.file_tries >= rules.READING_TRIES:
        essay.file_state = FileState.REFUSED
        essay.file_note = (
            "Hệ thống đã thử nhiều lần mà không đọc được tệp này. Bạn lưu lại thành .docx rồi tải lên lại."
        )
        return False
    essay.file_tries += 1
    return True


def put_off_reading(upload: Upload) -> None:
    """Take back the try of a file that could not be looked at now; it is asked for again after a while."""
    essay = _reading(upload)
    if essay is not None:
        essay.file_tries = max(0, essay.file_tries - 1)
        essay.file_since = clock.now() + rules.PUT_OFF


def finish_reading(upload: Upload, *, text: str = "", told: str = "", refusal: str = "") -> None:
    """Fill the draft with what was read and note what of it differs from print, or why nothing was read; does nothing when the author has changed their mind meanwhile."""
    essay = _reading(upload)
    if essay is None:
        return
    entry = db.session.get_one(Entry, upload.entry_id)
    if not refusal and len(text) > rules.BODY_LONGEST:
        refusal = "Tệp có hơn 100.000 ký tự, quá dài cho một bài dự thi. Bạn rút gọn rồi tải lên lại."
    if refusal:
        essay.file_state, essay.file_note = FileState.REFUSED, refusal[:300]
        return
    essay.file_state, essay.file_note = FileState.READ, told[:300]
    held = draft_of(entry, essay)
    _write(entry, essay, Draft(held.sequence, held.theme, held.title, text), source="upload")


def stop_reading(*, entry_id: int, entrant_id: int) -> None:
    """The author would rather write in the page: whatever the worker finds is dropped."""
    entry = entries.locked_draft(entry_id=entry_id, entrant_id=entrant_id)
    essay = db.session.get_one(Essay, entry_id)
    if essay.file_state is FileState.READING:
        essay.file_state, essay.file_id = FileState.NONE, None
        db.session.flush()
        entries.forget_replaced(entry=entry, keep=None)


def hand_in(*, entry_id: int, entrant: Account, sequence: int) -> Entry:
    """Hand the draft in as the author last saw it (save number `sequence`) and return the entry with its receipt.

    Raises NotReady, Stale, or Refused. A draft that is already handed in is returned as it is, so that pressing twice gives one receipt.
    The caller has asked for the declarations. With the author's own data kept in it, it waits for a clerk.
    """
    entry = entries.locked_entry(entry_id=entry_id, entrant_id=entrant.id)
    if entry.state in SUBMITTED:
        return entry
    entry, essay = _open_draft(entry_id, entrant.id)
    held = draft_of(entry, essay)
    if held.sequence != sequence:
        raise Stale(held, essay.saved_at)
    params = _params(entry)
    found = _leaks(held, entrant)
    why = rules.missing(held, params, leaks.open_leaks(found, [*essay.acknowledged, *entry.passed]))
    if why:
        raise NotReady(why)
    parts = [essay.body]
    if essay.file_id:
        parts.append(db.session.get_one(EntryFile, essay.file_id).address)
    waits = leaks.waiting_leaks(found, essay.acknowledged, entry.passed)
    return entries.hand_in(entry=entry, parts=parts, held=bool(waits))


def withdraw(*, entry_id: int, entrant_id: int) -> Entry:
    """Take a handed-in essay back to a draft; raises as `entries.service.withdraw`."""
    _must_be_essay(entry_id)
    return entries.withdraw(entry_id=entry_id, entrant_id=entrant_id)


def discard(*, entry_id: int, entrant_id: int) -> None:
    """Remove a draft for good; raises as `entries.service.discard`."""
    _must_be_essay(entry_id)
    entries.discard(entry_id=entry_id, entrant_id=entrant_id)


def _open_for_upload(entry_id: int, entrant_id: int, *, replace: bool) -> tuple[Entry, Essay]:
    entry, essay = _open_draft(entry_id, entrant_id)
    if essay.body.strip() and not replace:
        raise Refused(
            "Bản nháp này đang có nội dung.",
            kept="Nội dung đang có vẫn còn nguyên.",
            todo="Bạn đánh dấu ô “Thay nội dung đang có” nếu muốn lấy nội dung trong tệp.",
        )
    return entry, essay


def _open_draft(entry_id: int, entrant_id: int) -> tuple[Entry, Essay]:
    entry = entries.locked_draft(entry_id=entry_id, entrant_id=entrant_id)
    essay = _must_be_essay(entry_id)
    if essay.file_state is FileState.READING:
        raise Refused(
            "Hệ thống đang đọc tệp bạn tải lên cho bài này.",
            kept="Những gì đã lưu trước đó vẫn còn nguyên.",
            todo="Bạn chờ đọc xong, hoặc bấm “Thôi, tự viết trong trang” ở trang của bài.",
        )
    return entry, essay


def _must_be_essay(entry_id: int) -> Essay:
    essay = db.session.get(Essay, entry_id, populate_existing=True)
    if essay is None:
        raise NotFound()
    return essay


def _reading(upload: Upload) -> Essay | None:
    """The essay, locked, if that very upload is still being read and its entry is still a draft."""
    return db.session.scalar(
        select(Essay)
        .join(Entry, Entry.id == Essay.entry_id)
        .join(EntryFile, EntryFile.id == Essay.file_id)
        .where(
            Essay.entry_id == upload.entry_id,
            Essay.file_id == upload.file_id,
            EntryFile.address == upload.address,
            Essay.file_state == FileState.READING,
            Entry.state == EntryState.DRAFT,
        )
        .with_for_update(of=Essay)
    )


def _write(entry: Entry, essay: Essay, draft: Draft, *, source: str) -> None:
    now = clock.now()
    result = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(Essay)
            .where(Essay.entry_id == entry.id, Essay.sequence == essay.sequence)
            .values(
                body=draft.body,
                words=count_words(draft.body),
                sequence=essay.sequence + 1,
                source=source,
                saved_at=now,
            )
        ),
    )
    if result.rowcount != 1:
        db.session.refresh(essay)
        raise Stale(draft_of(entry, essay), essay.saved_at)
    entry.theme, entry.title, entry.updated_at = draft.theme, draft.title, now


def _must_fit(draft: Draft, params: EssayParams) -> None:
    kept = "Bản đã lưu trước đó vẫn còn nguyên."
    if len(draft.body) > rules.BODY_LONGEST:
        raise BadInput("Bài dài hơn 100.000 ký tự nên chưa lưu được.", kept=kept, todo="Bạn rút gọn rồi lưu lại.")
    if len(draft.title) > rules.TITLE_LONGEST:
        raise BadInput(
            "Tên bài dài hơn 200 ký tự nên chưa lưu được.", kept=kept, todo="Bạn đặt tên ngắn hơn rồi lưu lại."
        )
    if draft.theme and draft.theme not in params.themes:
        raise BadInput("Chủ đề này không có trong đợt thi.", kept=kept, todo="Bạn chọn lại chủ đề rồi lưu lại.")


def _params(entry: Entry) -> EssayParams:
    params = entry.round.rules
    if not isinstance(params, EssayParams):
        raise NotFound()
    return params


def _leaks(draft: Draft, entrant: Account) -> list[Leak]:
    return leaks.find(title=draft.title, body=draft.body, author=author_of(entrant))
