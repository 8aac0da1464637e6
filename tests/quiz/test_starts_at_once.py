"""A sitting beside staff who change its round, on both databases: who comes second is told so, and every attempt has the time and the paper that hold."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.needs import Needs
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.errors import DomainError, Refused
from contest.quiz import queries, service
from contest.quiz.rules import AttemptState
from tests.quiz.at_once import Make, beside, delete_unused, frozen_at, signed, tried_at_once
from tests.quiz.conftest import Quiz

pytestmark = pytest.mark.both_databases


def test_start_beside_a_close_gets_no_time_beyond_it(quiz: Quiz) -> None:
    def shut() -> None:
        rounds.close_now(round_id=quiz.round_id, **signed(quiz))
        service.reset_deadlines(round_id=quiz.round_id)

    done = beside(quiz, shut, partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id))

    assert isinstance(done, Refused)
    assert quiz.numbers() == []


def test_start_beside_a_new_freeze_sits_the_paper_that_is_marked(quiz: Quiz) -> None:
    done = beside(
        quiz,
        partial(service.prepare_round, round_id=quiz.round_id, **signed(quiz)),
        partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id),
    )

    assert isinstance(done, Refused) or done.sitting.frozen_at == frozen_at(quiz)
    quiz.begin()


def test_start_beside_needs_being_noted_is_asked_for_again_and_has_their_time(quiz: Quiz) -> None:
    needs = partial(service.accommodate, account_id=quiz.entrant_id, needs=Needs(100))
    start = partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id)

    found = beside(quiz, partial(needs, **signed(quiz)), start)

    assert isinstance(found, Refused) or found.sitting is not None  # SQLite's start comes after, and reads what holds
    begun = quiz.attempt(quiz.begin())
    assert begun.number == 1
    assert begun.deadline == begun.started_at + timedelta(minutes=30)


def test_freeze_beside_a_start_is_refused(quiz: Quiz) -> None:
    before = frozen_at(quiz)

    done = beside(
        quiz,
        partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id),
        partial(service.prepare_round, round_id=quiz.round_id, **signed(quiz)),
    )

    assert isinstance(done, Refused)
    assert frozen_at(quiz) == before


def test_start_beside_the_deletion_of_its_round_finds_no_round(quiz: Quiz) -> None:
    done = beside(
        quiz,
        partial(delete_unused, round_id=quiz.round_id, **signed(quiz)),
        partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id),
    )

    assert isinstance(done, DomainError)


def test_fewer_questions_beside_a_start_are_refused_or_the_start_is(make_quiz: Make) -> None:
    quiz = make_quiz(hide_counters=True)

    done = beside(
        quiz,
        partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id),
        partial(shorter, quiz),
    )

    assert isinstance(done, Refused)
    with quiz.app.app_context():
        assert contests.round_by_id(quiz.round_id).params["questions"] == 10


def test_round_of_fewer_questions_gives_no_paper_of_the_old_length(make_quiz: Make) -> None:
    quiz = make_quiz(hide_counters=True)

    tried_at_once(quiz, partial(shorter, quiz))

    with pytest.raises(DomainError):
        quiz.begin()
    with quiz.app.app_context(), unit_of_work():
        service.prepare_round(round_id=quiz.round_id, **signed(quiz))
    assert len(quiz.attempt(quiz.begin()).answers) == 9


def shorter(quiz: Quiz) -> None:
    """What the desk does for an open round that nobody has begun."""
    params = replace(QuizParams.read(contests.round_by_id(quiz.round_id).params), questions=9)
    rounds.locked(quiz.round_id)
    begun = queries.is_sat(quiz.round_id)
    change = rounds.change_rules(round_id=quiz.round_id, params=params, begun=begun, **signed(quiz))
    service.follow_rules(round_id=quiz.round_id, changed=change.after)


def test_needs_noted_beside_an_extension_reach_as_far_as_both_say(quiz: Quiz) -> None:
    with quiz.app.app_context():
        close_at = contests.round_by_id(quiz.round_id).closes_at
    with clock.frozen(close_at - timedelta(minutes=5)):
        attempt_id = quiz.begin()

    def later() -> None:
        rounds.extend(round_id=quiz.round_id, until=close_at + timedelta(days=1), **signed(quiz))
        service.reset_deadlines(round_id=quiz.round_id)

    needs = partial(service.accommodate, account_id=quiz.entrant_id, needs=Needs(100))
    beside(quiz, later, partial(needs, **signed(quiz)))

    found = quiz.attempt(attempt_id)
    assert found.deadline == found.started_at + timedelta(minutes=30)


def test_hand_in_beside_an_annulment_ends_the_attempt_once_and_annulled(quiz: Quiz) -> None:
    attempt_id = quiz.begin()

    done = tried_at_once(
        quiz,
        partial(service.annul, attempt_id=attempt_id, **signed(quiz)),
        *[partial(service.hand_in, attempt_id=attempt_id, who=quiz.entrant_id)] * 3,
    )

    found = quiz.attempt(attempt_id)
    assert found.state is AttemptState.ANNULLED
    assert {one.receipt for one in done[1:]} == {found.receipt}
