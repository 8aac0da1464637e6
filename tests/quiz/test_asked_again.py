"""What was asked of a job and never brought, because Redis was emptied, a worker was killed or none runs: the page stops waiting and may ask again."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import event

from contest.core import clock, queue
from contest.core.db import db
from contest.quiz import jobs
from contest.quiz.analysis import Scope
from contest.quiz.queries import analysis as kept
from contest.quiz.service import analysis
from tests import pages
from tests.quiz.at_once import Make
from tests.quiz.conftest import Quiz
from tests.quiz.previewing import over

pytestmark = pytest.mark.usefixtures("large")
TOO_LONG = timedelta(minutes=61)


@pytest.fixture
def asked(make_quiz: Make) -> tuple[Quiz, FlaskClient, str, str]:
    """A closed round whose analysis and preview are left to a job: the organiser's browser and the addresses of both pages."""
    quiz, _, wanted = over(make_quiz)
    desk = quiz.client(quiz.organizer_id)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}"
    return quiz, desk, f"{address}/phan-tich", f"{address}/cham-lai/{wanted.version_id}?cach=dropped"


Asked = tuple[Quiz, FlaskClient, str, str]


def progress_of(desk: FlaskClient, address: str) -> bool:
    """What the page's script is told."""
    path, _, query = address.partition("?")
    answer = desk.get(f"{path}/tien-do?{query}").get_json()["running"]
    assert isinstance(answer, bool)
    return answer


@pytest.mark.parametrize("which", ["analysis", "preview"])
def test_page_asks_again_when_redis_was_emptied_before_a_worker_came(asked: Asked, redis: Redis, which: str) -> None:
    quiz, desk, of_analysis, of_preview = asked
    address, button, job = {
        "analysis": (of_analysis, "Tính phân tích", jobs.analyse),
        "preview": (of_preview, "Xem trước", jobs.preview_keys),
    }[which]
    pages.get(desk, address).submit(button)
    assert "Đang tính" in pages.get(desk, address).text
    assert progress_of(desk, address)

    redis.flushdb()
    with quiz.app.app_context():
        job()
    page = pages.get(desk, address)
    assert "Đang tính" not in page.text
    assert not progress_of(desk, address)

    page.submit(button)
    with quiz.app.app_context():
        job()
    assert "Đang tính" not in pages.get(desk, address).text
    brought = {"analysis": "lượt được tính", "preview": "Nếu đổi, điều gì xảy ra"}[which]
    assert brought in pages.get(desk, address).text


def test_redis_emptied_while_a_worker_is_at_it_keeps_what_it_brings(asked: Asked, redis: Redis) -> None:
    quiz, desk, address, _ = asked
    pages.get(desk, address).submit("Tính phân tích")
    emptied: list[bool] = []

    def empty(*given: Any) -> None:
        if given[2].startswith("SELECT attempt.id, attempt.seed"):
            emptied.append(redis.flushdb())

    with quiz.app.app_context():
        event.listen(db.engine, "before_cursor_execute", empty)
        jobs.analyse()
        event.remove(db.engine, "before_cursor_execute", empty)

    assert emptied
    assert not progress_of(desk, address)
    assert "lượt được tính" in pages.get(desk, address).text


def test_page_waits_no_longer_than_an_hour_for_a_preview_that_no_worker_takes(asked: Asked, redis: Redis) -> None:
    quiz, desk, _, address = asked
    pages.get(desk, address).submit("Xem trước")

    with clock.shifted(TOO_LONG):
        page = pages.get(desk, address)
        assert "Đang tính" not in page.text
        assert not progress_of(desk, address)
        page.submit("Xem trước")
        assert progress_of(desk, address)
        with quiz.app.app_context():
            jobs.preview_keys()
        assert "Nếu đổi, điều gì xảy ra" in pages.get(desk, address).text


def test_page_waits_no_longer_than_ten_minutes_for_an_analysis_that_no_worker_takes(asked: Asked, redis: Redis) -> None:
    quiz, desk, address, _ = asked
    pages.get(desk, address).submit("Tính phân tích")
    scope = Scope(quiz.round_id)
    assert 0 < redis.ttl(kept.WAITING.progress_key(kept.word_of(scope))) <= 600

    redis.delete(kept.WAITING.progress_key(kept.word_of(scope)))  # as time does
    pages.get(desk, address).submit("Tính phân tích")

    assert progress_of(desk, address)
    with quiz.app.app_context():
        jobs.analyse()
    assert "lượt được tính" in pages.get(desk, address).text
    with quiz.app.app_context(), clock.shifted(TOO_LONG):
        analysis.ask_for_analysis(scope)
        assert queue.connection().zcard(kept.WAITING.asked) == 1


def test_analysis_asked_for_a_round_that_is_gone_stops_no_other(asked: Asked, redis: Redis) -> None:
    quiz, desk, address, _ = asked
    redis.zadd(kept.WAITING.asked, {"999999:first": clock.now().timestamp() - 1})
    pages.get(desk, address).submit("Tính phân tích")

    with quiz.app.app_context():
        jobs.analyse()

    assert "lượt được tính" in pages.get(desk, address).text
    assert redis.zcard(kept.WAITING.asked) == 0
