"""The page of the track: its rounds, their rules, my attempts; HTTP only."""

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import public
from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import QuizParams, TrackKind, ticking
from contest.core import clock
from contest.core.display import vietnam_time
from contest.quiz import labels, queries, rules
from contest.quiz.forms import PressForm
from contest.quiz.routes import own
from contest.quiz.routes.blueprint import bp
from contest.quiz.rules import AttemptState

FACTS = ("questions", "points", "minutes", "attempts", "tie_breaks")


@bp.get("")
@public
def track() -> ResponseReturnValue:
    """The track: what changed today, where its round stands, how long an attempt begun now has, the way in, my attempts; its rules fold."""
    found, now, visit = contests.track_of(TrackKind.QUIZ), clock.now(), access.visit()
    round_ = contests.round_that_matters(found, now)
    mine = queries.my_attempts(visit.account_id) if visit and visit.role is Role.ENTRANT else []
    here = [row.attempt for row in mine if round_ and row.attempt.round_id == round_.id]
    params = round_.rules if round_ else None
    assert params is None or isinstance(params, QuizParams)
    clock_shows = ticking(now, round_.paused_at if round_ else None)
    changes = contests.rule_changes([round_.id]).get(round_.id, []) if round_ else []
    pauses = contests.pauses([round_.id]).get(round_.id, []) if round_ else []
    return render_template(
        "quiz/track.html",
        track=found,
        round=round_,
        state=round_.state(now) if round_ else None,
        params=params,
        sentences=rules.sentences(params) if params else [],
        facts=[(labels.LABELS[name], labels.value(name, params)) for name in FACTS] if params else [],
        given=_given(round_, params, visit, now) if round_ and params else None,
        mine=mine,
        running=next((a for a in here if a.state is AttemptState.OPEN and a.deadline > clock_shows), None),
        left=own.attempts_left(round_, visit, len(here)) if round_ else None,
        used=len(here),
        changes=changes,
        changed_today=[change for change in changes if _same_day(change.changed_at, now)],
        pauses=pauses,
        pause=next((pause for pause in pauses if pause.ended_at is None), None),
        paused_today=[pause for pause in pauses if pause.ended_at and _same_day(pause.ended_at, now)],
        differences=labels.differences,
        number=max((a.number for a in here), default=0) + 1,
        visit=visit,
        may_enter=visit is None or visit.role is Role.ENTRANT,
        form=PressForm(formdata=None),
    )


def _given(round_: Round, params: QuizParams, visit: access.Visit | None, now: datetime) -> tuple[int, int] | None:
    """The minutes that an attempt begun now has, and those that the rules and the person's needs would give; None without a limit or after the close."""
    if not params.minutes or now >= round_.closes_at:
        return None
    needs = contests.accommodation_of(visit.account_id) if visit and visit.role is Role.ENTRANT else None
    percent = needs.extra_percent if needs else 0
    until = rules.deadline(
        started_at=now,
        minutes=params.minutes,
        extra_seconds=0,
        closes_at=round_.closes_at,
        close_cuts_short=params.close_cuts_short,
        extra_percent=percent,
    )
    return int((until - now).total_seconds() // 60), params.minutes * (100 + percent) // 100


def _same_day(moment: datetime, now: datetime) -> bool:
    return vietnam_time(moment).date() == vietnam_time(now).date()
