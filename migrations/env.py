"""Runs the numbered migrations against the application's own database; contest.core.migrations calls it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text

from contest.core.db import UTCDateTime, db


def plain_types(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column types as the plain ones that they are in the database, so that old migrations need none of our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def run() -> None:
    """Migrate inside one transaction a revision, so that a failure leaves the last whole revision."""
    with db.engine.connect() as connection, tables_may_be_written_anew(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=plain_types,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


@contextmanager
def tables_may_be_written_anew(connection: Connection) -> Iterator[None]:
    """SQLite writes a table anew by dropping it, which would take the rows that refer to it along and forget which numbers were given.

    So keys are looked at only at the end, and the numbers of what is still there are remembered. Raises RuntimeError where a key leads nowhere.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    given = _numbers_given(connection)
    connection.rollback()  # The switch is deaf within a transaction.
    _switch_keys(connection, on=False)
    try:
        yield
        for name, number in given.items():
            if name in _numbers_given(connection):
                connection.execute(_NOT_LOWER, {"name": name, "number": number})
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise RuntimeError(f"rows refer to others that are not there: {lost[:5]}")
        connection.commit()
    finally:
        connection.rollback()
        _switch_keys(connection, on=True)


_NOT_LOWER = text("UPDATE sqlite_sequence SET seq = max(seq, :number) WHERE name = :name")


def _numbers_given(connection: Connection) -> dict[str, int]:
    known = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").scalar()
    rows = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all() if known else []
    return {row.name: row.seq for row in rows}


def _switch_keys(connection: Connection, *, on: bool) -> None:
    """Past SQLAlchemy, which would begin a transaction."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


run()
