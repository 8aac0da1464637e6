"""A worker is killed while it works out an item analysis: the page stops waiting for it, and another worker takes it up."""

import pytest
from flask import Flask

from contest.config import Config
from contest.core import queue
from contest.core.db import db
from contest.quiz import jobs, rules
from contest.quiz.analysis import Scope
from contest.quiz.queries import analysis as queries
from contest.quiz.service import analysis
from tests.resilience.killed import hand_in_many, work_until_killed
from tests.resilience.site import seeded

PEOPLE = 4

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]


def test_another_worker_takes_up_an_analysis_whose_worker_was_killed(
    app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LARGE", 1)
    round_id, entrants = seeded(app, people=PEOPLE, params={"questions": 20, "attempts": 0})
    hand_in_many(app, round_id, entrants)
    scope = Scope(round_id)
    with app.app_context():
        jobs.grade()
        analysis.ask_for_analysis(scope)
        db.session.remove()

    work_until_killed(config, "job_until_killed.py", "analyse", "SELECT attempt.id, attempt.seed")

    with app.app_context():
        assert queries.kept_analysis(scope) is None
        assert queries.analysis_progress(scope) is not None
        assert 0 < queue.connection().ttl(queries.WAITING.held(queries.word_of(scope))) <= 120
        queue.connection().delete(queries.WAITING.held(queries.word_of(scope)))  # two minutes pass
        jobs.analyse()
        found = analysis.analysis_of(scope)
        assert found
        assert found.quiz.attempts == PEOPLE
        assert queries.analysis_progress(scope) is None
        db.session.remove()
