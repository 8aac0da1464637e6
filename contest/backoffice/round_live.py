"""The desk's view of a quiz round while it runs: attempts by the minute, what is open and what waits, kept fresh by the page."""

import redis
from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import clock, queue
from contest.core.display import vn_clock, vn_duration, vn_number, vn_time
from contest.quiz import queries as quiz
from contest.quiz.queries import Live

UNKNOWN = "không rõ"
NO_LAG = "không chậm"


@bp.get(f"/dot-thi/<{ID}:round_id>/truc-tiep")
@organizer
def rounds_live(round_id: int) -> ResponseReturnValue:
    """The last hour by the minute, and the figures of this moment."""
    found, now = contests.round_by_id(round_id, TrackKind.QUIZ), clock.now()
    seen = quiz.live(found, now)
    return render_template(
        "backoffice/round_live.html",
        round=found,
        state=found.state(now),
        figures=_figures(seen),
        at=vn_time(now),
        labels=[vn_clock(minute.at) for minute in seen.minutes],
        series=[
            ("Bắt đầu", [minute.started for minute in seen.minutes]),
            ("Nộp bài", [minute.handed_in for minute in seen.minutes]),
        ],
    )


@bp.get(f"/dot-thi/<{ID}:round_id>/truc-tiep/so-lieu")
@organizer
def rounds_live_figures(round_id: int) -> ResponseReturnValue:
    """The figures that the page keeps fresh, as they are shown."""
    found, now = contests.round_by_id(round_id, TrackKind.QUIZ), clock.now()
    return jsonify(at=vn_time(now), **_figures(quiz.live(found, now)))


def _figures(seen: Live) -> dict[str, str]:
    return {
        "open": vn_number(seen.open),
        "started": vn_number(seen.last.started),
        "handed_in_minute": vn_number(seen.last.handed_in),
        "handed_in": vn_number(seen.handed_in),
        "ungraded": vn_number(seen.ungraded),
        "queue": _depth(),
        "overdue": vn_duration(seen.overdue) if seen.overdue.total_seconds() >= 1 else NO_LAG,
        "ungraded_for": vn_duration(seen.ungraded_for) if seen.ungraded_for.total_seconds() >= 1 else NO_LAG,
    }


def _depth() -> str:
    """How many jobs of the quiz wait; a Redis that is away is said so and is no harm."""
    try:
        return vn_number(queue.queue(queue.QUIZ).count)
    except redis.RedisError:
        return UNKNOWN
