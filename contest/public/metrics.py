"""Figures for the operator's monitoring in Prometheus' format: requests by endpoint, and the queues; /metrics shows them.

With several web processes set PROMETHEUS_MULTIPROC_DIR to an empty folder before they start; their figures are then summed.
"""

import hmac
import ipaddress
import os
import time
from collections.abc import Iterable

import redis
from flask import Flask, Request, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector
from werkzeug.wrappers import Response

from contest.core import queue

REQUESTS = Counter("kv_requests_total", "Requests answered", ["endpoint", "status"])
SECONDS = Histogram(
    "kv_request_seconds",
    "Seconds to answer a request",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
FORWARDED = {"x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via"}


class Queues(Collector):
    """How much waits and what has failed, read from Redis when asked."""

    def collect(self) -> Iterable[Metric]:
        waiting = GaugeMetricFamily("kv_queue_waiting", "Jobs that wait", labels=["queue"])
        failed = GaugeMetricFamily("kv_queue_failed", "Jobs that failed and are kept", labels=["queue"])
        up = GaugeMetricFamily("kv_redis_up", "Whether Redis answers")
        silent = GaugeMetricFamily(
            "kv_scheduler_silent_seconds", "Seconds since the scheduler last asked for what is due"
        )
        try:
            spoke = queue.scheduler_silent_for()
            if spoke is not None:
                silent.add_metric([], spoke)
            for name in queue.QUEUES:
                found = queue.queue(name)
                waiting.add_metric([name], found.count)
                failed.add_metric([name], found.failed_job_registry.count)
            up.add_metric([], 1)
        except redis.RedisError:
            up.add_metric([], 0)
        return [waiting, failed, up, silent]


def init_app(app: Flask) -> None:
    """Count and time every request of the application."""

    @app.before_request
    def begin() -> None:
        g.kv_began = time.perf_counter()

    @app.after_request
    def end(reply: Response) -> Response:
        endpoint = request.endpoint or "none"
        REQUESTS.labels(endpoint, reply.status_code).inc()
        if "kv_began" in g:
            SECONDS.labels(endpoint).observe(time.perf_counter() - g.kv_began)
        return reply


def text() -> bytes:
    """All figures, of all processes where they share a folder."""
    asked = CollectorRegistry()
    asked.register(Queues())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    else:
        shared = REGISTRY
    return generate_latest(shared) + generate_latest(asked)


def may_read(asked: Request, *, token: str, trusted_proxies: int) -> bool:
    """True for whoever knows `token` where there is one, else for this machine and, behind trusted proxies, private networks.

    A request that came through more proxies than are trusted is refused: its address is then a proxy's, and the asker may be anybody.
    """
    if token:
        return hmac.compare_digest(asked.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    hops = [hop for value in asked.headers.getlist("X-Forwarded-For") for hop in value.split(",")]
    if len(hops) > trusted_proxies:
        return False
    if not trusted_proxies and FORWARDED & {name.lower() for name, _ in asked.headers}:
        return False
    try:
        address = ipaddress.ip_address(asked.remote_addr or "")
    except ValueError:
        return False
    return address.is_private if trusted_proxies else address.is_loopback
