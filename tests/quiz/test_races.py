"""Many hands at once, on both databases: one attempt, one hand-in, no answer lost, no answer taken late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import service
from contest.quiz.rules import AttemptState, Packet
from tests.quiz.at_once import at_once
from tests.quiz.conftest import QUESTIONS, Quiz

pytestmark = pytest.mark.both_databases
THREADS = 20


def test_twenty_presses_of_start_make_one_attempt(quiz: Quiz) -> None:
    presses = [lambda: service.begin(round_id=quiz.round_id, who=quiz.entrant_id).attempt_id] * THREADS

    assert len(set(at_once(quiz, *presses))) == 1


def test_twenty_presses_of_hand_in_give_one_receipt(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    presses = [lambda: service.hand_in(attempt_id=attempt_id, who=quiz.entrant_id)] * THREADS

    done = at_once(quiz, *presses)

    assert [one.fresh for one in done].count(True) == 1
    assert {one.receipt for one in done} == {quiz.attempt(attempt_id).receipt}


def test_saves_of_different_questions_all_arrive(quiz: Quiz) -> None:
    attempt_id = quiz.begin()

    def save(position: int) -> Callable[[], Any]:
        packet = Packet(changes={position: "4"})
        return lambda: service.save(attempt_id=attempt_id, who=quiz.entrant_id, packet=packet)

    at_once(quiz, *(save(position) for position in range(QUESTIONS)))

    assert quiz.attempt(attempt_id).answers == "4" * QUESTIONS


def test_save_beside_hand_in_is_either_in_the_sealed_answers_or_refused(quiz: Quiz) -> None:
    for entrant_id in quiz.entrants(8):
        attempt_id = quiz.begin(entrant_id)
        packet = Packet(sequence=1, changes={0: "8"})

        saved, _ = at_once(
            quiz,
            partial(service.save, attempt_id=attempt_id, who=entrant_id, packet=packet),
            partial(service.hand_in, attempt_id=attempt_id, who=entrant_id),
        )

        kept = quiz.attempt(attempt_id)
        assert (kept.answers[0] == "8") is (saved is not None)
        assert kept.digest == seal_of(kept)


def test_save_beside_the_sweep_is_refused_once_time_is_over(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    with clock.shifted(timedelta(minutes=16)):
        saved, count = at_once(
            quiz,
            lambda: service.save(
                attempt_id=attempt_id, who=quiz.entrant_id, packet=Packet(sequence=1, changes={0: "8"})
            ),
            service.expire_due,
        )

    kept = quiz.attempt(attempt_id)
    assert saved is None
    assert count == 1
    assert kept.state is AttemptState.EXPIRED
    assert kept.answers == "0" * QUESTIONS
    assert kept.handed_in_at == kept.deadline


def test_two_sweeps_at_once_end_an_attempt_once(quiz: Quiz) -> None:
    attempts = [quiz.begin(entrant_id) for entrant_id in quiz.entrants(6)]
    with clock.shifted(timedelta(minutes=16)):
        counts = at_once(quiz, *[service.expire_due] * 4)

    assert sum(counts) == 6
    assert len({quiz.attempt(attempt_id).receipt for attempt_id in attempts}) == 6


def test_two_graders_at_once_leave_the_marks_of_one(quiz: Quiz) -> None:
    attempts = [quiz.begin(entrant_id) for entrant_id in quiz.entrants(6)]
    for attempt_id in attempts:
        quiz.hand_in(attempt_id, sequence=1, answers=quiz.key(attempt_id))

    at_once(quiz, *[service.grade_batch] * 4)

    assert {quiz.attempt(attempt_id).points for attempt_id in attempts} == {5 * QUESTIONS}


def test_start_that_read_the_round_before_its_close_moves_gets_the_new_deadline(
    make_quiz: Callable[..., Quiz],
) -> None:
    quiz = make_quiz(minutes=240, close_cuts_short=True)
    has_read, moved = Event(), Event()
    with quiz.app.app_context():
        engine = db.engine
        closes_at = contests.round_by_id(quiz.round_id, TrackKind.QUIZ).closes_at
    began = closes_at - timedelta(minutes=30) - clock.now()

    def stop_before_the_row(*given: Any) -> None:
        if given[2].startswith("INSERT INTO attempt"):
            has_read.set()
            moved.wait(1)

    def extend() -> None:
        later = closes_at + timedelta(hours=1)
        with quiz.app.app_context():
            assert has_read.wait(10)
            with unit_of_work():
                rounds.extend(round_id=quiz.round_id, until=later, actor_id=quiz.organizer_id, reason="Mất điện")
                service.reset_deadlines(round_id=quiz.round_id)
            moved.set()

    event.listen(engine, "before_cursor_execute", stop_before_the_row)
    try:
        with clock.shifted(began), ThreadPoolExecutor(2) as pool:
            extended, attempt_id = pool.submit(extend), pool.submit(quiz.begin).result()
            extended.result()
    finally:
        event.remove(engine, "before_cursor_execute", stop_before_the_row)

    assert quiz.attempt(attempt_id).deadline == closes_at + timedelta(hours=1)


def seal_of(kept: Any) -> str:
    from contest.quiz.rules import seal

    return seal(receipt=kept.receipt, answers=kept.answers, prediction=kept.prediction, handed_in_at=kept.handed_in_at)
