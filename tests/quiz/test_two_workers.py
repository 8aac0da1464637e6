"""One worker grades while another is at long work, on both databases: nobody waits for a count, and no mark falls between a count and its flag."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import select

from contest.contests.models import Round
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, service
from contest.quiz.ledger import RoundLedger, Standing
from contest.quiz.models import Attempt
from contest.quiz.service import counting, regrading
from contest.quiz.service.locks import own_places
from tests.quiz.at_once import THREADS, Make, beside, signed, tried_at_once
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.places import close
from tests.quiz.test_regrade import change, correct, handed_in, sit_all, versions_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def quiz(make_quiz: Make) -> Quiz:
    """Everybody draws ten of twenty-four questions; nothing is guessed."""
    return make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=5)


def is_over(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        db.session.get_one(Round, quiz.round_id).closes_at = clock.now()


def counting_early(round_id: int) -> int:
    """A count that began before somebody handed in, as when the round is extended meanwhile."""
    own_places(round_id)
    return service.rank_round(round_id)


def work(quiz: Quiz) -> None:
    """What both workers do next."""
    with quiz.app.app_context():
        jobs.sweep()
        jobs.regrade()
        jobs.rank()


def placed(quiz: Quiz) -> set[int]:
    with quiz.app.app_context():
        return set(db.session.scalars(select(Standing.attempt_id).where(Standing.round_id == quiz.round_id)))


def ranked_at(quiz: Quiz) -> datetime | None:
    with quiz.app.app_context():
        return db.session.scalar(select(RoundLedger.ranked_at).where(RoundLedger.round_id == quiz.round_id))


@pytest.mark.parametrize("ranked_before", [False, True])
@pytest.mark.parametrize("counted_first", [False, True])
def test_attempt_graded_beside_a_count_of_places_has_its_place(
    quiz: Quiz, counted_first: bool, ranked_before: bool
) -> None:
    sat = sit_all(quiz, 3)
    if ranked_before:
        tried_at_once(quiz, partial(counting_early, quiz.round_id))
    late = handed_in(quiz, quiz.entrants(1)[0])
    is_over(quiz)

    if counted_first:
        beside(quiz, partial(counting_early, quiz.round_id), service.grade_batch)
    else:
        beside(quiz, service.grade_batch, partial(counting.count_places, quiz.round_id))
    work(quiz)

    assert placed(quiz) == {*sat, late}


def test_round_whose_places_are_counted_holds_no_other_round_up(quiz: Quiz, make_quiz: Make) -> None:
    held_up = handed_in(quiz, quiz.entrant_id)
    other = make_quiz()
    waiting = handed_in(other, other.entrant_id)

    graded = beside(quiz, partial(counting_early, quiz.round_id), service.grade_batch)

    with quiz.app.app_context():
        waits = db.session.get_bind().dialect.name == "sqlite"
        ungraded = set(db.session.scalars(select(Attempt.id).where(Attempt.graded_at.is_(None))))
    assert (graded, ungraded) == ((2, set()) if waits else (1, {held_up}))
    work(quiz)
    assert quiz.attempt(held_up).graded_at
    assert quiz.attempt(waiting).graded_at


def test_workers_that_count_places_at_once_count_them_once(quiz: Quiz) -> None:
    sit_all(quiz, 3)
    is_over(quiz)

    counted = tried_at_once(quiz, *[partial(counting.count_places, quiz.round_id)] * THREADS)

    assert sorted(counted) == [False] * (THREADS - 1) + [True]
    assert len(placed(quiz)) == 3


def test_places_wait_for_a_key_that_is_applied_by_half(quiz: Quiz, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrading, "CHUNK", 2)
    monkeypatch.setattr(regrading, "_CHUNKS_EACH", 1)
    attempts = sit_all(quiz, 5)
    close(quiz)
    before = ranked_at(quiz)
    change_id = change(quiz, versions_of(quiz, attempts[0])[0])
    tried_at_once(quiz, partial(service.apply_change, change_id))
    tried_at_once(quiz, partial(service.annul, attempt_id=attempts[0], **signed(quiz)))

    with quiz.app.app_context():
        jobs.rank()
    assert before
    assert ranked_at(quiz) == before
    assert attempts[0] in placed(quiz)

    work(quiz)
    assert placed(quiz) == set(attempts[1:])


def test_places_counted_while_signals_are_looked_for_ask_for_another_look(quiz: Quiz) -> None:
    attempts = sit_all(quiz, 3)
    close(quiz)
    with quiz.app.app_context():
        looked_at = clock.now()
        found = service.find_signals(quiz.round_id)
    tried_at_once(quiz, partial(service.annul, attempt_id=attempts[0], **signed(quiz)))
    work(quiz)
    tried_at_once(quiz, partial(service.keep_signals, quiz.round_id, found, looked_at=looked_at))

    with quiz.app.app_context():
        assert service.rounds_to_search() == [quiz.round_id]
        jobs.look_for_signals()
        assert service.rounds_to_search() == []


@pytest.mark.parametrize("applied_first", [False, True])
def test_attempt_graded_beside_a_regrade_has_the_new_marks(quiz: Quiz, applied_first: bool) -> None:
    attempts = sit_all(quiz, 4)
    version_id = versions_of(quiz, attempts[0])[0]
    late = handed_in(quiz, quiz.entrants(1)[0])
    change_id = change(quiz, version_id)
    acts = [partial(service.apply_change, change_id), service.grade_batch]

    beside(quiz, *(acts if applied_first else reversed(acts)))
    work(quiz)

    everybody = [*attempts, late]
    assert correct(quiz, everybody) == [QUESTIONS - (version_id in versions_of(quiz, one)) for one in everybody]


@pytest.mark.parametrize(("heard", "graded"), [([queue.LONG], False), (queue.QUEUES, True)])
def test_worker_of_all_queues_grades_between_the_chunks_of_a_regrade(
    quiz: Quiz, heard: Sequence[str], graded: bool
) -> None:
    attempts = sit_all(quiz, 2)
    change(quiz, versions_of(quiz, attempts[0])[0])
    late = handed_in(quiz, quiz.entrants(1)[0])

    with quiz.app.app_context():
        queue.hear(heard)
        jobs.regrade()

    assert (quiz.attempt(late).graded_at is not None) is graded
