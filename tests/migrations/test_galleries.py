"""Galleries beside a stage that is open: 0011 closes them, and leaves those of rounds whose judging is over."""

import pytest
from flask import Flask
from sqlalchemy import text

from contest.contests.models import Round
from contest.core import migrations
from contest.core.db import db
from tests.migrations.rows import fill
from tests.migrations.test_migrations import empty

__all__ = ["empty"]


@pytest.mark.parametrize(
    ("change", "stays"),
    [("UPDATE stage SET round_id = 1", True), ("UPDATE stage SET closed_at = NULL", False), ("DELETE", False)],
    ids=["judged", "being judged", "never judged"],
)
def test_gallery_outlives_the_migration_only_after_judging(empty: Flask, change: str, stays: bool) -> None:
    migrations.upgrade()
    migrations.downgrade("0010")
    with db.engine.begin() as connection:
        fill(connection, db.metadata)
        if change == "DELETE":
            for table in ("scorecard", "assignment", "panel_member", "criterion", "stage"):
                connection.execute(text(f"DELETE FROM {table}"))
        else:
            connection.execute(text(change))

    migrations.upgrade()

    with db.engine.connect() as connection:
        released = connection.scalar(Round.__table__.select().with_only_columns(Round.gallery_released_at))
    assert (released is not None) is stays
