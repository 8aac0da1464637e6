"""The desk's page of background jobs: what waits, runs and failed in each queue, whether workers live, and running a failed job again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import redis
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from rq import Worker
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.blueprint import bp
from contest.core import audit, queue
from contest.core.db import unit_of_work
from contest.core.errors import NotFound, Refused

SHOWN = 50
_NAMES = {queue.QUIZ: "Thi trắc nghiệm", queue.FILES: "Tệp và ảnh", queue.DEFAULT: "Việc chung", queue.LONG: "Việc dài"}


@dataclass(frozen=True)
class QueueLine:
    """One queue and how much is in it."""

    name: str
    words: str
    waiting: int
    running: int
    failed: int


@dataclass(frozen=True)
class WorkerLine:
    """One worker: what it hears, what it does, when it last spoke."""

    name: str
    queues: str
    busy: bool
    spoke_at: datetime | None


@dataclass(frozen=True)
class Failure:
    """A failed job: what it was to do, the kind of error, when. No arguments and no message: they may hold personal data."""

    id: str
    queue: str
    job: str
    error: str
    at: datetime | None


@bp.get("/hang-doi")
@organizer
def queues() -> ResponseReturnValue:
    """The queues, the workers, the failures."""
    try:
        lines, workers, failures = _lines(), _workers(), _failures()
    except redis.RedisError:
        return render_template("backoffice/queues.html", down=True, lines=[], workers=[], failures=[])
    return render_template(
        "backoffice/queues.html", down=False, lines=lines, workers=workers, failures=failures, unheard=unheard_work()
    )


@bp.post("/hang-doi/<string(maxlength=64):job_id>/chay-lai")
@organizer
def queues_requeue(job_id: str) -> ResponseReturnValue:
    """Put a failed job back on its queue."""
    reason = asking.reason()
    try:
        job = Job.fetch(job_id, connection=queue.worker_connection())
        registry = queue.queue(job.origin).failed_job_registry
        if job.origin not in queue.QUEUES or job not in registry:
            raise Refused("Việc này không còn ở danh sách lỗi.", todo="Bạn tải lại trang.")
        with unit_of_work():
            audit.record(
                "job.requeue",
                actor_id=access.actor_id(),
                subject=f"job:{job_id}",
                reason=reason,
                detail={"queue": job.origin, "job": job.func_name},
            )
            registry.requeue(job)
    except (NoSuchJobError, InvalidJobOperation):
        raise NotFound("Không còn việc này trong hàng đợi.") from None
    except redis.RedisError:
        raise Refused(
            "Chưa hỏi được hàng đợi.", kept="Chưa có gì thay đổi.", todo="Bạn chờ một phút rồi thử lại."
        ) from None
    flash("Đã đưa việc trở lại hàng đợi.", "success")
    return redirect(url_for("backoffice.queues"))


def failed_count() -> int | None:
    """How many jobs failed and wait for a person; None while Redis does not answer."""
    try:
        return sum(int(queue.queue(name).failed_job_registry.count) for name in queue.QUEUES)
    except redis.RedisError:
        return None


def unheard_work(names: Sequence[str] = queue.QUEUES) -> dict[str, int]:
    """How many jobs wait in those of the queues to which no living worker listens, by the queue's name on pages; nothing while Redis does not answer."""
    try:
        heard = {name for worker in Worker.all(connection=queue.worker_connection()) for name in worker.queue_names()}
        waiting = {name: int(queue.queue(name).count) for name in names if name not in heard}
    except redis.RedisError:
        return {}
    return {_NAMES[name]: count for name, count in waiting.items() if count}


def _lines() -> list[QueueLine]:
    found = []
    for name in queue.QUEUES:
        asked = queue.queue(name)
        found.append(
            QueueLine(
                name=name,
                words=_NAMES[name],
                waiting=asked.count,
                running=asked.started_job_registry.count,
                failed=asked.failed_job_registry.count,
            )
        )
    return found


def _workers() -> list[WorkerLine]:
    return [
        WorkerLine(
            name=worker.name,
            queues=", ".join(_NAMES.get(name, name) for name in worker.queue_names()),
            busy=worker.get_state() == "busy",
            spoke_at=_aware(worker.last_heartbeat),
        )
        for worker in Worker.all(connection=queue.worker_connection())
    ]


def _failures() -> list[Failure]:
    found: list[Failure] = []
    for name in queue.QUEUES:
        asked = queue.queue(name)
        ids = asked.failed_job_registry.get_job_ids(0, SHOWN - 1)
        for job in Job.fetch_many(ids, connection=queue.worker_connection()):
            if job is not None:
                found.append(
                    Failure(
                        id=job.id,
                        queue=_NAMES[name],
                        job=(job.func_name or "").rpartition(".")[2],
                        error=_kind_of_error(job),
                        at=_aware(job.ended_at or job.enqueued_at),
                    )
                )
    return found


def _kind_of_error(job: Job) -> str:
    """The class of the error alone, such as "TimeoutError"."""
    result = job.latest_result()
    text = (result.exc_string if result else "") or ""
    last = next((line for line in reversed(text.strip().splitlines()) if line and not line.startswith(" ")), "")
    kind = last.partition(":")[0].rpartition(".")[2].strip()
    return kind if kind.isidentifier() else "Lỗi không rõ"


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
