"""The product's side of the benchmark: seeds a contest with many entrants and prepares the requests of its hot paths.

Rows are written straight into the tables, and cookies are signed here, for nothing of that is measured. Each entrant has one part: some save
into an open attempt again and again, some hand in once, some start once.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from bench.load import Request
from bench.seeding import QUESTIONS, SECRET, empty_product, execute, fill_contest, paper_of
from bench.server import Server
from bench.yardsticks.hashing import HASHER, PASSWORD
from contest.core import clock
from contest.core.db import db
from question_bank import answers as codes

SAVERS = 200
EACH_ROUND = 6000
BANK = 60
CSRF = "0123456789abcdef0123456789abcdef01234567"
HAND_IN, START = range(2)

_app: Flask | None = None
_rounds = 0


def seed(url: str, folder: Path, stack: ExitStack, *, rounds: int) -> dict[str, str]:
    """Migrate the database at `url` and fill it for so many rounds; returns the environment that the product is served with."""
    global _app, _rounds
    _rounds = rounds
    _app, env = empty_product(url, folder, stack, durable=True)
    (folder / "metrics").mkdir()
    with _app.app_context():
        _fill()
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            execute("ANALYZE")
        db.engine.dispose()
    return env | {"PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics")}


def seeded() -> Flask:
    """The application of the product that was seeded last."""
    assert _app is not None
    return _app


def page_bytes(server: Server) -> int:
    """The size of the home page of someone not signed in."""
    with urlopen(server.url + "/") as reply:
        return len(reply.read())


def home(server: Server, number: int) -> Sequence[Request]:
    """The home page of someone not signed in."""
    return [Request("GET", "/")]


def sign_ins(server: Server, number: int) -> Sequence[Request]:
    """Right passwords of many entrants."""
    heads = {
        "Cookie": _cookie({"csrf_token": CSRF}),
        "X-CSRFToken": _csrf_token(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return [
        Request("POST", "/dang-nhap", heads, f"identifier={_email(n).replace('@', '%40')}&password={PASSWORD}")
        for n in range(1, SAVERS + 1)
    ]


def saves(server: Server, number: int) -> Sequence[Request]:
    """Each saver sends one changed answer after the other, each packet with a higher sequence number."""
    return [
        Request("POST", paper_of(entrant) + "/luu", heads, _packet(entrant, question))
        for question in range(QUESTIONS)
        for entrant, heads in ((n, heads_of(n)) for n in range(1, SAVERS + 1))
    ]


def starts(server: Server, number: int) -> Sequence[Request]:
    """Each entrant starts an attempt; the reply is its paper."""
    return [Request("POST", "/thi-trac-nghiem/dot/1/bat-dau", heads_of(n)) for n in entrants_of(START, number)]


def hand_ins(server: Server, number: int) -> Sequence[Request]:
    """Each entrant hands in the open attempt, whose id is the entrant's own."""
    return [Request("POST", paper_of(n) + "/nop", heads_of(n)) for n in entrants_of(HAND_IN, number)]


def entrants_of(part: int, number: int) -> range:
    first = SAVERS + 1 + (part * _rounds + number) * EACH_ROUND
    return range(first, first + EACH_ROUND)


def _packet(entrant: int, question: int) -> str:
    return f'{{"sequence": @seq@, "changes": {{"{question}": "{codes.ALPHABET[1 << entrant % 4]}"}}}}'


def heads_of(entrant: int) -> dict[str, str]:
    cookie = _cookie(
        {"kv_token": _token(entrant), "_user_id": str(entrant), "_fresh": True, "_permanent": True, "csrf_token": CSRF}
    )
    return {
        "Cookie": cookie,
        "X-CSRFToken": _csrf_token(),
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


def _cookie(content: dict[str, Any]) -> str:
    assert _app is not None
    signer = _app.session_interface.get_signing_serializer(_app)  # type: ignore[attr-defined]
    return f"{_app.config['SESSION_COOKIE_NAME']}={signer.dumps(content)}"


def _csrf_token() -> str:
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(CSRF)
    return token if isinstance(token, str) else token.decode()


def _token(entrant: int) -> str:
    return hashlib.sha256(f"{SECRET}{entrant}".encode()).hexdigest()


def _email(entrant: int) -> str:
    return f"thi-sinh-{entrant}@vidu.example"


def _fill() -> None:
    from contest.accounts.models import Account, AccountSession

    now = clock.now()
    people = SAVERS + 2 * _rounds * EACH_ROUND
    kept = HASHER.hash(PASSWORD)

    def accounts() -> Iterator[dict[str, Any]]:
        for n in range(1, people + 1):
            name = f"Thí Sinh {n}"
            yield {
                "role": "entrant",
                "email": _email(n),
                "password_hash": kept,
                "full_name": name,
                "name_folded": f"thi sinh {n}",
                "name_key": f"{n:06}",
                "created_at": now,
            }

    def sessions() -> Iterator[dict[str, Any]]:
        for n in range(1, people + 1):
            digest = hashlib.sha256(_token(n).encode()).hexdigest()
            yield {
                "account_id": n,
                "token_hash": digest,
                "created_at": now,
                "last_seen_at": now,
                "expires_at": now + timedelta(days=7),
            }

    _insert(Account, accounts())
    _insert(AccountSession, sessions())
    fill_contest(bank=BANK, params={})
    _fill_attempts()


def _fill_attempts() -> None:
    """An open attempt for everyone who saves or hands in; its id is the entrant's own."""
    from contest.quiz.models import Attempt

    now = clock.now()
    entrants = range(1, SAVERS + _rounds * EACH_ROUND + 1)
    _insert(
        Attempt,
        (
            {
                "round_id": 1,
                "entrant_id": n,
                "number": 1,
                "seed": n,
                "state": "open",
                "started_at": now,
                "deadline": now + timedelta(days=1),
                "answers": "1248" * (QUESTIONS // 4),
            }
            for n in entrants
        ),
    )


def _insert(model: Any, rows: Any) -> None:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == 2000:
            db.session.execute(sa.insert(model), waiting)
            waiting = []
    if waiting:
        db.session.execute(sa.insert(model), waiting)
