"""What organisers do to attempts while a round runs: grants after the time ran out, needs in the middle, rules that change, what waits for a pause."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.needs import Needs
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, NotFound, Refused
from contest.quiz import service
from contest.quiz.models import QuizRound
from contest.quiz.rules import AttemptState
from tests import pages
from tests.quiz.at_once import at_once
from tests.quiz.conftest import Quiz
from tests.quiz.test_pause import act, pause

WHY = "Theo Công văn số 12-CV/BTC"


@pytest.fixture
def quiz(make_quiz: Callable[..., Quiz]) -> Quiz:
    """An open round whose rules are possible together, so that one of them may be changed."""
    return make_quiz(hide_counters=True)


def change(quiz: Quiz, *, begun: bool = True, **changed: Any) -> int:
    """Change the rules of the running round; returns how many attempts have another deadline."""
    with quiz.app.app_context(), unit_of_work():
        params = QuizParams.read(contests.round_by_id(quiz.round_id).params)
        rounds.change_rules(
            round_id=quiz.round_id,
            params=replace(params, **changed),
            actor_id=quiz.organizer_id,
            reason=WHY,
            begun=begun,
        )
        moved: int = service.follow_rules(round_id=quiz.round_id)
        return moved


def test_time_granted_after_the_end_counts_from_now(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    now = quiz.attempt(attempt_id).deadline + timedelta(seconds=90)

    act(quiz, service.grant_time, now, attempt_id=attempt_id, minutes=10)

    found = quiz.attempt(attempt_id)
    assert timedelta(minutes=10) <= found.deadline - now < timedelta(minutes=10, seconds=1)


@pytest.mark.both_databases
def test_grants_at_once_all_count(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    before = quiz.attempt(attempt_id).deadline

    def grant() -> None:
        service.grant_time(attempt_id=attempt_id, minutes=2, actor_id=quiz.organizer_id, reason=WHY)

    at_once(quiz, *[grant] * 5)

    assert quiz.attempt(attempt_id).deadline == before + timedelta(minutes=10)


@pytest.mark.both_databases
def test_attempts_allowed_at_once_all_count(quiz: Quiz) -> None:
    def allow() -> int:
        return rounds.allow_attempts(
            round_id=quiz.round_id,
            account_id=quiz.entrant_id,
            attempts=1,
            actor_id=quiz.organizer_id,
            reason=WHY,
        )

    assert sorted(at_once(quiz, *[allow] * 5)) == [1, 2, 3, 4, 5]


def test_needs_that_end_take_their_time_back_and_keep_what_was_granted(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    before, now = quiz.attempt(attempt_id).deadline, clock.now()
    act(quiz, service.accommodate, now, account_id=quiz.entrant_id, needs=Needs(100, large_print=True))
    act(quiz, service.grant_time, now, attempt_id=attempt_id, minutes=5)
    assert quiz.attempt(attempt_id).deadline == before + timedelta(minutes=20)

    act(quiz, service.accommodate, now, account_id=quiz.entrant_id, needs=Needs())

    assert quiz.attempt(attempt_id).deadline == before + timedelta(minutes=5)


def test_deadlines_follow_changed_minutes(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    before = quiz.attempt(attempt_id).deadline

    assert change(quiz, minutes=25) == 1

    assert quiz.attempt(attempt_id).deadline == before + timedelta(minutes=10)


@pytest.mark.parametrize(
    "changed", [{"questions": 9}, {"points": 4}, {"shuffle": False}, {"choices": 4}, {"several_right": False}]
)
def test_what_papers_and_points_depend_on_is_frozen_once_somebody_has_begun(
    quiz: Quiz, changed: dict[str, Any]
) -> None:
    quiz.begin()

    with pytest.raises(Refused, match="Đã có người vào thi"):
        change(quiz, **changed)


def test_change_into_the_same_or_the_impossible_is_refused(quiz: Quiz) -> None:
    with pytest.raises(BadInput, match="giống hệt"):
        change(quiz)
    with pytest.raises(BadInput, match="không bao giờ kết thúc"):
        change(quiz, minutes=0, close_cuts_short=False)


def test_prediction_is_not_settled_while_the_round_stands_still_past_its_close(quiz: Quiz) -> None:
    quiz.hand_in(quiz.begin())
    with quiz.app.app_context(), unit_of_work():
        service.grade_batch()
    with quiz.app.app_context():
        close = contests.round_by_id(quiz.round_id).closes_at
    pause(quiz, close - timedelta(minutes=1))

    with quiz.app.app_context(), clock.frozen(close + timedelta(minutes=1)), unit_of_work():
        service.settle_predictions()
        assert db.session.get_one(QuizRound, quiz.round_id).actual is None


def test_paper_is_forgotten_only_while_nobody_has_begun(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz()
    with quiz.app.app_context(), unit_of_work():
        service.forget_paper(round_id=quiz.round_id)
        assert db.session.get(QuizRound, quiz.round_id) is None

    begun = make_quiz()
    begun.begin()
    with begun.app.app_context(), unit_of_work(), pytest.raises(Refused):
        service.forget_paper(round_id=begun.round_id)


def test_grant_to_nobody_or_to_what_has_ended_is_refused(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    quiz.hand_in(attempt_id)

    with pytest.raises(Refused):
        act(quiz, service.grant_time, clock.now(), attempt_id=attempt_id, minutes=5)
    with pytest.raises(NotFound):
        act(quiz, service.grant_time, clock.now(), attempt_id=10**6, minutes=5)
    assert quiz.attempt(attempt_id).state is AttemptState.HANDED_IN


def test_granted_attempt_is_offered_on_the_track_and_may_be_begun(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(attempts=1)
    quiz.hand_in(quiz.begin())
    client = quiz.client()
    assert "Bạn còn" not in pages.get(client, "/thi-trac-nghiem").text

    act(quiz, rounds.allow_attempts, clock.now(), round_id=quiz.round_id, account_id=quiz.entrant_id, attempts=1)

    assert "Bạn còn 1 lượt" in pages.get(client, "/thi-trac-nghiem").text
    quiz.begin()


def test_track_tells_what_changed_after_the_opening(quiz: Quiz) -> None:
    change(quiz, minutes=25)

    text = pages.get(quiz.client(), "/thi-trac-nghiem").text

    assert "Thời gian làm bài: trước là 15 phút; nay là 25 phút." in text
    assert WHY in text
