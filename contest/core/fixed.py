"""Files that are the same for everybody, under an address that changes with them, so that browsers keep them for a year; create_app wires it.

The version stands in the folder (`/static/v1a2b3c4d5e6f/js/quiz.js`), not behind a question mark: what a script imports and a style draws in are named
beside it and so carry the version too. Addresses without it, or with one that is past, are answered with what there is now, to be asked for anew each time.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request

YEAR = 365 * 24 * 3600
_ADDRESS = re.compile(r"/static/(?:v[0-9a-f]{12}/)?")


@cache
def prefix(folder: Path) -> str:
    """The address of the folder as it stands: the same on every machine that has the same files."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return f"/static/v{digest.hexdigest()[:12]}"


def name_of(path: str) -> str:
    """A file's name in its folder, from its address, whatever the version."""
    return _ADDRESS.sub("", path, count=1)


def init_app(app: Flask, *, changing: bool) -> None:
    """Serve the application's static folder; with `changing`, where files are edited while they are served, nothing is kept."""

    def serve(filename: str) -> Response:
        reply = current_app.send_static_file(name_of(request.path))
        if not changing and request.path.startswith(f"{app.static_url_path}/"):
            reply.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
            for name in ("Content-Disposition", "Last-Modified"):
                reply.headers.pop(name, None)
        else:
            reply.headers["Cache-Control"] = "no-cache"
        return reply

    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = None
    app.view_functions["static"] = serve
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=serve)
