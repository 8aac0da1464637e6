"""The review before the hand-in: its clock stands in a pause as the paper's does, and what is predicted is kept while it is open."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from contest.contests import service as rounds
from contest.core import clock
from contest.core.db import unit_of_work
from tests.addresses import of_attempt
from tests.quiz.conftest import Quiz

SCRIPT = {"Accept": "application/json"}


@pytest.mark.parametrize("page", ["", "/xem-lai"])
def test_clock_of_the_page_stands_during_a_pause(quiz: Quiz, page: str) -> None:
    began = clock.now()
    with clock.frozen(began):
        attempt_id = quiz.begin()
    with quiz.app.app_context(), clock.frozen(began + timedelta(minutes=10)), unit_of_work():
        rounds.pause(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason="Mất điện")

    with clock.frozen(began + timedelta(minutes=12)):
        shown = quiz.client().get(of_attempt(quiz.app, attempt_id, page)).text

    assert 'data-remaining="300000" data-paused' in shown
    assert "Đợt thi tạm dừng, đồng hồ đứng yên" in shown
    assert "data-standing" in shown


@pytest.fixture
def no_csrf(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.mark.usefixtures("no_csrf")
def test_prediction_sent_while_the_review_is_open_is_kept(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(prediction="participants", tie_breaks=["score", "prediction", "duration", "submitted"])
    attempt_id = quiz.begin()

    reply = quiz.client().post(of_attempt(quiz.app, attempt_id, "/luu"), data={"prediction": "1.234"}, headers=SCRIPT)

    assert reply.status_code == 200
    assert reply.json["remaining_ms"] > 0
    assert quiz.attempt(attempt_id).prediction == 1234


@pytest.mark.usefixtures("no_csrf")
def test_prediction_sent_after_the_end_is_refused_in_words(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(prediction="participants", tie_breaks=["score", "prediction", "duration", "submitted"])
    attempt_id = quiz.begin()
    quiz.hand_in(attempt_id)

    reply = quiz.client().post(of_attempt(quiz.app, attempt_id, "/luu"), data={"prediction": "5"}, headers=SCRIPT)

    assert reply.status_code == 409
    assert reply.json["over"]
    assert quiz.attempt(attempt_id).prediction is None
