"""An open essay round, an author signed in, and a browser without JavaScript."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contest.config import Config
from contest.contests.models import Round
from contest.contests.rules import RoundState, TrackKind
from contest.core.db import db, unit_of_work
from tests.factories import make_account, make_contest, make_round
from tests.signed_in import sign_in

THEME = "Ý tưởng mới cho Bắc Giang"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Browser:
    """A signed-in client that carries the CSRF token."""

    def __init__(self, app: Flask, account_id: int) -> None:
        self.client: FlaskClient = app.test_client()
        self.account_id = account_id
        sign_in(self.client, account_id)
        self.token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.page("/thi-viet"))[0]

    def page(self, url: str) -> str:
        """The page's text, which must be there."""
        reply = self.client.get(url, follow_redirects=True)
        assert reply.status_code == 200, (url, reply.status_code)
        return reply.get_data(as_text=True)

    def post(self, url: str, **fields: Any) -> TestResponse:
        """Post a form as the page does."""
        return self.client.post(url, data={"csrf_token": self.token, **fields})

    def save(self, entry_id: int, **fields: Any) -> TestResponse:
        """Save as the editor's script does."""
        values = {"sequence": 0, "theme": THEME, "title": "Mùa vải", "body": "một hai ba"} | fields
        return self.client.post(
            f"/thi-viet/{entry_id}/luu",
            json=values,
            headers={"X-CSRFToken": self.token, "Accept": "application/json"},
        )

    def begin(self) -> int:
        """A new draft's id."""
        reply = self.post("/thi-viet/bai-moi")
        assert reply.status_code == 303, reply.get_data(as_text=True)
        return int(reply.location.rsplit("/", 1)[1])

    def upload(self, entry_id: int, content: bytes, name: str = "bai.docx", **fields: Any) -> TestResponse:
        """Send a file into a draft."""
        return self.post(f"/thi-viet/{entry_id}/tep", file=(io.BytesIO(content), name), **fields)

    def hand_in(self, entry_id: int, sequence: int) -> TestResponse:
        """Tick both boxes and hand in."""
        return self.post(f"/thi-viet/{entry_id}/nop", sequence=sequence, own_work="y", unpublished="y")


@pytest.fixture
def make_browser(app: Flask) -> Callable[..., Browser]:
    """Signs a new account in."""

    def make(**kw: Any) -> Browser:
        with app.app_context():
            with unit_of_work():
                account_id = make_account(**kw).id
            db.session.remove()
        return Browser(app, account_id)

    return make


@pytest.fixture
def contest_id(app: Flask) -> int:
    """An open essay round that asks for 5 to 40 words and takes 3 entries."""
    with app.app_context(), unit_of_work():
        return make_contest(params={TrackKind.ESSAY: {"words_min": 5, "words_max": 40, "entries": 3}}).id


@pytest.fixture
def browser(contest_id: int, make_browser: Callable[..., Browser]) -> Browser:
    """The author."""
    return make_browser(full_name="Vũ Thị Bến Thử", phone="+84912345678", workplace="Trường Tiểu học Thử Nghiệm")


@pytest.fixture
def set_round(app: Flask, contest_id: int) -> Callable[[RoundState], None]:
    """Moves the essay round into another state."""

    def move(state: RoundState) -> None:
        with app.app_context(), unit_of_work() as session:
            round_ = session.query(Round).join(Round.track).filter_by(kind=TrackKind.ESSAY).one()
            model = make_round(round_.track, state=state)
            times = model.opens_at, model.closes_at, model.paused_at
            session.delete(model)
            session.flush()
            round_.opens_at, round_.closes_at, round_.paused_at = times

    return move


@pytest.fixture
def work(config: Config) -> Callable[[], None]:
    """Runs the real forking worker, as a process of its own, until the queue of files is empty."""
    env = {
        "KV_ENV": config.mode,
        "SECRET_KEY": config.secret_key,
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "STORAGE_URL": config.storage_url,
        "KV_DATA_DIR": str(config.data_dir),
    }
    code = (
        "from contest import create_app; from contest.worker import run_worker; "
        "run_worker(create_app(), names=['files'], forking=True, burst=True)"
    )

    def run() -> None:
        subprocess.run(
            [sys.executable, "-c", code], check=True, timeout=120, env=os.environ | env, cwd=Path(__file__).parents[2]
        )

    return run


def docx_of(*paragraphs: str, table: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A .docx of these paragraphs and one table."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def shared_data() -> Path | None:
    """The folder of real-world files beside the project (KV_SHARED_DATA), if this machine has it."""
    for folder in (os.environ.get("KV_SHARED_DATA"), Path(__file__).parents[3] / "shared" / "data"):
        if folder and Path(folder).is_dir():
            return Path(folder)
    return None


@pytest.fixture
def naughty() -> list[str]:
    """The big list of naughty strings."""
    folder = shared_data()
    if folder is None:
        pytest.skip("the list of naughty strings is not on this machine")
    strings: list[str] = json.loads((folder / "badinput" / "blns.json").read_text(encoding="utf-8"))
    return strings
