"""The desk's first page: what needs people, the day's figures kept fresh, the rounds along the year, taking part by unit."""

from datetime import timedelta

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice import queries, timeline, todo
from contest.backoffice.blueprint import bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.display import vietnam_time, vn_number, vn_time
from contest.quiz import queries as quiz

UNITS_SHOWN = 10


@bp.get("/")
@organizer
def dashboard() -> ResponseReturnValue:
    """Today."""
    now = clock.now()
    contest = contests.the_contest()
    midnight = queries.midnight(now)
    hours = quiz.starts_by_hour(midnight)
    jobs = todo.jobs(now)
    units = queries.participation(now)
    return render_template(
        "backoffice/dashboard.html",
        jobs=jobs,
        rail_counts={"backoffice.dashboard": len(jobs)},
        running=[round_ for track in contest.tracks for round_ in track.rounds if round_.is_open(now)],
        quiz=contests.round_that_matters(contests.track_of(TrackKind.QUIZ), now),
        figures=queries.today(now),
        labels=[f"{hour}h" for hour in range(24)],
        series=[
            ("Hôm nay", [number if hour <= vietnam_time(now).hour else None for hour, number in enumerate(hours)]),
            ("Hôm qua", quiz.starts_by_hour(midnight - timedelta(days=1))),
        ],
        timeline=timeline.drawn(contest.tracks, now),
        units=units[:UNITS_SHOWN],
        most=max((line.entrants for line in units), default=0),
    )


@bp.get("/so-lieu")
@organizer
def dashboard_figures() -> ResponseReturnValue:
    """The figures that the page keeps fresh, as they are shown."""
    now = clock.now()
    figures = queries.today(now)
    return jsonify(
        running=vn_number(figures.running),
        handed_in=vn_number(figures.handed_in),
        ungraded=vn_number(figures.ungraded),
        at=vn_time(now),
    )
