"""The review before the hand-in: its clock stands in a pause as the paper's does."""

from datetime import timedelta

import pytest

from contest.contests import service as rounds
from contest.core import clock
from contest.core.db import unit_of_work
from tests.addresses import of_attempt
from tests.quiz.conftest import Quiz


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
