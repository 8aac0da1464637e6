"""The numbered migrations on SQLite and PostgreSQL: up, down and with rows; equal to the models; the audit record stays append-only."""

from collections.abc import Callable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from contest.config import Config
from contest.core import audit, migrations
from contest.core.db import db, unit_of_work
from tests.factories import make_account
from tests.fixtures.schema import SECRET
from tests.migrations.rows import counted, fill


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, make_app: Callable[[Config], Flask]) -> Iterator[Flask]:
    """The application over a database without any table."""
    url = request.getfixturevalue(f"empty_{request.param}_url")
    config = Config(
        mode="test", secret_key=SECRET, database_url=url, redis_url="redis://127.0.0.1:1", storage_url="memory://"
    )
    app = make_app(config)
    with app.app_context():
        yield app


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def filled() -> dict[str, int]:
    with db.engine.begin() as connection:
        fill(connection, db.metadata)
        return counted(connection, db.metadata)


def revisions() -> list[str]:
    """Every revision, oldest first."""
    return [script.revision for script in ScriptDirectory(str(migrations.FOLDER)).walk_revisions()][::-1]


def test_upgrade_of_an_empty_database_gives_what_the_models_say(empty: Flask) -> None:
    migrations.upgrade()

    assert differences() == []
    assert tables() == set(db.metadata.tables)


def test_newest_revision_by_name_is_the_only_head() -> None:
    assert ScriptDirectory(str(migrations.FOLDER)).get_heads() == [migrations.newest()]


def test_every_revision_goes_up_down_and_up_again(empty: Flask) -> None:
    for revision in revisions():
        migrations.upgrade(revision)
        migrations.downgrade("-1")
        migrations.upgrade(revision)

    assert differences() == []


def test_downgrade_to_the_beginning_leaves_nothing_even_with_rows(empty: Flask) -> None:
    migrations.upgrade()
    assert set(filled()) == set(db.metadata.tables)

    migrations.downgrade("base")

    assert tables() == set()
    migrations.upgrade()
    assert differences() == []
    with db.engine.connect() as connection:
        assert counted(connection, db.metadata) == {}


def test_newest_revision_taken_back_and_up_again_keeps_the_rows_of_older_tables(empty: Flask) -> None:
    known = revisions()
    if len(known) == 1:
        pytest.skip("there is only one revision: nothing is older than it")
    migrations.upgrade()
    before = filled()

    migrations.downgrade("-1")
    kept = tables()
    migrations.upgrade()

    with db.engine.connect() as connection:
        after = counted(connection, db.metadata)
    assert {name: after.get(name) for name in kept} == {name: before[name] for name in kept}


def test_revisions_are_numbered_in_one_line() -> None:
    directory = ScriptDirectory(str(migrations.FOLDER))

    assert [revision[:4] for revision in revisions()] == [f"{n:04d}" for n in range(1, len(revisions()) + 1)]
    assert len(directory.get_heads()) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("act", ["UPDATE audit_row SET reason = 'khác'", "DELETE FROM audit_row"])
def test_audit_record_refuses_to_be_changed_or_deleted(app_context: Flask, act: str) -> None:
    with unit_of_work():
        audit.record("round.extend", actor_id=make_account().id, subject="round:1", reason="mưa lũ")

    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(act))

    assert audit.verify() is None


def test_audit_record_refuses_to_be_emptied_on_postgresql(
    postgresql_url: str, make_app: Callable[[Config], Flask]
) -> None:
    config = Config(
        mode="test",
        secret_key=SECRET,
        database_url=postgresql_url,
        redis_url="redis://127.0.0.1:1",
        storage_url="memory://",
    )
    with (
        make_app(config).app_context(),
        pytest.raises(DBAPIError, match="append-only"),
        db.engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE audit_row"))
