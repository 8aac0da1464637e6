"""Entries that wait for a clerk: 0016 keeps every entry and its words, and back before it a waiting one is handed in like the rest."""

from flask import Flask
from sqlalchemy import text

from contest.core import migrations
from contest.core.db import db
from tests.migrations.rows import fill
from tests.migrations.test_migrations import empty

__all__ = ["empty"]


def test_entries_outlive_the_way_up_and_back(empty: Flask) -> None:
    migrations.upgrade()
    migrations.downgrade("0015")
    with db.engine.begin() as connection:
        fill(connection, db.metadata)
        connection.execute(text("UPDATE entry SET state = 'handed_in'"))
    migrations.upgrade()
    with db.engine.begin() as connection:
        row = connection.execute(text("SELECT state, passed, verdict FROM entry")).one()
        assert (row.state, row.verdict) == ("handed_in", "")
        assert row.passed in ("[]", [])
        assert connection.scalar(text("SELECT acknowledged FROM photo")) in ("[]", [])
        connection.execute(text("UPDATE entry SET state = 'held'"))
    migrations.downgrade("0015")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT state FROM entry")) == "handed_in"
    migrations.upgrade()
