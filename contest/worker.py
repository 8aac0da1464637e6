"""RQ's side of the house: the two worker classes, the scheduler, and the list of periodic jobs that rooms declare."""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import redis
import structlog
from flask import Flask
from redis.client import Pipeline
from rq import Queue, SimpleWorker, Worker, worker_registration
from rq.cron import CronJob, CronScheduler
from rq.exceptions import SchedulerNotFound, StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.utils import now as utcnow
from rq.worker import BaseWorker

from contest import sweep
from contest.core import clock, queue, tickets
from contest.core.db import db
from contest.core.queue import FILES, Periodic
from contest.core.turns import NoTurn

log = structlog.get_logger(__name__)
MEMORY = 1536 * 1024 * 1024  # bytes: a picture of 120 megapixels in four colours, twice, and something to breathe
CPU_SECONDS = 40  # of a forked child; what needs more is killed once and told
WATCHED = 3  # seconds between two looks at a forked child
_ITS_OWN_FAULT = (signal.SIGXCPU, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE)
FIRST_REST, LONGEST_REST, STEADY = (
    0.5,
    15.0,
    60.0,
)  # seconds between two tries to reach Redis; alive for STEADY, the first is short again
SILENCE = 30  # seconds within which a worker says that it lives, at work or idle
WAITS = 120  # seconds for which the request for a periodic job is kept, at least
PUT_OFF = 10  # times that a job whose turn to write did not come is tried again before it has failed
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
    told = False  # to stop, as opposed to stopped by what went wrong

    def handle_warm_shutdown_request(self) -> None:
        self.told = True
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        super().heartbeat(timeout, pipeline)
        if pipeline is None and not self.connection.hexists(self.key, "birth"):
            with self.connection.pipeline() as writing:
                writing.hset(self.key, mapping=self.serialize())
                worker_registration.register(self, writing)
                writing.execute()

    def perform_job(self, job: Job, *args: Any, **kwargs: Any) -> bool:
        with self.app.app_context():
            meta = job.meta or {}
            queue.taken(meta.get("once", ""))
            tickets.enter(meta)
            try:
                return super().perform_job(job, *args, **kwargs)
            finally:
                tickets.leave()
                db.session.remove()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """A busy database is no failed job: it goes to the end of its queue, and only what never gets its turn is shown as failed."""
        if not isinstance(exc_info[1], NoTurn):
            job.retries_left = None
        elif job.retries_left is None:
            job.retries_left = PUT_OFF
        if job.should_retry:
            log.warning("job_put_off", job=job.func_name, error=type(exc_info[1]).__name__)
        else:
            super().handle_exception(job, *exc_info)


class GradingWorker(_InApp, SimpleWorker):
    """For our own jobs: no fork, some 300 short ones a second; in the middle of a long one it says that it lives."""

    def perform_job(self, job: Job, *args: Any, **kwargs: Any) -> bool:
        with self._speaking():
            return super().perform_job(job, *args, **kwargs)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        done = Event()

        def speak() -> None:
            while not done.wait(SILENCE):
                try:
                    self.heartbeat()
                except redis.RedisError as error:
                    log.warning("worker_not_heard", error=type(error).__name__)

        speaker = Thread(target=speak, daemon=True)
        speaker.start()
        try:
            yield
        finally:
            done.set()
            speaker.join()


class FilesWorker(_InApp, Worker):
    """For files from strangers: each job in a forked process, which a bad file may kill without harm to the worker."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        if queue.name == FILES:
            _limit_this_process()
        with self.app.app_context():
            db.engine.dispose(close=False)
        super().main_work_horse(job, queue)

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        super().maintain_heartbeats(job, execution)
        with self.app.app_context():
            tickets.renew(job.meta or {})

    def handle_work_horse_killed(self, job: Job, retpid: int | None, ret_val: int | None, rusage: Any) -> None:
        """Give back the ticket of the child, and let the room that sent it know; whatever goes wrong there, the worker lives on."""
        log.warning("child_killed", job=job.func_name, status=ret_val)
        with self.app.app_context():
            try:
                tickets.let_go(job.meta or {})
                tickets.tell_killed(job.func_name or "", tuple(job.args), hopeless=_is_hopeless(job, ret_val, rusage))
            except Exception as error:  # noqa: BLE001 (the sweep asks again)
                log.warning("killed_child_not_told", job=job.func_name, error=type(error).__name__)
            finally:
                db.session.remove()


def _is_hopeless(job: Job, ret_val: int | None, rusage: Any) -> bool:
    """True where the file is to blame: its child crashed, or used up its processor's seconds or its time. A child that somebody killed may be tried again."""
    if ret_val is not None and os.WIFSIGNALED(ret_val) and os.WTERMSIG(ret_val) in _ITS_OWN_FAULT:
        return True
    if rusage is not None and rusage.ru_utime + rusage.ru_stime >= CPU_SECONDS:
        return True
    begun = job.started_at
    return bool(begun and job.timeout and (utcnow() - begun).total_seconds() > float(job.timeout))


def _limit_this_process() -> None:
    """Let a file from a stranger use no more than MEMORY beyond what is used now, and CPU_SECONDS; Linux only, elsewhere without effect."""
    used = Path("/proc/self/statm")
    if not used.exists():
        return
    memory = int(used.read_text().split()[0]) * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))


def run_worker(app: Flask, *, names: list[str], forking: bool, burst: bool = False) -> None:
    """Hear the queues in `names`, long work last, until told to stop; with `burst`, until they are empty."""
    with app.app_context():
        if forking:
            # Before the forks, so that each need not, with its memory bounded already.
            import PIL.Image
            import simplejpeg  # noqa: F401

            PIL.Image.init()
        cls = FilesWorker if forking else GradingWorker
        cls.app = app
        queues = [queue.queue(name) for name in queue.hear(names)]

        def work() -> bool:
            worker = cls(
                queues, connection=queue.worker_connection(), worker_ttl=SILENCE, job_monitoring_interval=WATCHED
            )
            try:
                worker.work(burst=burst, logging_level="WARNING")
            except redis.RedisError:
                if not worker.told:
                    raise
            finally:
                with suppress(redis.RedisError):
                    worker.unsubscribe()  # type: ignore[no-untyped-call]
            return burst or worker.told

        _until_told(work)


class _Scheduler(CronScheduler):
    """Asks for nothing that waits already, so that a queue does not fill while its worker is at something long."""

    told = False

    def _request_stop(self, signum: int, frame: Any) -> None:
        self.told = True
        super()._request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def enqueue_jobs(self) -> list[CronJob]:
        asked = []
        for job in (job for job in self.get_jobs() if job.should_run()):
            moment = clock.now()
            if queue.wanted(job.job_options["meta"]["once"]):
                job.enqueue(self.connection)
                asked.append(job)
            job.set_enqueue_time(moment)
        queue.heard_from_scheduler()
        return asked


def run_scheduler(app: Flask) -> None:
    """Ask for every periodic job at its interval, until told to stop."""
    with app.app_context():
        scheduler = _Scheduler(connection=queue.worker_connection(), logging_level="WARNING")
        for job in periodic_jobs():
            scheduler.register(
                job.func,
                queue_name=job.queue,
                args=job.args,
                interval=job.every,
                job_timeout=job.timeout,
                result_ttl=0,
                ttl=max(job.every * 4, WAITS),
                failure_ttl=queue.FAILURES_KEPT,
                meta={"once": f"periodic-{job.func.__module__}.{job.func.__qualname__}{job.args}"},
            )

        def ask() -> bool:
            try:
                scheduler.start()  # type: ignore[no-untyped-call]
            except (redis.RedisError, SchedulerNotFound):  # The second where Redis was emptied meanwhile.
                if not scheduler.told:
                    raise
            return True

        _until_told(ask)


def _until_told(run: Callable[[], bool]) -> None:
    """Run until it was told to stop, which `run` says; begin anew when Redis went away or refused to write, resting longer each time."""
    rest = FIRST_REST
    while True:
        began = monotonic()
        try:
            try:
                if run():
                    return
                log.error("redis_awaited", rest=rest)
            except (redis.RedisError, SchedulerNotFound) as error:
                log.error("redis_awaited", rest=rest, error=type(error).__name__)
            rest = FIRST_REST if monotonic() - began > STEADY else min(rest * 2, LONGEST_REST)
            sleep(rest)
        except StopRequested:
            return
