"""Runs the numbered migrations against the application's own database; contest.core.migrations calls it."""

from typing import Any, Literal

from alembic import context

from contest.core.db import UTCDateTime, db


def plain_types(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column types as the plain ones that they are in the database, so that old migrations need none of our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def run() -> None:
    """Migrate inside one transaction a revision, so that a failure leaves the last whole revision."""
    with db.engine.connect() as connection:
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


run()
