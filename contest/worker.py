"""RQ's side of the house: the two worker classes, the scheduler, and the list of periodic jobs that rooms declare."""

import resource
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from redis.client import Pipeline
from rq import SimpleWorker, Worker, worker_registration
from rq.cron import CronScheduler
from rq.job import Job
from rq.worker import BaseWorker

from contest import sweep
from contest.core import queue
from contest.core.db import db
from contest.core.queue import Periodic

MEMORY = 1536 * 1024 * 1024  # bytes: a picture of 120 megapixels in four colours, twice, and something to breathe
CPU_SECONDS = 120
SILENCE = 30  # seconds within which an idle worker says that it lives
ROOMS_WITH_JOBS = ("accounts", "quiz", "essay", "photo")


def periodic_jobs() -> list[Periodic]:
    """Every periodic job: each room's, and the sweep of the store that all of them share."""
    return [
        *sweep.PERIODIC,
        *(job for room in ROOMS_WITH_JOBS for job in import_module(f"contest.{room}.jobs").PERIODIC),
    ]


class _InApp(BaseWorker):
    """Runs each job inside the application, lets the next request for the same word through, and signs in again after Redis was emptied."""

    app: Flask

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        super().heartbeat(timeout, pipeline)
        if pipeline is None and not self.connection.hexists(self.key, "birth"):
            with self.connection.pipeline() as writing:
                writing.hset(self.key, mapping=self.serialize())
                worker_registration.register(self, writing)
                writing.execute()

    def perform_job(self, job: Job, *args: Any, **kwargs: Any) -> bool:
        with self.app.app_context():
            queue.taken((job.meta or {}).get("once", ""))
            try:
                return super().perform_job(job, *args, **kwargs)
            finally:
                db.session.remove()


class GradingWorker(_InApp, SimpleWorker):
    """For our own short jobs: no fork, some 300 jobs a second."""


class FilesWorker(_InApp, Worker):
    """For files from strangers: each job in a forked process, which a bad file may kill without harm to the worker."""

    def main_work_horse(self, *args: Any, **kwargs: Any) -> None:
        _limit_this_process()
        with self.app.app_context():
            db.engine.dispose(close=False)
        super().main_work_horse(*args, **kwargs)


def _limit_this_process() -> None:
    """Let a file from a stranger use no more than MEMORY beyond what is used now, and CPU_SECONDS; Linux only, elsewhere without effect."""
    used = Path("/proc/self/statm")
    if not used.exists():
        return
    memory = int(used.read_text().split()[0]) * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))


def run_worker(app: Flask, *, names: list[str], forking: bool, burst: bool = False) -> None:
    """Hear the queues in `names` until told to stop; with `burst`, until they are empty."""
    with app.app_context():
        if forking:
            import PIL.Image

            PIL.Image.init()  # before the forks, so that each need not
        cls = FilesWorker if forking else GradingWorker
        cls.app = app
        queues = [queue.queue(name) for name in names]
        worker = cls(queues, connection=queue.worker_connection(), worker_ttl=SILENCE)
        worker.work(burst=burst, logging_level="WARNING")


def run_scheduler(app: Flask) -> None:
    """Ask for every periodic job at its interval, until told to stop."""
    with app.app_context():
        scheduler = CronScheduler(connection=queue.worker_connection(), logging_level="WARNING")
        for job in periodic_jobs():
            scheduler.register(
                job.func,
                queue_name=job.queue,
                args=job.args,
                interval=job.every,
                job_timeout=job.timeout,
                result_ttl=0,
                ttl=job.every * 4,
                failure_ttl=queue.FAILURES_KEPT,
            )
        scheduler.start()  # type: ignore[no-untyped-call]
