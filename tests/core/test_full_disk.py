"""A full disk, or a database that may only be read: what writes is told so with 503, what reads goes on, and it comes back by itself."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import event, text

from contest.config import Config
from contest.core import errors, storage, turns
from contest.core.db import db, unit_of_work

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of a site with two more pages: one keeps a row, the other a file."""

    @app.get("/row")
    def row() -> str:
        with unit_of_work() as session:
            session.execute(text("CREATE TABLE kept (word TEXT)"))
            session.execute(text("INSERT INTO kept VALUES (:word)"), {"word": "x" * 200_000})
        return "kept"

    @app.get("/file")
    def file() -> str:
        return storage.put(b"y" * 200_000)

    return app.test_client()


@contextmanager
def full_database(app: Flask) -> Iterator[None]:
    """SQLite finds no page more than it has."""

    def no_more(connection: sqlite3.Connection, record: object = None) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes it as what it has now.

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", no_more)
    try:
        yield
    finally:
        event.remove(engine, "connect", no_more)
        engine.dispose()


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may grow beyond some kilobytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_full_database_refuses_what_writes_and_comes_back(app: Flask, client: FlaskClient) -> None:
    with full_database(app):
        reply, packet = client.get("/row", headers=HTML), client.get("/row", headers=JSON)
        assert (reply.status_code, packet.status_code) == (503, 503)
        assert "hết chỗ lưu" in reply.text
        assert reply.headers["Retry-After"] == "60"
        assert "hết chỗ lưu" in packet.get_json()["error"]["title"]
        assert client.get("/dang-nhap").status_code == 200
        assert client.get("/readyz").get_json()["database"] == "ok"  # Where nothing grows, nothing lacks.

    with app.app_context():
        assert not db.session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'kept'"))
        db.session.remove()
    assert client.get("/row").text == "kept"


def test_database_that_may_only_be_read_is_named(app: Flask, client: FlaskClient) -> None:
    def read_only(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", read_only)

    assert client.get("/row", headers=HTML).status_code == 503
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert reply.get_json()["database"] == "OperationalError"
    assert client.get("/dang-nhap").status_code == 200


def test_full_storage_refuses_the_file_whole_and_comes_back(client: FlaskClient, tmp_path: Path) -> None:
    with full_disk():
        reply = client.get("/file", headers=HTML)

    assert reply.status_code == 503
    assert "hết chỗ lưu" in reply.text
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    assert len(client.get("/file").text) == 64


def test_full_storage_is_named_by_readyz(client: FlaskClient) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        reply = client.get("/readyz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert reply.status_code == 503
    assert reply.get_json()["storage"] != "ok"


def test_redis_that_refuses_to_write_is_named_by_readyz(client: FlaskClient, redis: Redis) -> None:
    redis.config_set("maxmemory", 1)
    try:
        reply = client.get("/readyz")
    finally:
        redis.config_set("maxmemory", 0)

    assert reply.status_code == 503
    assert reply.get_json()["redis"] == "OutOfMemoryError"


def test_foreign_write_lock_is_waited_for_no_longer_than_the_line(
    app: Flask, client: FlaskClient, config: Config
) -> None:
    with app.app_context():
        assert db.session.scalar(text("PRAGMA busy_timeout")) == turns.PATIENCE * 1000
        db.session.execute(text("SELECT 1"))
        db.session.remove()
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA busy_timeout = 50"))
    foreign = sqlite3.connect(config.database_url.removeprefix("sqlite:///"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")

    reply = client.get("/row", headers=HTML)

    foreign.execute("ROLLBACK")
    foreign.close()
    assert reply.status_code == 503
    assert "khởi động lại" in reply.text
    assert client.get("/row").text == "kept"


def test_other_trouble_is_not_called_a_full_disk() -> None:
    assert not errors._is_full(FileNotFoundError(2, "no such file"))
    assert errors._is_full(OSError(28, "No space left on device"))
