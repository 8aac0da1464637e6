"""The demo's prizes and its one publication; load.py calls it inside its transaction."""

from contest.core import clock
from contest.demo.people import Cast
from contest.demo.timetable import Calendar, Programme
from contest.results import service
from contest.results.models import Publication
from contest.results.service import NewPrize

PRIZES = (
    NewPrize("Giải Nhất", 1, 4_000_000),
    NewPrize("Giải Nhì", 2, 2_000_000),
    NewPrize("Giải Ba", 3, 1_500_000),
    NewPrize("Giải Khuyến khích", 8, 1_000_000),
)


def offer(programme: Programme, cast: Cast, calendar: Calendar) -> None:
    """Set the prize table of every round, on the day when the contest is announced."""
    with clock.frozen(calendar.announced):
        for round_ in (*programme.essay, *programme.quiz, *programme.photo):
            service.set_prizes(
                round_id=round_.id, prizes=PRIZES, actor_id=cast.organizer.id, reason="Theo cơ cấu giải trong thể lệ."
            )


def publish(programme: Programme, cast: Cast, calendar: Calendar) -> Publication:
    """Publish the quiz round that is over, three days after it closed."""
    with clock.frozen(calendar.at(-18, 15)):
        return service.publish(
            round_id=programme.quiz[0].id,
            title="Kết quả thi trắc nghiệm, đợt 1",
            actor_id=cast.organizer.id,
            reason="Ban Tổ chức thống nhất kết quả tại phiên họp sau khi đợt đóng.",
        )
