"""A worker is killed while it works out what a changed key would do: nothing is written, and another worker takes the preview up."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.config import Config
from contest.contests.models import Round
from contest.core import clock, queue
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, rules, service
from contest.quiz.ledger import KeyChange, KeyRule
from contest.quiz.models import Attempt
from contest.quiz.queries import previews
from contest.quiz.queries.previews import Wanted
from tests.resilience.killed import hand_in_many, work_until_killed
from tests.resilience.site import seeded

PEOPLE = 4

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]


@pytest.mark.parametrize(
    "statement", ["CREATE TEMPORARY TABLE kv_marks_then", "INSERT INTO kv_places_then"], ids=["marks", "places"]
)
def test_another_worker_takes_up_a_preview_whose_worker_was_killed(
    app: Flask, config: Config, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LARGE", 1)
    round_id, entrants = seeded(app, people=PEOPLE, params={"questions": 20, "attempts": 0})
    hand_in_many(app, round_id, entrants)
    with app.app_context():
        jobs.grade()
        with unit_of_work():
            db.session.get_one(Round, round_id).closes_at = clock.now() - timedelta(seconds=1)
        jobs.sweep()
        jobs.rank()
        version_id = min(queries.frozen_bank(round_id).questions)
        wanted = Wanted(round_id, version_id, KeyRule.DROPPED, 0)
        assert service.ask_for_preview(wanted)
        marks = db.session.scalar(select(func.sum(Attempt.points)))
        db.session.remove()

    work_until_killed(config, "job_until_killed.py", "preview_keys", statement)

    with app.app_context():
        assert service.preview_of(wanted) is None
        assert previews.preview_progress(wanted) is not None
        queue.connection().delete(previews.WAITING.held(wanted.word))  # a minute passes
        jobs.preview_keys()
        kept = service.preview_of(wanted)
        assert kept
        assert kept.lines == service.preview(wanted).lines
        assert previews.preview_progress(wanted) is None
        assert db.session.scalar(select(func.sum(Attempt.points))) == marks
        assert db.session.scalar(select(func.count()).select_from(KeyChange)) == 0
        db.session.remove()
