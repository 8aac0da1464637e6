"""Jobs: asked for inside a unit of work, sent after it; a Redis that is away never costs a person their act."""

import json
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Semaphore

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import TimeoutError as NoAnswer
from rq.cron import CronJob, CronScheduler
from rq.job import Job
from sqlalchemy import func, select

from contest import worker
from contest.accounts.jobs import PERIODIC
from contest.accounts.models import Account
from contest.config import Config
from contest.core import queue
from contest.core.db import db, unit_of_work
from contest.worker import FilesWorker, GradingWorker, periodic_jobs, run_scheduler, run_worker
from tests.factories import make_account

JOB = PERIODIC[0].func if PERIODIC else None
NOWHERE = "redis://127.0.0.1:1"


@pytest.fixture
def job() -> Callable[..., object]:
    """A real job that needs no arguments."""
    assert JOB is not None
    return JOB


def waiting(name: str = queue.DEFAULT) -> int:
    return int(queue.queue(name).count)


def test_job_leaves_after_the_commit(app_context: Flask, redis: Redis, job: Callable[..., object]) -> None:
    with unit_of_work():
        queue.enqueue(queue.DEFAULT, job)
        assert waiting() == 0

    assert waiting() == 1


def test_no_job_leaves_when_nothing_was_committed(app_context: Flask, job: Callable[..., object]) -> None:
    def fail() -> None:
        with unit_of_work():
            queue.enqueue(queue.DEFAULT, job)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert waiting() == 0


def test_enqueue_outside_a_unit_of_work_is_a_mistake(app_context: Flask, job: Callable[..., object]) -> None:
    with pytest.raises(RuntimeError, match="unit of work"):
        queue.enqueue(queue.DEFAULT, job)


def test_same_word_asked_for_many_times_waits_once(app_context: Flask, job: Callable[..., object]) -> None:
    sent = [queue.send(queue.DEFAULT, job, once="grade") for _ in range(5)]

    assert sent == [True, False, False, False, False]
    assert waiting() == 1


def test_word_can_be_asked_for_again_once_the_worker_took_it(app_context: Flask, job: Callable[..., object]) -> None:
    queue.send(queue.DEFAULT, job, once="grade")

    run_worker(app_context, names=[queue.DEFAULT], forking=False, burst=True)

    assert waiting() == 0
    assert queue.send(queue.DEFAULT, job, once="grade")


def test_unknown_queue_is_a_mistake(app_context: Flask, job: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="no such queue"):
        queue.send("nowhere", job)


def test_act_is_kept_when_redis_is_away(
    config: Config, make_app: Callable[[Config], Flask], job: Callable[..., object]
) -> None:
    with make_app(replace(config, redis_url=NOWHERE)).app_context():
        with unit_of_work():
            make_account()
            queue.enqueue(queue.DEFAULT, job)

        assert db.session.scalar(select(func.count()).select_from(Account)) == 1
        assert not queue.send(queue.DEFAULT, job)


def test_home_page_answers_when_redis_is_away(config: Config, make_app: Callable[[Config], Flask]) -> None:
    reply = make_app(replace(config, redis_url=NOWHERE)).test_client().get("/")

    assert reply.status_code == 200


def test_failed_job_is_kept_for_the_organisers_to_see(app_context: Flask) -> None:
    queue.send(queue.DEFAULT, json.loads, "không phải JSON")

    run_worker(app_context, names=[queue.DEFAULT], forking=False, burst=True)

    assert len(queue.queue(queue.DEFAULT).failed_job_registry) == 1


@pytest.mark.parametrize("kind", [GradingWorker, FilesWorker])
def test_worker_is_known_again_when_redis_was_emptied(
    app_context: Flask, redis: Redis, kind: type[GradingWorker] | type[FilesWorker]
) -> None:
    worker = kind([queue.queue(queue.QUIZ)], connection=redis)
    worker.register_birth()
    redis.flushall()

    worker.heartbeat()

    (known,) = kind.all(connection=redis)
    assert known.name == worker.name
    assert known.queue_names() == [queue.QUIZ]
    assert known.last_heartbeat


def test_scheduler_gives_each_periodic_job_the_time_it_may_take(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[CronJob] = []
    monkeypatch.setattr(CronScheduler, "start", lambda scheduler: asked.extend(scheduler.get_jobs()))

    run_scheduler(app)

    given = [job.job_options["job_timeout"] for job in asked]
    assert given == [job.timeout for job in periodic_jobs()]
    assert {180, 3600} <= set(given)
    assert len({job.job_options["meta"]["once"] for job in asked}) == len(asked)


def test_scheduler_asks_for_nothing_that_waits_already(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(scheduler: CronScheduler) -> None:
        assert len(scheduler.enqueue_jobs()) == len(periodic_jobs())

    monkeypatch.setattr(CronScheduler, "start", start)
    run_scheduler(app)
    monkeypatch.setattr(CronScheduler, "start", lambda scheduler: asked.extend(scheduler.enqueue_jobs()))
    asked: list[CronJob] = []

    run_scheduler(app)
    assert asked == []

    with app.app_context():
        waited = waiting(queue.DEFAULT)
        run_worker(app, names=[queue.DEFAULT], forking=False, burst=True)
    run_scheduler(app)
    assert len(asked) == waited


def test_worker_of_several_queues_does_long_work_last(app_context: Flask, redis: Redis) -> None:
    for name in (queue.LONG, queue.DEFAULT, queue.QUIZ):
        queue.send(name, json.loads, name)

    run_worker(app_context, names=[queue.LONG, queue.QUIZ, queue.DEFAULT], forking=False, burst=True)

    ended = []
    for name in (queue.QUIZ, queue.DEFAULT, queue.LONG):
        (failed,) = queue.queue(name).failed_job_registry.get_job_ids()
        moment = Job.fetch(failed, connection=redis).ended_at
        assert moment
        ended.append(moment)
    assert ended == sorted(ended)
    assert queue.heard_here(queue.LONG)
    assert not queue.heard_here(queue.FILES)


def test_worker_says_that_it_lives_in_the_middle_of_a_job(
    app_context: Flask, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SILENCE", 0.01)
    spoken = Event()
    monkeypatch.setattr(GradingWorker, "heartbeat", lambda self, *given, **more: spoken.set())
    at_work = GradingWorker([queue.queue(queue.LONG)], connection=redis)

    with at_work._speaking():
        assert spoken.wait(20)


def test_worker_outlives_a_redis_that_is_away_in_the_middle_of_a_job(
    app_context: Flask, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SILENCE", 0.01)
    tried = Semaphore(0)

    def away(*given: object, **more: object) -> None:
        tried.release()
        raise NoAnswer("away")

    monkeypatch.setattr(GradingWorker, "heartbeat", away)
    at_work = GradingWorker([queue.queue(queue.LONG)], connection=redis)

    with at_work._speaking():
        assert tried.acquire(timeout=20)
        assert tried.acquire(timeout=20)
