"""An open photo round, an entrant who is signed in, and pictures made for the test."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.accounts.rules import Role
from contest.contests.models import Round
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.photo import jobs
from contest.photo import service as photos
from contest.photo.models import Photo
from contest.photo.rules import PhotoState
from contest.photo.service import Task
from tests.factories import make_account, make_contest, round_of
from tests.fixtures.requirements import lacking
from tests.signed_in import csrf_token, sign_in

DATA = Path(os.environ.get("KV_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


class Room:
    """A photo round with small limits, and the ways of a browser into it."""

    def __init__(self, app: Flask, *, state: RoundState = RoundState.OPEN, **params: object) -> None:
        self.app = app
        limits = {"long_edge": 1, "entries": 0, "megabytes": 20, "caption_words": 20} | params
        with app.app_context(), unit_of_work():
            contest = make_contest(photo=state, params={TrackKind.PHOTO: limits})
            self.round_id = round_of(contest, TrackKind.PHOTO).id
            self.entrant_id = make_account().id
        self.client = self.browser(self.entrant_id)

    def browser(self, account: int | Role) -> FlaskClient:
        """A new browser in which an account, or a new one of that role, is signed in."""
        client = self.app.test_client()
        if isinstance(account, Role):
            with self.app.app_context(), unit_of_work():
                account = make_account(role=account).id
        with self.app.app_context():
            sign_in(client, account)
        return client

    def send(
        self, *files: tuple[bytes, str], client: FlaskClient | None = None, accept: str = "application/json"
    ) -> TestResponse:
        """Send files as the upload form does."""
        parts = [(io.BytesIO(content), name) for content, name in files]
        client = client or self.client
        return client.post(
            "/thi-anh/gui-anh",
            data={"photos": parts, "csrf_token": csrf_token(client)},
            headers={"Accept": accept},
            content_type="multipart/form-data",
        )

    def sent(self, content: bytes, name: str = "anh.jpg") -> int:
        """The entry of a file that is taken."""
        reply = self.send((content, name))
        assert reply.status_code == 201, reply.text
        found: int = reply.json["accepted"][0]["id"]
        return found

    def post(self, address: str, client: FlaskClient | None = None, **fields: str) -> TestResponse:
        """Post a form of this room."""
        client = client or self.client
        return client.post(address, data={"csrf_token": csrf_token(client), **fields})

    def develop(self, entry_id: int) -> Photo:
        """Run the job of an entry here and now, and return its photograph."""
        with self.app.app_context():
            task = self.task(entry_id)
            jobs.make_thumbnails(task.photo_id, task.address)
            return self.photo(entry_id)

    def task(self, entry_id: int) -> Task:
        """What is asked for an entry's picture."""
        with self.app.app_context():
            return photos.task_of(self.photo(entry_id))

    def photo(self, entry_id: int) -> Photo:
        """The photograph of an entry, as the database has it now."""
        with self.app.app_context():
            db.session.expunge_all()
            return db.session.scalars(select(Photo).where(Photo.entry_id == entry_id)).one()

    def ready(self, content: bytes | None = None, name: str = "anh.jpg") -> int:
        """The entry of a picture whose thumbnails are made."""
        entry_id = self.sent(content or jpeg(), name)
        assert self.develop(entry_id).state is PhotoState.READY
        return entry_id

    def handed_in(self, content: bytes | None = None, **fields: str) -> int:
        """The entry of a picture that is handed in."""
        entry_id = self.ready(content)
        assert self.words(entry_id, **fields).status_code == 303
        return entry_id

    def release(self, reason: str = "Chung khảo đã chọn xong") -> None:
        """Close the round and open its gallery."""
        with self.app.app_context(), unit_of_work():
            db.session.get_one(Round, self.round_id).closes_at = clock.now()
            actor = make_account(role=Role.ORGANIZER)
            photos.release_gallery(round_id=self.round_id, actor_id=actor.id, reason=reason)

    def words(self, entry_id: int, act: str = "hand_in", **fields: str) -> TestResponse:
        """Post the form of a work, complete unless told otherwise."""
        complete = {"title": "Đồi vải", "theme": "Cảnh đẹp", "caption": "Lục Ngạn, tháng sáu.", "own_work": "y"}
        return self.post(f"/thi-anh/{entry_id}", **(complete | {"unpublished": "y", "act": act} | fields))


@pytest.fixture
def room(app: Flask) -> Room:
    """An open round that takes pictures of any size."""
    return Room(app)


@pytest.fixture
def make_room(app: Flask) -> Callable[..., Room]:
    """Makes a round of a given state and limits."""
    return lambda **kw: Room(app, **kw)


def shared(name: str) -> bytes:
    """A file of the shared test data; skips the test where there is none."""
    if not (DATA / "photos").is_dir():
        lacking("data", "the shared photographs are not on this machine")
    return (DATA / name).read_bytes()


def jpeg(width: int = 64, height: int = 48, colour: object = "teal", **options: object) -> bytes:
    """A plain JPEG."""
    return saved(Image.new("RGB", (width, height), colour), "JPEG", **options)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The bytes of a picture in that format."""
    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()
