"""How often questions were drawn, counted while people begin: nobody's paper is passed over for good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, service
from contest.quiz.models import RoundExposure
from tests.quiz.conftest import Quiz


def elsewhere(act: Callable[[], object]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(act).result(20)


@pytest.mark.both_databases
def test_attempt_that_is_seen_after_a_later_one_was_counted_is_counted_too(quiz: Quiz) -> None:
    other = quiz.entrants(1)[0]

    def count() -> None:
        with quiz.app.app_context():
            jobs.count_exposure()

    with quiz.app.app_context():
        alone = db.engine.dialect.name == "sqlite"  # One writer at a time: nobody begins beside another.
        with unit_of_work():
            service.begin(round_id=quiz.round_id, who=quiz.entrant_id)
            for act in () if alone else (lambda: quiz.begin(other), count):
                elsewhere(act)
    if alone:
        quiz.begin(other)

    with clock.shifted(2 * jobs.NOT_YET):
        count()
    with quiz.app.app_context():
        assert db.session.get_one(RoundExposure, quiz.round_id).attempts == 2
