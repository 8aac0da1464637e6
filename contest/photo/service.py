"""Use cases of photographs: take one in, describe it, hand it in, make its thumbnails, ask again for lost ones, release the gallery."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.models import Round
from contest.contests.rules import PhotoParams, RoundState, TrackKind
from contest.core import clock, storage, uploads
from contest.core.db import db
from contest.core.errors import DomainError, NotFound, Refused
from contest.core.uploads import View
from contest.entries import leaks
from contest.entries import service as entries
from contest.entries.models import Entry, EntryFile
from contest.photo import pictures, queries, rules
from contest.photo.models import Photo
from contest.photo.pictures import Unreadable
from contest.photo.queries import Work
from contest.photo.rules import PhotoState, Problem


class Unfit(DomainError):
    """The file sent is not a photograph that the rules allow; no entry is made."""

    status = 422
    kept = "Các tác phẩm trước vẫn còn nguyên."

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.happened, todo=problem.todo, title=problem.title)


@dataclass(frozen=True)
class Words:
    """What an entrant says of a photograph."""

    title: str
    theme: str
    caption: str


class Overtaken(Refused):
    """Other words were kept since the page was read; `held` are those, `base` is theirs."""

    def __init__(self, held: Words, base: str) -> None:
        self.held = held
        self.base = base
        super().__init__(
            "Tên và chú thích của tấm này vừa được lưu từ một trang hoặc một máy khác.",
            kept="Cả hai bản vẫn còn: bản đã lưu và bản trong trang này.",
            todo="Bạn chọn bản muốn giữ.",
            title="Có hai bản khác nhau",
        )


@dataclass(frozen=True)
class Original:
    """A file that passed the cheap checks, and where storage keeps it once a work is made of it."""

    address: str
    size: int
    format: rules.Format
    width: int
    height: int
    name: str


@dataclass(frozen=True)
class Task:
    """A picture whose thumbnails are to be made: the photograph, and the address of the original that is meant."""

    photo_id: int
    address: str


@dataclass(frozen=True)
class Outcome:
    """What became of a task: a problem, or the upright size and the thumbnails, which lie in storage."""

    task: Task
    problem: Problem | None = None
    developed: pictures.Developed | None = None
    addresses: dict[int, str] = field(default_factory=dict)


def look_at(view: View, *, name: str, params: PhotoParams) -> Original:
    """Check a file that was sent, without decoding it and without keeping it. Raises Unfit with the reason and the cure."""
    heavy = rules.too_heavy(len(view), params)
    if heavy:
        raise Unfit(heavy)
    try:
        seen = pictures.look(view)
    except Unreadable as error:
        raise Unfit(error.problem) from error
    wrong = rules.wrong_size(seen.width, seen.height, params)
    if wrong:
        raise Unfit(wrong)
    return Original(uploads.digest(view), len(view), seen.format, seen.width, seen.height, name)


def expect_work(*, round_id: int, entrant_id: int, original: Original) -> Photo | None:
    """The work that this file has become already; None where it may become one, for which its bytes are counted. Raises Refused, TooManyBytes.

    Nothing of the file is kept before this.
    """
    round_ = contests.round_by_id(round_id, TrackKind.PHOTO)
    known = _known(round_id, entrant_id, original)
    if known and round_.is_open(clock.now()):
        return known
    entries.must_have_room(round_=round_, entrant_id=entrant_id)
    entries.count_upload(account_id=entrant_id, size=original.size)
    return None


def begin_work(*, round_id: int, entrant_id: int, original: Original) -> Photo:
    """A new draft around an original; raises Refused when the round is closed or the limit is reached. The caller asks for its thumbnails.

    The same file again in the same round is the same work: an upload whose answer got lost may be sent twice.
    """
    entrant = db.session.scalar(select(Account).where(Account.id == entrant_id).with_for_update(key_share=True))
    if entrant is None:
        raise NotFound()
    round_ = contests.round_by_id(round_id, TrackKind.PHOTO)
    known = _known(round_id, entrant_id, original)
    if known and round_.is_open(clock.now()):
        return known
    entry = entries.begin(round_=round_, entrant=entrant)
    kept = entries.keep_file(
        entry=entry,
        address=original.address,
        size=original.size,
        media_type=original.format.media_type,
        original_name=original.name,
    )
    now = clock.now()
    photo = Photo(
        entry_id=entry.id,
        file_id=kept.id,
        width=original.width,
        height=original.height,
        asked_at=now,
        created_at=now,
    )
    db.session.add(photo)
    db.session.flush()
    return photo


def describe(*, entry_id: int, entrant_id: int, words: Words, base: str = "", acknowledge: str = "") -> Entry:
    """Keep the words of the entrant's own draft, finished or not; `acknowledge` is the key of a leak that stays. Raises NotFound, Refused.

    With `base`, what `base_of` was when the page was read, raises Overtaken where other words were kept since: nothing is overwritten unseen.
    """
    entry = entries.locked_draft(entry_id=entry_id, entrant_id=entrant_id)
    photo = _photo_of(entry)
    if acknowledge and acknowledge not in photo.acknowledged:
        photo.acknowledged = [*photo.acknowledged, acknowledge[:200]][-50:]
    held = Words(entry.title, entry.theme, photo.caption)
    if words == held:
        return entry
    if base and base != base_of(entry):
        raise Overtaken(held, base_of(entry))
    entry.title, entry.theme, photo.caption = words.title, words.theme, words.caption
    entry.updated_at = clock.now()
    return entry


def base_of(entry: Entry) -> str:
    """Changes with every change of a draft."""
    return entry.updated_at.isoformat()


def hand_in(*, entry_id: int, entrant_id: int) -> Entry:
    """Hand in the entrant's own draft as it is kept; raises NotFound, or Refused when something is missing. The declarations are the form's."""
    entry = entries.locked_draft(entry_id=entry_id, entrant_id=entrant_id)
    photo = _photo_of(entry)
    params = entry.round.rules
    assert isinstance(params, PhotoParams)
    original = db.session.get_one(EntryFile, photo.file_id)
    found = queries.leaks_of(Work(entry, photo, original))
    lacking = rules.missing(
        state=photo.state,
        title=entry.title,
        theme=entry.theme,
        caption=photo.caption,
        params=params,
        leaks=leaks.open_leaks(found, [*photo.acknowledged, *entry.passed]),
    )
    if lacking:
        raise Refused(next(iter(lacking.values())), kept="Bản nháp vẫn còn nguyên.", todo="Bạn bổ sung rồi nộp lại.")
    waits = leaks.waiting_leaks(found, photo.acknowledged, entry.passed)
    return entries.hand_in(entry=entry, parts=[photo.caption, original.address], held=bool(waits))


def discard(*, entry_id: int, entrant_id: int) -> None:
    """Remove the entrant's own draft and free its slot; raises NotFound, Refused."""
    photo = db.session.scalar(select(Photo).where(Photo.entry_id == entry_id))
    if photo is None:
        raise NotFound()
    entries.discard(entry_id=entry_id, entrant_id=entrant_id)


def begin_thumbnails(task: Task) -> bool:
    """Count a try; False when there is nothing to do. After the third try that did not end, the picture is refused.

    The try is committed before the picture is touched, so that a file which kills its worker is not tried for ever.
    """
    photo = _meant(task)
    if photo is None or photo.state is not PhotoState.PROCESSING:
        return False
    if photo.tries >= rules.TRIES:
        photo.state, photo.problem = PhotoState.REFUSED, rules.UNDECODABLE
        return False
    photo.tries += 1
    return True


def develop(task: Task) -> Outcome:
    """Decode an original and put its thumbnails into storage; outside any unit of work. Raises storage.Away."""
    content = storage.fetched(task.address)
    try:
        developed = pictures.develop(content)
    except Unreadable as error:
        return Outcome(task, problem=error.problem)
    except MemoryError:
        return Outcome(task, problem=rules.TOO_COSTLY)
    try:
        addresses = {size: storage.put(picture) for size, picture in developed.thumbnails.items()}
    except Exception as error:
        raise storage.Away from error
    return Outcome(task, developed=developed, addresses=addresses)


def keep_thumbnails(outcome: Outcome) -> None:
    """Note what became of a picture; nothing when another run was first, or when its draft has been removed. A success that comes late counts."""
    photo = _meant(outcome.task)
    if photo is None or photo.state is PhotoState.READY:
        return
    if outcome.problem:
        photo.state, photo.problem = PhotoState.REFUSED, _told(outcome.problem)
        return
    developed = outcome.developed
    assert developed is not None
    photo.width, photo.height, photo.turned = developed.width, developed.height, developed.turned
    photo.taken_at = developed.taken_at
    photo.thumbnails = {str(size): address for size, address in outcome.addresses.items()}
    photo.state, photo.problem = PhotoState.READY, ""


def waiting_tasks(account_id: int | None = None) -> list[tuple[int, Task]]:
    """(entrant, the oldest picture of theirs that waits) of those who wait, longest first, at most 500; of one account where it is named."""
    oldest = (
        select(func.min(Photo.id))
        .join(Entry, Entry.id == Photo.entry_id)
        .where(Photo.state == PhotoState.PROCESSING, Photo.asked_at <= clock.now())
        .group_by(Entry.entrant_id)
    )
    if account_id is not None:
        oldest = oldest.where(Entry.entrant_id == account_id)
    rows = db.session.execute(
        select(Entry.entrant_id, Photo.id, EntryFile.address)
        .join(Entry, Entry.id == Photo.entry_id)
        .join(EntryFile, EntryFile.id == Photo.file_id)
        .where(Photo.id.in_(oldest))
        .order_by(Photo.id)
        .limit(500)
    ).all()
    return [(entrant_id, Task(photo_id, address)) for entrant_id, photo_id, address in rows]


def put_off(task: Task) -> None:
    """Take back the try of a picture that could not be looked at now; it is asked for again after a while."""
    photo = _meant(task)
    if photo is not None and photo.state is PhotoState.PROCESSING:
        photo.tries = max(0, photo.tries - 1)
        photo.asked_at = clock.now() + rules.PUT_OFF


def give_up(task: Task) -> None:
    """Refuse a picture that used up what one may cost, or crashed what opened it."""
    photo = _meant(task)
    if photo is not None and photo.state is PhotoState.PROCESSING:
        photo.state, photo.problem = PhotoState.REFUSED, _told(rules.TOO_COSTLY)


def entrant_of(task: Task) -> int | None:
    """Whose picture that is; None where it is gone."""
    return db.session.scalar(
        select(Entry.entrant_id).join(Photo, Photo.entry_id == Entry.id).where(Photo.id == task.photo_id)
    )


def task_of(photo: Photo) -> Task:
    """What is to be asked for a photograph as it is now."""
    return Task(photo.id, db.session.get_one(EntryFile, photo.file_id).address)


def release_gallery(*, round_id: int, actor_id: int, reason: str) -> Round:
    """Show the works of a closed photo round to everybody, on the record; raises NotFound, BadInput without a reason, Refused in another state."""
    round_ = contests.round_by_id(round_id, TrackKind.PHOTO)
    if round_.state(clock.now()) is not RoundState.CLOSED:
        raise Refused(
            "Chỉ mở được thư viện ảnh của đợt đã đóng.", todo="Bạn chờ đợt đóng, hoặc đóng đợt trước rồi mở thư viện."
        )
    return rounds.release_gallery(round_id=round_id, actor_id=actor_id, reason=reason)


def _told(problem: Problem) -> str:
    return f"{problem.happened} {problem.todo}"


def _meant(task: Task) -> Photo | None:
    """The photograph of a task, locked; None where it is gone or shows something else."""
    return db.session.scalar(
        select(Photo)
        .join(EntryFile, EntryFile.id == Photo.file_id)
        .where(Photo.id == task.photo_id, EntryFile.address == task.address)
        .with_for_update(of=Photo)
    )


def _known(round_id: int, entrant_id: int, original: Original) -> Photo | None:
    return db.session.scalar(
        select(Photo)
        .join(Entry, Entry.id == Photo.entry_id)
        .join(EntryFile, EntryFile.id == Photo.file_id)
        .where(
            Entry.round_id == round_id,
            Entry.entrant_id == entrant_id,
            EntryFile.address == original.address,
            Photo.state != PhotoState.REFUSED,
        )
        .limit(1)
    )


def _photo_of(entry: Entry) -> Photo:
    photo = db.session.scalar(select(Photo).where(Photo.entry_id == entry.id))
    if photo is None:
        raise NotFound()
    return photo
