"""Attempts of more than 24 days: 0008 gives them room, and taking it back keeps the rows."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from contest.core import migrations
from contest.core.db import db
from contest.quiz.models import Attempt
from tests.migrations.rows import fill
from tests.migrations.test_migrations import empty

__all__ = ["empty"]
TWO_MONTHS = timedelta(days=60) // timedelta(milliseconds=1)


def durations() -> list[int]:
    with db.engine.connect() as connection:
        return list(connection.scalars(text("SELECT duration_ms FROM attempt ORDER BY id")))


def test_long_attempt_outlives_the_change_taken_back(empty: Flask) -> None:
    migrations.upgrade()
    with db.engine.begin() as connection:
        fill(connection, db.metadata)
        connection.execute(Attempt.__table__.update().values(duration_ms=TWO_MONTHS))

    migrations.downgrade("0007")
    before = durations()
    migrations.upgrade()

    longest = TWO_MONTHS if db.engine.dialect.name == "sqlite" else 2**31 - 1
    assert before == durations() == [longest]
