"""The page of background jobs over a real Valkey: what failed is named without personal data, and may be run again once."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rq import SimpleWorker

from contest.core import queue
from contest.core.audit import AuditRow
from tests import pages
from tests.backoffice.conftest import Scene

PAGE = "/ban-dieu-hanh/hang-doi"
REASON = "Đã sửa tệp hỏng"


def fails(name: str) -> None:
    """A job that fails and whose message names a person."""
    raise TimeoutError(f"không chấm được bài của {name}")


@pytest.fixture
def failed(app: Flask, scene: Scene) -> str:
    """The id of a job that has failed."""
    with app.app_context():
        job = queue.queue(queue.FILES).enqueue(fails, "Nguyễn Thị Ánh Tuyết", failure_ttl=600)
        SimpleWorker([queue.queue(queue.FILES)], connection=queue.worker_connection()).work(
            burst=True, logging_level="CRITICAL"
        )
        return str(job.id)


def test_failure_is_shown_by_its_kind_alone(desk: FlaskClient, failed: str) -> None:
    page = pages.get(desk, PAGE)
    assert "TimeoutError" in page.text
    assert "Ánh Tuyết" not in page.text
    assert "việc nền bị lỗi" in pages.get(desk, "/ban-dieu-hanh/").text


def test_failed_job_goes_back_once_with_a_reason(
    app: Flask, desk: FlaskClient, scene: Scene, failed: str, acts: Callable[[str], list[AuditRow]]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    url = f"{PAGE}/{failed}/chay-lai"
    assert desk.post(url, data={"reason": " "}).status_code == 400
    assert acts("job.requeue") == []
    assert desk.post(url, data={"reason": REASON}).status_code == 302
    with app.app_context():
        assert queue.queue(queue.FILES).count == 1
    assert desk.post(url, data={"reason": REASON}).status_code == 409
    assert [(row.reason, row.actor_id) for row in acts("job.requeue")] == [(REASON, scene.organizer)]
    assert desk.post(f"{PAGE}/khong-co/chay-lai", data={"reason": REASON}).status_code == 404


def test_live_view_counts_long_work_by_itself(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    def told() -> str:
        return str(desk.get(f"/ban-dieu-hanh/dot-thi/{scene.quiz}/truc-tiep/so-lieu").get_json()["queue"])

    assert told() == "Việc nền của phần thi: không có việc nào chờ."
    with app.app_context():
        for name in (queue.LONG, queue.LONG, queue.QUIZ):
            queue.send(name, fails, "ai đó")

    assert told() == (
        "Việc nền của phần thi: 1 việc và 2 việc dài đang chờ. Không có máy nào làm: Thi trắc nghiệm, Việc dài."
    )
    assert "Việc dài" in pages.get(desk, PAGE).text


def test_work_that_no_worker_hears_is_no_empty_list_of_work(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    assert "không có máy nào làm" not in pages.get(desk, "/ban-dieu-hanh/").text
    with app.app_context():
        queue.send(queue.FILES, fails, "ai đó")
        queue.send(queue.FILES, fails, "ai khác")

    assert "2việc nền chờ mà không có máy nào làm" in pages.get(desk, "/ban-dieu-hanh/").text
    assert "2, không máy nào làm" in pages.get(desk, PAGE).text


def test_work_that_a_worker_hears_only_waits(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    with app.app_context():
        queue.send(queue.FILES, fails, "ai đó")
        worker = SimpleWorker([queue.queue(queue.FILES)], connection=queue.worker_connection())
        worker.register_birth()

    assert "không có máy nào làm" not in pages.get(desk, "/ban-dieu-hanh/").text
