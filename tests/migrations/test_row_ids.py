"""Row numbers are never given twice: every table that numbers its rows does so by AUTOINCREMENT on SQLite, new or upgraded, and keeps what else it had."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Table, event, text

from contest.core import migrations
from contest.core.db import db, number_once
from tests.migrations.test_migrations import empty

__all__ = ["empty"]
BEFORE = "0011"


def sqlite_only() -> None:
    """PostgreSQL's sequences never go back."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's sequences never go back")


def numbered() -> set[str]:
    """The tables that number their rows by themselves."""
    return {
        table.name
        for table in db.metadata.sorted_tables
        if (column := table.autoincrement_column) is not None and not column.foreign_keys
    }


def schema() -> dict[str, str]:
    """The statement of everything in the database, by its name."""
    db.session.remove()
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {name: " ".join(sql.split()) for name, sql in rows}


def without_autoincrement() -> set[str]:
    return {name for name, sql in schema().items() if name in numbered() and "AUTOINCREMENT" not in sql}


def test_new_database_numbers_every_row_once(empty: Flask) -> None:
    sqlite_only()
    migrations.upgrade()

    assert without_autoincrement() == set()


def test_models_say_so_too(empty: Flask) -> None:
    sqlite_only()
    db.create_all()

    assert without_autoincrement() == set()


@pytest.fixture
def of_old(empty: Flask) -> Iterator[None]:
    """A database as the code before this made it."""
    event.remove(Table, "after_parent_attach", number_once)
    try:
        migrations.upgrade(BEFORE)
        yield
    finally:
        event.listen(Table, "after_parent_attach", number_once)


def test_database_of_old_keeps_rows_keys_and_guards(empty: Flask, of_old: None) -> None:
    sqlite_only()
    before = schema()
    known = {name for name in numbered() if name in before and "AUTOINCREMENT" not in before[name]}
    assert len(known) > 10
    with db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO unit (id, code, name, folded, kind, position) VALUES (7, 'X', 'Xã', 'xa', 'commune', 1)")
        )
        connection.execute(
            text(
                "INSERT INTO unit (id, code, name, folded, kind, position, parent_id) VALUES (9, 'Y', 'Xóm', 'xom', 'commune', 1, 7)"
            )
        )

    migrations.upgrade("0012")

    after = schema()
    assert {name for name in known if "AUTOINCREMENT" not in after[name]} == set()
    assert {
        name: sql.replace(" AUTOINCREMENT", "").replace('"', "")
        for name, sql in after.items()
        if name != "sqlite_sequence"
    } == {name: sql.replace('"', "") for name, sql in before.items()}
    with db.engine.begin() as connection:
        assert connection.execute(text("SELECT id, parent_id FROM unit ORDER BY id")).all() == [(7, None), (9, 7)]
        connection.execute(text("DELETE FROM unit WHERE id = 9"))
        assert (
            connection.execute(
                text("INSERT INTO unit (code, name, folded, kind, position) VALUES ('Z', 'Z', 'z', 'commune', 1)")
            ).lastrowid
            == 10
        )
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_number_of_a_deleted_row_is_not_given_again_after_later_changes(empty: Flask) -> None:
    sqlite_only()
    migrations.upgrade()
    insert = text(
        "INSERT INTO unit (id, code, name, folded, kind, position) VALUES (:id, 'X', 'Xã thử', 'xa thu', 'commune', 1)"
    )
    with db.engine.begin() as connection:
        connection.execute(insert, {"id": 41})
        connection.exec_driver_sql("DELETE FROM unit")

    migrations.downgrade(BEFORE)
    migrations.upgrade()

    with db.engine.begin() as connection:
        assert connection.execute(insert, {"id": None}).lastrowid == 42
