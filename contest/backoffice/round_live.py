"""The desk's view of a quiz round while it runs: attempts by the minute, what is open and what waits, kept fresh by the page."""

from datetime import timedelta
from typing import Any

import redis
from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice import queues
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import clock, queue
from contest.core.display import vn_clock, vn_duration, vn_number, vn_time
from contest.quiz import queries as quiz
from contest.quiz.queries import Live


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
        **_chart(seen),
    )


@bp.get(f"/dot-thi/<{ID}:round_id>/truc-tiep/so-lieu")
@organizer
def rounds_live_figures(round_id: int) -> ResponseReturnValue:
    """The figures and the chart that the page keeps fresh, as they are shown."""
    found, now = contests.round_by_id(round_id, TrackKind.QUIZ), clock.now()
    seen = quiz.live(found, now)
    drawn = render_template("backoffice/_live_chart.html", **_chart(seen))
    return jsonify(at=vn_time(now), drawn=drawn, **_figures(seen))


def _chart(seen: Live) -> dict[str, Any]:
    return {
        "labels": [vn_clock(minute.at) for minute in seen.minutes],
        "series": [
            ("Bắt đầu", [minute.started for minute in seen.minutes]),
            ("Nộp bài", [minute.handed_in for minute in seen.minutes]),
        ],
    }


def _figures(seen: Live) -> dict[str, str]:
    return {
        "open": vn_number(seen.open),
        "started": vn_number(seen.last.started),
        "handed_in_minute": vn_number(seen.last.handed_in),
        "handed_in": vn_number(seen.handed_in),
        "ungraded": _line("Hàng chờ chấm", seen.ungraded, "bài", seen.ungraded_for),
        "overdue": _line("Hết giờ chờ máy nộp", seen.overdue, "lượt", seen.overdue_for),
        "queue": _depth(),
    }


def _line(name: str, count: int, noun: str, oldest: timedelta) -> str:
    """How long a line is and how long its oldest has waited."""
    if not count:
        return f"{name}: không có {noun} nào."
    return f"{name}: {vn_number(count)} {noun}, {noun} cũ nhất chờ {vn_duration(oldest)}."


def _depth() -> str:
    """How many jobs of the quiz wait, the long ones by themselves; a Redis that is away is said so and is no harm."""
    try:
        short, long = (queue.queue(name).count for name in (queue.QUIZ, queue.LONG))
    except redis.RedisError:
        return "Việc nền của phần thi: chưa hỏi được hàng đợi. Câu trả lời và bài nộp vẫn được giữ."
    waits = [*([f"{vn_number(short)} việc"] if short else []), *([f"{vn_number(long)} việc dài"] if long else [])]
    if not waits:
        return "Việc nền của phần thi: không có việc nào chờ."
    unheard = queues.unheard_work((queue.QUIZ, queue.LONG))
    alone = f" Không có máy nào làm: {', '.join(sorted(unheard))}." if unheard else ""
    return f"Việc nền của phần thi: {' và '.join(waits)} đang chờ.{alone}"
