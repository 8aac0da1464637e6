"""Structured logs without personal data; create_app and the worker set it up."""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from flask import Flask, request
from werkzeug.wrappers import Response


class _Lenient:
    """Standard error that may be on a full disk: a line that cannot be written is lost, never the request that it tells of."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            return sys.stderr.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


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
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, _Lenient())),
        cache_logger_on_first_use=False,
    )


def init_app(app: Flask) -> None:
    """Log the requests that failed, by endpoint and status, never by address or form."""
    log = structlog.get_logger("contest.web")

    @app.after_request
    def end(reply: Response) -> Response:
        if reply.status_code >= 500:
            log.error("request_failed", endpoint=request.endpoint or "none", status=reply.status_code)
        return reply
