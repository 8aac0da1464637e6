"""Seals that named the row name the receipt after 0007, and the other way round; one that did not hold is not made to."""

import hashlib

import pytest
from flask import Flask
from sqlalchemy import text

from contest.core import migrations
from contest.core.db import db
from contest.quiz.models import Attempt
from contest.quiz.queries.attempts import seal_now
from tests.migrations.rows import fill
from tests.migrations.test_migrations import empty

__all__ = ["empty"]


@pytest.fixture
def sealed(empty: Flask) -> str:
    """The seal of an attempt that was handed in, by its receipt."""
    migrations.upgrade()
    with db.engine.begin() as connection:
        fill(connection, db.metadata)
        connection.execute(Attempt.__table__.update().values(receipt="TN1-ABCDEF", answers="0102", prediction=None))
    seal = seal_now(1)
    db.session.remove()  # What is read in an open transaction cannot be altered.
    assert seal
    keep(seal)
    return seal


def keep(digest: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE attempt SET digest = :digest"), {"digest": digest})


def kept() -> str:
    db.session.remove()
    with db.engine.connect() as connection:
        return str(connection.scalar(text("SELECT digest FROM attempt")))


def test_seal_holds_on_both_sides_of_the_change(sealed: str) -> None:
    moment = db.session.get_one(Attempt, 1).handed_in_at
    assert moment
    db.session.remove()

    migrations.downgrade("0006")
    before = kept()
    migrations.upgrade()

    by_row = f"1\n0102\n-\n{moment.isoformat(timespec='microseconds')}"
    assert before == hashlib.sha256(by_row.encode()).hexdigest()
    assert kept() == sealed


def test_seal_that_did_not_hold_is_left_as_it_was(sealed: str) -> None:
    keep("0" * 64)

    migrations.downgrade("0006")
    assert kept() == "0" * 64
    migrations.upgrade()

    assert kept() == "0" * 64
