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
from contest.quiz import labels, queries, rules
from contest.quiz.forms import PressForm
from contest.quiz.routes import own
from contest.quiz.routes.blueprint import bp
from contest.quiz.rules import AttemptState


@bp.get("")
@public
def track() -> ResponseReturnValue:
    """The track: its rounds, their rules as sentences, my attempts, and the button that starts or resumes."""
    found, now, visit = contests.track_of(TrackKind.QUIZ), clock.now(), access.visit()
    round_ = contests.round_that_matters(found, now)
    mine = queries.my_attempts(visit.account_id) if visit and visit.role is Role.ENTRANT else []
    here = [row.attempt for row in mine if round_ and row.attempt.round_id == round_.id]
    params = round_.rules if round_ else None
    assert params is None or isinstance(params, QuizParams)
    clock_shows = ticking(now, round_.paused_at if round_ else None)
    return render_template(
        "quiz/track.html",
        track=found,
        round=round_,
        state=round_.state(now) if round_ else None,
        params=params,
        sentences=rules.sentences(params) if params else [],
        minutes=_minutes_left(round_, now) if round_ else None,
        mine=mine,
        running=next((a for a in here if a.state is AttemptState.OPEN and a.deadline > clock_shows), None),
        left=own.attempts_left(round_, visit, len(here)) if round_ else None,
        changes=contests.rule_changes([round_.id]).get(round_.id, []) if round_ else [],
        pauses=contests.pauses([round_.id]).get(round_.id, []) if round_ else [],
        differences=labels.differences,
        number=max((a.number for a in here), default=0) + 1,
        visit=visit,
        may_enter=visit is None or visit.role is Role.ENTRANT,
        form=PressForm(formdata=None),
    )


def _minutes_left(round_: Round, now: datetime) -> int | None:
    """The minutes that an attempt begun now would have, where the round's close makes them fewer than the rules give."""
    params = round_.rules
    if not isinstance(params, QuizParams) or not params.minutes or not params.close_cuts_short:
        return None
    left = int((round_.closes_at - now).total_seconds() // 60)
    return left if 0 <= left < params.minutes else None
