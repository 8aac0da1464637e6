"""What every other test stands on: fresh migrated databases, an empty Valkey, skips that say why."""

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import inspect, text

from contest.core.db import db
from tests.fixtures.requirements import lacking


@pytest.mark.both_databases
@pytest.mark.parametrize("run", [1, 2])
def test_each_test_gets_the_schema_and_no_rows_of_another(app_context: Flask, run: int) -> None:
    tables = inspect(db.engine).get_table_names()

    assert {"account", "attempt", "entry"} <= set(tables)
    with db.engine.begin() as connection:
        assert "left_by_a_test" not in tables
        connection.execute(text("CREATE TABLE left_by_a_test (run integer)"))


@pytest.mark.parametrize("run", [1, 2])
def test_each_test_gets_an_empty_valkey(redis: Redis, run: int) -> None:
    assert redis.keys() == []
    redis.set("left", run)


def test_both_databases_are_what_they_are_called(sqlite_url: str, postgresql_url: str) -> None:
    assert sqlite_url.startswith("sqlite:///")
    assert postgresql_url.startswith("postgresql+psycopg://")


def test_lacking_skips_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KV_REQUIRE", "postgresql")

    with pytest.raises(pytest.skip.Exception, match="Chromium is not installed"):
        lacking("chromium", "Chromium is not installed")


def test_lacking_fails_where_it_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KV_REQUIRE", "chromium, postgresql")

    with pytest.raises(pytest.fail.Exception, match="KV_REQUIRE asks for chromium"):
        lacking("chromium", "Chromium is not installed")
