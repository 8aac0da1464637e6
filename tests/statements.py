"""Listens to what is sent to the database, for tests of what a page or an act costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from contest.core.db import db


@contextmanager
def sent(app: Flask) -> Iterator[list[str]]:
    """The statements sent while the block runs, in order."""
    found: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
