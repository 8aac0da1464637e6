"""One argon2id check and nothing else, at the product's parameters."""

from collections.abc import Callable, Iterable
from typing import Any

from bench.yardsticks.hashing import HASHER, PASSWORD

KEPT = HASHER.hash(PASSWORD)


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Check the password once."""
    HASHER.verify(KEPT, PASSWORD)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "3")])
    return [b"ok\n"]
