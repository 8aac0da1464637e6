"""The demo's photographs: drawn by code into JPEG files as cameras write them, then sent, described and handed in; load.py calls it."""

import io
import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import ExifTags, Image

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.core import clock, storage
from contest.core.db import db
from contest.core.display import vietnam_time
from contest.demo import landscapes
from contest.demo.people import Cast
from contest.demo.timetable import PHOTO_EDGE, Calendar, Programme
from contest.photo import pictures, service
from contest.photo.models import Photo
from contest.photo.pictures import Developed
from contest.photo.service import Original, Outcome, Words

_PROPORTION = 1.5
_QUALITY = 88
_TURNED_EVERY, _PLACED_EVERY = 7, 5
_TURNED = 6  # The camera stood upright: the file lies on its side and says so.
_SCENERY, _PEOPLE, _ACHIEVEMENTS = "Cảnh đẹp", "Con người", "Thành tựu"
_THEMES = {
    **dict.fromkeys(("doi-vai", "cho-vai", "cau-dem", "nha-may", "doi-che"), _ACHIEVEMENTS),
    **dict.fromkeys(("song-thuong", "ruong-cay", "le-hoi"), _PEOPLE),
}
_ROUGHLY_HERE = ((21.0, 16.0), (106.0, 12.0))
_SHARE_IN_OPEN_ROUND = 0.15
_MOST_WORKS = 4
_SHOWN_EVERY = 5


@dataclass(frozen=True)
class Print:
    """A picture with its file in storage and its thumbnails, drawn before any entry exists."""

    seed: int
    original: Original
    developed: Developed
    addresses: dict[int, str]


def draw(calendar: Calendar, count: int, programme_edge: int = PHOTO_EDGE) -> Iterator[Print]:
    """Draw `count` pictures and put them and their thumbnails into storage; takes its time and needs no transaction."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as painters:
        drawn = painters.map(lambda seed: _drawn(seed, calendar, programme_edge), range(count))
        for seed, (content, developed) in enumerate(drawn):
            seen = pictures.look(content)
            original = Original(
                storage.put(content), len(content), seen.format, seen.width, seen.height, f"DSC_{2417 + 13 * seed}.JPG"
            )
            addresses = {size: storage.put(small) for size, small in developed.thumbnails.items()}
            yield Print(seed, original, developed, addresses)


def send(programme: Programme, cast: Cast, prints: list[Print], now: datetime, step: Callable[[], None]) -> None:
    """Make an entry of each print: most in the rounds that are over, the rest in the open one, of which the last stays a draft."""
    rng = random.Random("photographs")
    shown, judged, running = programme.photo
    late = max(1, round(len(prints) * _SHARE_IN_OPEN_ROUND))
    early = [a for a in cast.entrants if a.created_at < judged.closes_at - timedelta(days=3) and a is not cast.visitor]
    authors = rng.sample(early, min(len(early), max(1, len(prints) // 2))) * _MOST_WORKS
    rng.shuffle(authors)
    for number, print_ in enumerate(prints):
        place = len(prints) - 1 - number
        author = cast.visitor if number == 0 or place == late - 1 else authors.pop()
        in_time = number % _SHOWN_EVERY == 0 and author.created_at < shown.closes_at - timedelta(days=3)
        round_ = running if place < late else shown if in_time else judged
        until = min(round_.closes_at, now)
        start = max(round_.opens_at, author.created_at) + timedelta(hours=1)
        moment = start + (until - start - timedelta(hours=1)) * rng.random()
        _send(round_, author, print_, moment, hand_in=place > 0)
        step()


def _send(round_: Round, author: Account, print_: Print, moment: datetime, *, hand_in: bool) -> None:
    words = landscapes.words(print_.seed)
    with clock.frozen(moment):
        photo = service.begin_work(round_id=round_.id, entrant_id=author.id, original=print_.original)
        _develop(photo, print_)
    with clock.frozen(moment + timedelta(minutes=6)):
        service.describe(
            entry_id=photo.entry_id,
            entrant_id=author.id,
            words=Words(words.title, _THEMES.get(landscapes.kind_of(print_.seed), _SCENERY), words.caption),
        )
        db.session.flush()
        if hand_in:
            service.hand_in(entry_id=photo.entry_id, entrant_id=author.id)


def _develop(photo: Photo, print_: Print) -> None:
    """What a worker does with an upload, with the thumbnails that are already there."""
    task = service.task_of(photo)
    if service.begin_thumbnails(task):
        service.keep_thumbnails(Outcome(task, developed=print_.developed, addresses=print_.addresses))


def _drawn(seed: int, calendar: Calendar, edge: int) -> tuple[bytes, Developed]:
    picture = landscapes.draw(seed, edge, round(edge / _PROPORTION))
    content = _as_camera(picture, seed, calendar)
    return content, pictures.develop(content)


def _as_camera(picture: Image.Image, seed: int, calendar: Calendar) -> bytes:
    """The picture as a JPEG with what cameras write along: maker, moment, on some the turn and the place."""
    rng = random.Random(f"camera {seed}")
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Khat Vong Demo"
    exif[ExifTags.Base.Model] = "Drawn by code"
    taken = calendar.at(-rng.randint(70, 400), rng.choice((5, 6, 7, 8, 15, 16, 17)), rng.randrange(60))
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = vietnam_time(taken).strftime("%Y:%m:%d %H:%M:%S")
    details[ExifTags.Base.OffsetTimeOriginal] = "+07:00"
    if seed % _TURNED_EVERY == _TURNED_EVERY - 1:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif[ExifTags.Base.Orientation] = _TURNED
    if seed % _PLACED_EVERY == 1:
        (north, minutes), (east, more) = _ROUGHLY_HERE
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        place[ExifTags.GPS.GPSLatitude] = (north, minutes + seed % 10, 0.0)
        place[ExifTags.GPS.GPSLongitude] = (east, more + seed % 10, 0.0)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=_QUALITY, exif=exif)
    return kept.getvalue()
