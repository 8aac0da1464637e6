"""Replies go out compressed where the browser takes it: pages, JSON, styles, scripts and drawings; create_app wires it, `make run` and gunicorn alike.

What is streamed, asked for in ranges or compressed already (pictures, fonts, archives) is left as it is. A page that was made for somebody with a
cookie is compressed only when their browser asked for it from a page of ours or by itself: whoever could have it fetched again and again from
another site would otherwise read its tokens off its length (BREACH).
"""

import gzip
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, current_app, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from contest.core import fixed

KINDS = {
    "application/javascript",
    "application/json",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
}
SMALLEST = 600  # bytes; below it a packet is a packet
OURS = ("same-origin", "none")  # what Sec-Fetch-Site says of our own pages' requests, and of an address that was typed


def _brotli(content: bytes, quality: int) -> bytes:
    return bytes(brotli.compress(content, quality=quality))


ENCODINGS: dict[str, Callable[[bytes, int], bytes]] = {"br": _brotli, "gzip": gzip.compress}
PAGE = {"br": 4, "gzip": 5}
FILE = {"br": 9, "gzip": 9}


def init_app(app: Flask) -> None:
    """Compress as the very last thing: hooks that are registered later run earlier."""

    @app.after_request
    def compress(reply: Response) -> Response:
        if reply.mimetype not in KINDS or reply.status_code == 206 or "Content-Encoding" in reply.headers:
            return reply
        reply.vary.add("Accept-Encoding")
        encoding = request.accept_encodings.best_match(ENCODINGS)
        if encoding is None or request.range is not None or reply.status_code == 304:
            return reply
        if request.endpoint == "static" and reply.direct_passthrough:
            body = _of_file(fixed.name_of(request.path), encoding)
            reply.direct_passthrough = False
            reply.headers.pop("Accept-Ranges", None)
        elif reply.direct_passthrough or reply.is_streamed or not _asked_by_us():
            return reply
        else:
            body = reply.get_data()
            if len(body) < SMALLEST:
                return reply
            body = _of_page(body, encoding)
        etag, _ = reply.get_etag()
        if etag:
            reply.set_etag(etag, weak=True)  # The same page in other bytes.
        reply.set_data(body)
        reply.headers["Content-Encoding"] = encoding
        return reply


def _asked_by_us() -> bool:
    """False where another site may have made this browser ask, with its owner's cookies; old browsers say it by the Referer alone."""
    if not request.cookies:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in OURS
    return bool(request.referrer) and str(request.referrer).startswith(request.host_url)


@lru_cache(maxsize=64)
def _of_page(body: bytes, encoding: str) -> bytes:
    """Pages that are kept for everybody are compressed once."""
    return ENCODINGS[encoding](body, PAGE[encoding])


def _of_file(name: str, encoding: str) -> bytes:
    path = Path(safe_join(str(current_app.static_folder), name) or "")
    return _of_version(path, path.stat().st_mtime_ns, encoding)


@lru_cache(maxsize=512)
def _of_version(path: Path, written: int, encoding: str) -> bytes:
    return ENCODINGS[encoding](path.read_bytes(), FILE[encoding])
