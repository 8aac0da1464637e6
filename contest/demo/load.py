"""The demo contest, loaded into a database without a contest: all in one transaction, so a killed load leaves nothing and may be run again.

`contest demo load` and `contest run` call it. Everything is drawn from fixed seeds and laid around the moment of loading; it goes through
the rooms' own services, at the hours at which it would have happened. Files are stored first: storage keeps content once by its hash.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rich.progress import Progress
from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests.models import Contest
from contest.core import audit, clock
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.demo import honours, panels, people, photographs, sittings, timetable, writings
from contest.demo.timetable import Calendar
from contest.units import service as units

account_lines = people.account_lines


@dataclass(frozen=True)
class Size:
    """How much to make: entrants, essays and photographs."""

    people: int = 300
    essays: int = 30
    photos: int = 40


WHOLE = Size()


def load(progress: Progress, size: Size = WHOLE) -> None:
    """Fill the database; raises Refused when it holds a contest, and then changes nothing."""
    _must_be_empty()
    calendar = Calendar(clock.now())
    drawn = _bar(progress, "Vẽ ảnh", size.photos)
    prints = []
    for print_ in photographs.draw(calendar, size.photos):
        prints.append(print_)
        drawn()
    with unit_of_work():
        _must_be_empty()
        units.load_seed()
        programme = timetable.set_up(calendar)
        contests.forget()
        cast = people.gather(calendar, size.people, _bar(progress, "Người dự thi", size.people))
        honours.offer(programme, cast, calendar)
        sittings.fill_bank(programme, cast, calendar)
        sittings.sit(programme, cast, calendar, lambda total: _bar(progress, "Thi trắc nghiệm", total))
        writings.write(programme, cast, size.essays, calendar.now, _bar(progress, "Bài viết", size.essays))
        photographs.send(programme, cast, prints, calendar.now, _bar(progress, "Ảnh dự thi", size.photos))
        honours.publish(programme, cast, calendar)
        panels.judge(programme, cast, calendar, lambda total: _bar(progress, "Phiếu chấm", total))
        audit.record("demo.load", actor_id=None, subject=f"contest:{programme.contest.id}", reason="Dữ liệu trình diễn")
    contests.forget()
    sittings.fill_boards()


def _must_be_empty() -> None:
    if db.session.scalar(select(Contest.id).limit(1)) is not None:
        raise Refused(
            "Cơ sở dữ liệu đã có một cuộc thi nên không nạp dữ liệu trình diễn.",
            kept="Cuộc thi đang có giữ nguyên.",
            todo="Muốn xem bản trình diễn, bạn dùng một cơ sở dữ liệu trống.",
        )


def _bar(progress: Progress, words: str, total: int) -> Callable[[], None]:
    task = progress.add_task(f"{words:<16}", total=total)
    return lambda: progress.advance(task)
