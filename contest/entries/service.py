"""Use cases of the envelope: begin a draft, hand in, withdraw, disqualify; the tracks and the organisers' desk call them inside a unit of work."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import EssayParams, PhotoParams, TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.display import vn_time
from contest.core.errors import RELOAD, BadInput, NotFound, Refused, TooMany
from contest.entries.models import Entry, EntryFile, UploadHour, WithdrawnReceipt
from contest.entries.rules import (
    SUBMITTED,
    UPLOAD_HOUR,
    UPLOADED_MOST,
    EntryState,
    can_edit,
    can_withdraw,
    digest_of,
    free_slot,
    new_blind_code,
    new_receipt,
)

RECEIPT_PREFIX = {TrackKind.ESSAY: "BV", TrackKind.PHOTO: "AV"}
_TRIES = 20


class TooManyBytes(TooMany):
    """The account has sent as much as it may in an hour."""

    title = "Bạn đã gửi quá nhiều tệp"
    happened = f"Trong một giờ qua, tài khoản này đã gửi gần {UPLOADED_MOST // 1_000_000} MB, mức nhiều nhất được nhận."
    kept = "Những gì đã gửi và đã lưu vẫn còn nguyên."

    def __init__(self, until: datetime, now: datetime) -> None:
        super().__init__(todo=f"Bạn gửi tiếp sau {vn_time(until)}.")
        self.retry_after = max(1, round((until - now).total_seconds()))


def begin(*, round_: Round, entrant: Account) -> Entry:
    """A new empty draft in the lowest free slot; raises Refused when the round is not open or the limit is reached.

    The unique slot makes the limit hold when pressed twice: whoever loses the race takes the next slot, if there is one.
    """
    _must_be_open(round_)
    for _ in range(_TRIES):
        slot = _free_slot(round_, entrant.id)
        now = clock.now()
        entry = Entry(
            round_id=round_.id,
            entrant_id=entrant.id,
            unit_id=entrant.unit_id,
            kind=round_.track.kind,
            slot=slot,
            created_at=now,
            updated_at=now,
        )
        try:
            with db.session.begin_nested():
                db.session.add(entry)
                db.session.flush()
        except IntegrityError:
            continue
        return entry
    raise Refused("Máy chủ đang nhận cùng lúc quá nhiều bài của bạn.", todo="Bạn chờ vài giây rồi thử lại.")


def locked_entry(*, entry_id: int, entrant_id: int) -> Entry:
    """The entrant's own entry in whatever state, with its round, locked until the unit of work ends; raises NotFound."""
    return _locked(entry_id, entrant_id)


def locked_draft(*, entry_id: int, entrant_id: int) -> Entry:
    """The entrant's own draft, locked until the unit of work ends; raises NotFound, or Refused with why it can no longer change."""
    entry = _locked(entry_id, entrant_id)
    if not can_edit(state=entry.state, round_open=entry.round.is_open(clock.now())):
        if entry.state in SUBMITTED:
            raise Refused(
                "Bài này đã nộp nên không sửa được.",
                kept=f"Bài đã nộp giữ nguyên, mã biên nhận {entry.receipt}.",
                todo="Muốn sửa, bạn rút bài về trước khi đợt đóng.",
            )
        if entry.state is not EntryState.DRAFT:
            raise Refused("Bài này không còn là bản nháp.", todo="Bạn xem lại ở trang Bài của tôi.")
        _must_be_open(entry.round)
    return entry


def must_have_room(*, round_: Round, entrant_id: int) -> None:
    """Raise Refused where `begin` would, before anything costly is done; only `begin` decides."""
    _must_be_open(round_)
    _free_slot(round_, entrant_id)


def count_upload(*, account_id: int, size: int) -> None:
    """Count bytes that are about to be kept for an account; raises TooManyBytes where the hour's are used up, and counts nothing then.

    What is refused later stays counted: it was carried all the same.
    """
    now = clock.now()
    for _ in range(_TRIES):
        hour = db.session.scalar(select(UploadHour).where(UploadHour.account_id == account_id).with_for_update())
        if hour is None:
            try:
                with db.session.begin_nested():
                    db.session.add(UploadHour(account_id=account_id, since=now, sent=0))
            except IntegrityError:
                pass  # Another upload of theirs was first.
            continue
        if hour.since <= now - UPLOAD_HOUR:
            hour.since, hour.sent = now, 0
        if hour.sent + size > UPLOADED_MOST:
            raise TooManyBytes(hour.since + UPLOAD_HOUR, now)
        hour.sent += size
        return


def forget_replaced(*, entry: Entry, keep: int | None) -> None:
    """Let go of a draft's originals but the one that counts; the content goes with the next sweeps of the store."""
    db.session.execute(
        delete(EntryFile)
        .where(EntryFile.entry_id == entry.id, EntryFile.id != (keep or 0))
        .execution_options(synchronize_session="fetch")
    )


def keep_file(*, entry: Entry, address: str, size: int, media_type: str, original_name: str) -> EntryFile:
    """Note an original that is already in storage as part of `entry`."""
    kept = EntryFile(
        entry_id=entry.id,
        address=address,
        size=size,
        media_type=media_type,
        original_name=original_name[:200],
        created_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def hand_in(*, entry: Entry, parts: list[str], held: bool = False) -> Entry:
    """Hand in a locked draft: state, time, digest over `parts`, receipt and blind code, at once. The caller has checked the content.

    With `held`, it says whose it is and waits for a clerk before any judge sees it.

    Returns the entry. A second hand-in never gets here: `locked_draft` refuses it.
    """
    now = clock.now()
    _must_be_open(entry.round)
    digest = digest_of(theme=entry.theme, title=entry.title, parts=parts)
    prefix = RECEIPT_PREFIX[entry.kind]
    for _ in range(_TRIES):
        codes = {"receipt": new_receipt(f"{prefix}{entry.round.number}"), "blind_code": new_blind_code(prefix)}
        try:
            with db.session.begin_nested():
                db.session.execute(
                    update(Entry)
                    .where(Entry.id == entry.id, Entry.state == EntryState.DRAFT)
                    .values(
                        state=EntryState.HELD if held else EntryState.HANDED_IN,
                        handed_in_at=now,
                        updated_at=now,
                        digest=digest,
                        verdict="",
                        **codes,
                    )
                )
        except IntegrityError:
            continue
        return entry
    raise Refused("Chưa cấp được mã biên nhận.", kept="Bản nháp vẫn còn nguyên.", todo="Bạn bấm Nộp bài lần nữa.")


def withdraw(*, entry_id: int, entrant_id: int) -> Entry:
    """Take a handed-in entry back to a draft while the round is open; its blind code is void, its receipt is kept as withdrawn. Raises NotFound, Refused."""
    entry = _locked(entry_id, entrant_id)
    if entry.state is EntryState.DRAFT:
        return entry
    if not can_withdraw(state=entry.state, round_open=entry.round.is_open(clock.now())):
        raise Refused(
            "Bài này không rút được nữa.", kept="Bài đã nộp vẫn được chấm.", todo="Nếu cần, bạn liên hệ Ban Tổ chức."
        )
    _take_back(entry)
    return entry


def _take_back(entry: Entry) -> None:
    now = clock.now()
    if entry.receipt and entry.handed_in_at:
        db.session.add(
            WithdrawnReceipt(
                receipt=entry.receipt,
                round_id=entry.round_id,
                entry_id=entry.id,
                entrant_id=entry.entrant_id,
                handed_in_at=entry.handed_in_at,
                withdrawn_at=now,
            )
        )
    entry.state = EntryState.DRAFT
    entry.receipt = entry.blind_code = entry.digest = None
    entry.verdict = ""
    entry.handed_in_at = None
    entry.updated_at = now


def discard(*, entry_id: int, entrant_id: int) -> None:
    """Remove the entrant's own draft and free its slot; raises NotFound, or Refused for anything but a draft."""
    entry = _locked(entry_id, entrant_id)
    if entry.state is not EntryState.DRAFT:
        raise Refused(
            "Chỉ bỏ được bản nháp.",
            kept="Bài đã nộp vẫn còn nguyên.",
            todo="Muốn thay bài đã nộp, bạn rút bài về trước.",
        )
    try:
        with db.session.begin_nested():
            db.session.delete(entry)
    except IntegrityError:
        raise Refused(
            "Bài này đã được giao cho giám khảo nên không bỏ được.",
            kept="Bản nháp vẫn còn nguyên.",
            todo="Bạn sửa bản nháp rồi nộp lại, hoặc để nguyên.",
        ) from None


def disqualify(*, entry_id: int, actor_id: int, reason: str) -> Entry:
    """Take a handed-in entry out of the contest, on the record; raises NotFound, BadInput without a reason, Refused in another state."""
    entry = _staff_locked(entry_id, reason)
    if entry.state is not EntryState.HANDED_IN:
        raise Refused("Chỉ loại được bài đã nộp.", todo=RELOAD)
    entry.state, entry.verdict = EntryState.DISQUALIFIED, ""
    entry.updated_at = clock.now()
    audit.record("entry.disqualify", actor_id=actor_id, subject=f"entry:{entry.id}", reason=reason)
    return entry


def restore(*, entry_id: int, actor_id: int, reason: str) -> Entry:
    """Undo a disqualification, on the record; raises NotFound, BadInput without a reason, Refused in another state."""
    entry = _staff_locked(entry_id, reason)
    if entry.state is not EntryState.DISQUALIFIED:
        raise Refused("Bài này không ở trạng thái bị loại.", todo=RELOAD)
    entry.state, entry.verdict = EntryState.HANDED_IN, ""
    entry.updated_at = clock.now()
    audit.record("entry.restore", actor_id=actor_id, subject=f"entry:{entry.id}", reason=reason)
    return entry


def let_pass(*, entry_id: int, digest: str, keys: Collection[str], actor_id: int, reason: str) -> Entry:
    """Let a held entry go on to the judges, with the leaks of these keys in it, on the record; its author is told the reason.

    Raises NotFound, BadInput without a reason, and Refused when it is not held or is not what the clerk read (`digest`).
    """
    entry = _held(entry_id, digest, reason)
    entry.state = EntryState.HANDED_IN
    entry.passed = sorted({*entry.passed, *keys})
    entry.verdict = reason
    entry.updated_at = clock.now()
    audit.record("entry.let_pass", actor_id=actor_id, subject=f"entry:{entry.id}", reason=reason)
    return entry


def turn_back(*, entry_id: int, digest: str, actor_id: int, reason: str) -> Entry:
    """Keep a held entry from the judges, on the record: back to a draft while its round is open, else out of the contest. Raises as `let_pass`."""
    entry = _held(entry_id, digest, reason)
    if entry.round.is_open(clock.now()):
        _take_back(entry)
    else:
        entry.state = EntryState.DISQUALIFIED
        entry.updated_at = clock.now()
    entry.verdict = reason
    audit.record("entry.turn_back", actor_id=actor_id, subject=f"entry:{entry.id}", reason=reason)
    return entry


def _held(entry_id: int, digest: str, reason: str) -> Entry:
    entry = _staff_locked(entry_id, reason)
    if entry.state is not EntryState.HELD or entry.digest != digest:
        raise Refused(
            "Bài này không còn như lúc bạn đọc: người khác đã xem, hoặc tác giả đã rút về.",
            kept="Chưa có gì thay đổi.",
            todo=RELOAD,
        )
    return entry


def _free_slot(round_: Round, entrant_id: int) -> int:
    rules = round_.rules
    assert isinstance(rules, EssayParams | PhotoParams)
    taken = set(
        db.session.scalars(
            select(Entry.slot).where(Entry.round_id == round_.id, Entry.entrant_id == entrant_id, Entry.slot > 0)
        )
    )
    slot = free_slot(taken, rules.entries)
    if slot is None:
        raise Refused(
            f"Bạn đã có đủ {rules.entries} bài trong {round_.title}.",
            kept="Các bài trước vẫn còn nguyên.",
            todo="Bạn sửa hoặc bỏ một bản nháp, hoặc rút một bài đã nộp nếu muốn thay.",
        )
    return slot


def _locked(entry_id: int, entrant_id: int) -> Entry:
    entry = db.session.scalar(
        select(Entry)
        .options(joinedload(Entry.round).joinedload(Round.track))
        .where(Entry.id == entry_id, Entry.entrant_id == entrant_id)
        .with_for_update(of=Entry)
    )
    if entry is None:
        raise NotFound()
    return entry


def _staff_locked(entry_id: int, reason: str) -> Entry:
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")
    entry = db.session.scalar(
        select(Entry)
        .options(joinedload(Entry.round).joinedload(Round.track))
        .where(Entry.id == entry_id)
        .with_for_update(of=Entry)
        .execution_options(populate_existing=True)
    )
    if entry is None:
        raise NotFound("Không có bài dự thi này.")
    return entry


def _must_be_open(round_: Round) -> None:
    if not round_.is_open(clock.now()):
        raise Refused(
            f"{round_.title} hiện không nhận bài.",
            kept="Bản nháp đã lưu vẫn còn nguyên.",
            todo="Bạn xem thời gian nhận bài ở trang thể lệ.",
        )
