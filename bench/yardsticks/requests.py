"""The requests that the yardsticks take; bench.scenarios lists them beside the product's."""

import json
from collections.abc import Sequence
from urllib.request import urlopen

from bench.load import Request
from bench.server import Server

USERS = 200
SUBMITS_EACH = 30  # of a user in one round
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
    """Y-submit: each user hands in seeded attempts, in every round others: one that has its score already would be left as it is, which costs less.

    Attempt n belongs to user (n - 1) % USERS + 1; the first of each is the one that is saved into.
    """
    heads = {user: _enter(server, user)[0] for user in range(1, USERS + 1)}
    first = USERS * (1 + number * SUBMITS_EACH) + 1
    attempts = range(first, first + USERS * SUBMITS_EACH)
    return [Request("POST", f"/submit/{attempt}", heads[(attempt - 1) % USERS + 1]) for attempt in attempts]


def attempts_each(rounds: int) -> int:
    """How many attempts of each user are needed for so many rounds and the warming up."""
    return 1 + SUBMITS_EACH * (rounds + 1)


def _enter(server: Server, user: int) -> tuple[dict[str, str], int]:
    with urlopen(f"{server.url}/enter/{user}") as reply:
        data = json.load(reply)
        cookie = reply.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie, "X-CSRFToken": data["csrf"], "Content-Type": "application/json"}, data["attempt"]
