"""What the pages of an attempt ask about the visitor's own: the attempt, its round, how many are left; the other modules here call it."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState, TrackKind
from contest.core import clock, queue
from contest.core.db import unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState


def attempt(attempt_id: int) -> Attempt:
    """My attempt; one whose time ran out is handed in first, with what it held."""
    found = queries.own_attempt(attempt_id, access.actor_id())
    if found.state is AttemptState.OPEN and service.held(attempt_id=attempt_id, who=found.entrant_id).over(clock.now()):
        with unit_of_work():
            service.hand_in(attempt_id=attempt_id, who=access.actor_id())
            queue.enqueue(queue.QUIZ, jobs.grade, once="grade")
        found = queries.own_attempt(attempt_id, access.actor_id())
    return found


def round_of(found: Attempt) -> tuple[Round, QuizParams, RoundState]:
    """The round of an attempt, its parameters, and its state now."""
    round_ = contests.round_by_id(found.round_id, TrackKind.QUIZ)
    params = round_.rules
    assert isinstance(params, QuizParams)
    return round_, params, round_.state(clock.now())


def attempts_left(round_: Round, visit: access.Visit | None, used: int) -> int | None:
    """How many attempts a visitor still has, with those granted beyond the rules; None where the rules set no limit."""
    params = round_.rules
    if not isinstance(params, QuizParams) or not params.attempts:
        return None
    granted = contests.extra_attempts_of(round_.id, visit.account_id) if visit else 0
    return max(0, params.attempts + granted - used)


def to_result(attempt_id: int) -> ResponseReturnValue:
    """The way to the result of an attempt."""
    return redirect(url_for("quiz.result", attempt_id=attempt_id), 303)
