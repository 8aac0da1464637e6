"""Contests of Party bodies that stood before get the Party's letterhead; all others the State's."""

import pytest
from flask import Flask
from sqlalchemy import text

from contest.contests.models import Contest
from contest.core import migrations
from contest.core.db import db
from tests.migrations.rows import fill
from tests.migrations.test_migrations import empty

__all__ = ["empty"]


@pytest.mark.parametrize(
    ("parent", "letterhead"), [("TỈNH ỦY BẮC GIANG", "party"), ("Thành uỷ Thử", "party"), ("UBND tỉnh", "state"), ("", "state")]
)  # fmt: skip
def test_letterhead_follows_the_body_above(empty: Flask, parent: str, letterhead: str) -> None:
    migrations.upgrade()
    with db.engine.begin() as connection:
        fill(connection, db.metadata)
    migrations.downgrade("0014")
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE contest SET parent_body = :parent, organizer_name = 'Ban'"), {"parent": parent})
    migrations.upgrade()
    with db.engine.connect() as connection:
        assert set(connection.scalars(Contest.__table__.select().with_only_columns(Contest.letterhead))) == {letterhead}
