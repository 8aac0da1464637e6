"""The requests that the yardsticks take; bench.scenarios lists them beside the product's."""

import json
from collections.abc import Sequence
from urllib.request import urlopen

from bench.load import Request
from bench.server import Server

USERS = 200
ATTEMPTS_EACH = 100
QUESTIONS = 20


def home(server: Server, number: int) -> Sequence[Request]:
    """One page."""
    return [Request("GET", "/")]


def saves(server: Server, number: int) -> Sequence[Request]:
    """Y1: each user answers each question of the first attempt, each time anew."""
    entered = [_enter(server, user) for user in range(1, USERS + 1)]
    return [
        Request(
            "POST",
            "/save",
            heads,
            f'{{"attempt": {attempt}, "question": {question}, "choice": @seq@}}',
        )
        for question in range(1, QUESTIONS + 1)
        for heads, attempt in entered
    ]


def starts(server: Server, number: int) -> Sequence[Request]:
    """Y-start: each user starts a new attempt."""
    return [Request("POST", "/start", _enter(server, user)[0]) for user in range(1, USERS + 1)]


def submits(server: Server, number: int) -> Sequence[Request]:
    """Y-submit: each user hands in each of the seeded attempts; attempt n belongs to user (n - 1) % USERS + 1."""
    heads = {user: _enter(server, user)[0] for user in range(1, USERS + 1)}
    attempts = range(USERS + 1, USERS * ATTEMPTS_EACH + 1)
    return [Request("POST", f"/submit/{attempt}", heads[(attempt - 1) % USERS + 1]) for attempt in attempts]


def _enter(server: Server, user: int) -> tuple[dict[str, str], int]:
    with urlopen(f"{server.url}/enter/{user}") as reply:
        data = json.load(reply)
        cookie = reply.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie, "X-CSRFToken": data["csrf"], "Content-Type": "application/json"}, data["attempt"]
