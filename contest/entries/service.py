"""Use cases of the envelope: begin a draft, hand in, withdraw, disqualify; the tracks and the organisers' desk call them inside a unit of work."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import EssayParams, PhotoParams, TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import RELOAD, BadInput, NotFound, Refused
from contest.entries.models import Entry, EntryFile, WithdrawnReceipt
from contest.entries.rules import EntryState, can_edit, can_withdraw, digest_of, free_slot, new_blind_code, new_receipt

RECEIPT_PREFIX = {TrackKind.ESSAY: "BV", TrackKind.PHOTO: "AV"}
_TRIES = 20


def begin(*, round_: Round, entrant: Account) -> Entry:
    """A new empty draft in the lowest free slot; raises Refused when the round is not open or the limit is reached.

    The unique slot makes the limit hold when pressed twice: whoever loses the race takes the next slot, if there is one.
    """
    _must_be_open(round_)
    rules = round_.rules
    assert isinstance(rules, EssayParams | PhotoParams)
    for _ in range(_TRIES):
        taken = set(
            db.session.scalars(
                select(Entry.slot).where(Entry.round_id == round_.id, Entry.entrant_id == entrant.id, Entry.slot > 0)
            )
        )
        slot = free_slot(taken, rules.entries)
        if slot is None:
            raise Refused(
                f"Bạn đã có đủ {rules.entries} bài trong {round_.title}.",
                kept="Các bài trước vẫn còn nguyên.",
                todo="Bạn sửa hoặc bỏ một bản nháp, hoặc rút một bài đã nộp nếu muốn thay.",
            )
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
        if entry.state is EntryState.HANDED_IN:
            raise Refused(
                "Bài này đã nộp nên không sửa được.",
                kept=f"Bài đã nộp giữ nguyên, mã biên nhận {entry.receipt}.",
                todo="Muốn sửa, bạn rút bài về trước khi đợt đóng.",
            )
        if entry.state is not EntryState.DRAFT:
            raise Refused("Bài này không còn là bản nháp.", todo="Bạn xem lại ở trang Bài của tôi.")
        _must_be_open(entry.round)
    return entry


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


def hand_in(*, entry: Entry, parts: list[str]) -> Entry:
    """Hand in a locked draft: state, time, digest over `parts`, receipt and blind code, at once. The caller has checked the content.

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
                    .values(state=EntryState.HANDED_IN, handed_in_at=now, updated_at=now, digest=digest, **codes)
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
            "Bài này không rút được nữa.", kept="Bài đã nộp vẫn được chấm.", todo="Nếu cần, bạn liên hệ ban tổ chức."
        )
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
    entry.handed_in_at = None
    entry.updated_at = now
    return entry


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
    entry.state = EntryState.DISQUALIFIED
    entry.updated_at = clock.now()
    audit.record("entry.disqualify", actor_id=actor_id, subject=f"entry:{entry.id}", reason=reason)
    return entry


def restore(*, entry_id: int, actor_id: int, reason: str) -> Entry:
    """Undo a disqualification, on the record; raises NotFound, BadInput without a reason, Refused in another state."""
    entry = _staff_locked(entry_id, reason)
    if entry.state is not EntryState.DISQUALIFIED:
        raise Refused("Bài này không ở trạng thái bị loại.", todo=RELOAD)
    entry.state = EntryState.HANDED_IN
    entry.updated_at = clock.now()
    audit.record("entry.restore", actor_id=actor_id, subject=f"entry:{entry.id}", reason=reason)
    return entry


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
    entry = db.session.scalar(select(Entry).where(Entry.id == entry_id).with_for_update(of=Entry))
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
