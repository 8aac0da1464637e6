"""Structured logs without personal data, and the figures for /metrics; create_app and the worker set it up."""

import logging
import sys
import time

import structlog
from flask import Flask, g, request
from prometheus_client import Counter, Histogram
from werkzeug.wrappers import Response

REQUESTS = Counter("kv_requests_total", "Requests served", ["endpoint", "status"])
SECONDS = Histogram(
    "kv_request_seconds",
    "Time to serve a request, in seconds",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def configure(level: str) -> None:
    """One JSON object a line on standard error; nothing that names a person is ever passed to a logger."""
    logging.basicConfig(stream=sys.stderr, level=level, format="%(message)s")
    for chatty in ("rq.cron", "rq.worker", "alembic"):
        logging.getLogger(chatty).setLevel("WARNING")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def init_app(app: Flask) -> None:
    """Count and time every request by endpoint; log only those that failed, by endpoint and status, never by address or form."""
    log = structlog.get_logger("contest.web")

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(reply: Response) -> Response:
        endpoint = request.endpoint or "none"
        REQUESTS.labels(endpoint, str(reply.status_code)).inc()
        SECONDS.labels(endpoint).observe(time.perf_counter() - g.pop("began", time.perf_counter()))
        if reply.status_code >= 500:
            log.error("request_failed", endpoint=endpoint, status=reply.status_code)
        return reply
