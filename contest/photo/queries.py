"""Reads about photographs; this room's pages, judging and the organisers' desk use them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import current_app
from sqlalchemy import ColumnElement, select

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests.models import Round, Track
from contest.contests.rules import TrackKind
from contest.core import storage, vietnamese
from contest.core.db import db
from contest.core.errors import NotFound
from contest.core.paging import Page, page_of
from contest.entries import leaks
from contest.entries import queries as entries
from contest.entries.leaks import Leak, Text
from contest.entries.models import Entry, EntryFile
from contest.entries.rules import EntryState
from contest.photo import rules
from contest.photo.models import Photo
from contest.photo.rules import PhotoState


@dataclass(frozen=True)
class Work:
    """A photo entry with its round, its photograph and its original."""

    entry: Entry
    photo: Photo
    file: EntryFile

    @property
    def ready(self) -> bool:
        """True once its thumbnails are there."""
        return self.photo.state is PhotoState.READY

    @property
    def pixels(self) -> str:
        """The upright size of the original, as it is shown."""
        return rules.pixels(self.photo.width, self.photo.height)

    @property
    def words(self) -> str:
        """How the check of the picture goes."""
        return rules.STATE_WORDS[self.photo.state]

    @property
    def seal(self) -> str:
        """The digest of what was handed in, in groups of eight signs."""
        digest = self.entry.digest or ""
        return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))

    @property
    def detail(self) -> str:
        """What there is to say of the picture: its problem, else its size."""
        if self.photo.state is PhotoState.REFUSED:
            return self.photo.problem
        return f"{self.pixels}, đã xoay đúng chiều" if self.photo.turned else self.pixels

    def fitted(self, size: int) -> tuple[int, int]:
        """Width and height of the thumbnail of that long edge."""
        return rules.fitted(self.photo.width, self.photo.height, size)

    def widths(self, *sizes: int) -> dict[int, int]:
        """The width in pixels of the thumbnail of each long edge, for `srcset`; an edge longer than the picture's own is left out."""
        found: dict[int, int] = {}
        for size in sizes:
            width = self.fitted(size)[0]
            if width not in found.values():
                found[size] = width
        return found

    def version(self, size: int) -> str:
        """Changes with the thumbnail, so that browsers may keep it for ever."""
        return str(self.photo.thumbnails.get(str(size), ""))[:12]


@dataclass(frozen=True)
class BlindPhoto:
    """What a judge may know of a photograph; `sizes` maps each long edge to the width and height of that thumbnail."""

    title: str
    theme: str
    caption: str
    sizes: Mapping[int, tuple[int, int]]


@dataclass(frozen=True)
class GalleryPage(Page[Work]):
    """One page of the gallery; `themes` counts the released works by theme, `shown` names the theme that was asked for, `order` the shuffle."""

    themes: Mapping[str, int]
    shown: str
    order: str

    @cached_property
    def everything(self) -> int:
        """How many works are released in all."""
        return sum(self.themes.values())


def own_work(entry_id: int, entrant_id: int) -> Work:
    """The entrant's own photo work; raises NotFound."""
    return _with_photo(entries.own_entry(entry_id, entrant_id, TrackKind.PHOTO))


def work_by_id(entry_id: int) -> Work:
    """Any photo work with its entrant, for organisers; raises NotFound."""
    entry = entries.entry_by_id(entry_id)
    if entry.kind is not TrackKind.PHOTO:
        raise NotFound()
    return _with_photo(entry)


def my_works(entrant_id: int, round_id: int | None = None) -> list[Work]:
    """The entrant's photo works, newest first."""
    found = entries.my_entries(entrant_id, TrackKind.PHOTO, round_id=round_id)
    photos = _photos([entry.id for entry in found])
    return [Work(entry, *photos[entry.id]) for entry in found if entry.id in photos]


def blind_photo(entry_id: int) -> BlindPhoto:
    """What a judge may know of the photograph of an entry; raises NotFound, also while its thumbnails are not ready."""
    row = db.session.execute(
        select(Entry.title, Entry.theme, Photo)
        .join(Photo, Photo.entry_id == Entry.id)
        .where(Entry.id == entry_id, Entry.state == EntryState.HANDED_IN, Photo.state == PhotoState.READY)
    ).first()
    if row is None:
        raise NotFound()
    photo = row[2]
    sizes = {size: rules.fitted(photo.width, photo.height, size) for size in rules.SIZES}
    return BlindPhoto(title=row[0], theme=row[1], caption=photo.caption, sizes=sizes)


def thumbnail(entry_id: int, size: int) -> bytes:
    """The JPEG of that long edge, without any metadata; raises NotFound. Who may see it is for the caller to know."""
    photo = db.session.scalar(select(Photo).where(Photo.entry_id == entry_id))
    return _picture(photo, size)


def gallery_thumbnail(entry_id: int, size: int) -> bytes:
    """The JPEG of that long edge of a released work; raises NotFound."""
    return _picture(gallery_work(entry_id).photo, size)


def gallery_work(entry_id: int) -> Work:
    """A released work; raises NotFound."""
    row = db.session.execute(select(Entry, Photo, EntryFile).where(*_released(), Entry.id == entry_id)).first()
    if row is None:
        raise NotFound("Không có tác phẩm này trong thư viện ảnh.")
    return Work(*row)


def gallery(*, order: str, theme: str = "", page: int = 1) -> GalleryPage:
    """A page of the works of the released rounds of this contest, shuffled by `order`: another order is another shuffle, and none says what came when."""
    released = db.session.execute(select(Entry.id, Entry.theme).select_from(Photo).where(*_released())).all()
    counted = Counter(of for _, of in released)
    themes = dict(sorted(counted.items(), key=lambda row: vietnamese.sort_key(row[0])))
    theme = theme if theme in themes else ""
    secret = current_app.config["SECRET_KEY"]
    shuffled = rules.shuffled((id_ for id_, of in released if theme in ("", of)), order=order, secret=secret)

    def read(offset: int, most: int) -> list[Work]:
        wanted = shuffled[offset : offset + most]
        rows = db.session.execute(select(Entry, Photo, EntryFile).where(*_released(), Entry.id.in_(wanted)))
        works = {row[0].id: Work(*row) for row in rows}
        return [works[id_] for id_ in wanted if id_ in works]

    found = page_of(read, total=len(shuffled), page=page, per_page=rules.PER_PAGE)
    return GalleryPage(**vars(found), themes=themes, shown=theme, order=order)


def leaks_of(work: Work) -> list[Leak]:
    """What in title and caption may tell whose the work is; `work.entry.entrant` need not be loaded."""
    author = db.session.get_one(Account, work.entry.entrant_id)
    texts = [Text("title", "tên tác phẩm", work.entry.title), Text("caption", "chú thích", work.photo.caption)]
    return leaks.find_in(texts, entries.author_of(author))


def open_leaks(work: Work) -> list[Leak]:
    """Those that the entrant has not decided to keep."""
    return leaks.open_leaks(leaks_of(work), [*work.photo.acknowledged, *work.entry.passed])


def _released() -> tuple[ColumnElement[bool], ...]:
    """What makes a work public: joins of entry, photo, file and round, and the conditions."""
    rounds = (
        select(Round.id)
        .join(Track, Track.id == Round.track_id)
        .where(
            Track.contest_id == contests.the_contest().id,
            Track.kind == TrackKind.PHOTO,
            Round.gallery_released_at.is_not(None),
        )
    )
    return (
        Photo.entry_id == Entry.id,
        EntryFile.id == Photo.file_id,
        Photo.state == PhotoState.READY,
        Entry.state == EntryState.HANDED_IN,
        Entry.round_id.in_(rounds),
    )


def thumbnail_addresses() -> set[str]:
    """The addresses in storage of every photograph's thumbnails."""
    return {address for found in db.session.scalars(select(Photo.thumbnails)) for address in found.values()}


def _picture(photo: Photo | None, size: int) -> bytes:
    address = photo.thumbnails.get(str(size)) if photo else None
    if not address:
        raise NotFound("Ảnh này chưa sẵn sàng.")
    try:
        return storage.get(address)
    except FileNotFoundError as error:
        raise NotFound("Ảnh này chưa sẵn sàng.") from error


def _with_photo(entry: Entry) -> Work:
    found = _photos([entry.id]).get(entry.id)
    if found is None:
        raise NotFound()
    return Work(entry, *found)


def _photos(entry_ids: Sequence[int]) -> dict[int, tuple[Photo, EntryFile]]:
    rows = db.session.execute(
        select(Photo, EntryFile).join(EntryFile, EntryFile.id == Photo.file_id).where(Photo.entry_id.in_(entry_ids))
    )
    return {photo.entry_id: (photo, file) for photo, file in rows}
