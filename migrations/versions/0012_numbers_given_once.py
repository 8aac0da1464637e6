"""SQLite gives the number of a row once only, as PostgreSQL does: what named a deleted row met the next one."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEY = re.compile(r"PRIMARY KEY \((\w+)\)")
_NEW = "_numbered_anew"


def upgrade() -> None:
    """Write every table anew that numbers its rows and forgets what it gave, with its rows, keys, indexes and triggers; new databases have none such."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for table in _forgetful(connection):
        _write_anew(connection, table)


def downgrade() -> None:
    """Numbers given once harm nothing that is older."""


def _forgetful(connection: sa.Connection) -> list[str]:
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
    return [name for name, sql in found if "AUTOINCREMENT" not in sql and _numbers_rows(connection, name, sql)]


def _numbers_rows(connection: sa.Connection, table: str, sql: str) -> bool:
    """True for a table whose key is one whole number that no other table gives it."""
    keys = [row for row in connection.exec_driver_sql(f'PRAGMA table_info("{table}")').mappings() if row["pk"]]
    borrowed = {row["from"] for row in connection.exec_driver_sql(f'PRAGMA foreign_key_list("{table}")').mappings()}
    return (
        len(keys) == 1
        and keys[0]["type"].upper() == "INTEGER"
        and keys[0]["name"] not in borrowed
        and _KEY.search(sql) is not None
    )


def _write_anew(connection: sa.Connection, table: str) -> None:
    statement = f"SELECT sql FROM sqlite_master WHERE tbl_name = '{table}' AND type %s 'table' AND sql IS NOT NULL"
    old = connection.exec_driver_sql(statement % "=").scalar_one()
    others = connection.exec_driver_sql(statement % "<>").scalars().all()
    start = old.index("(")
    new = _KEY.sub(r"PRIMARY KEY (\1 AUTOINCREMENT)", old[start:], count=1)
    columns = ", ".join(
        f'"{row["name"]}"' for row in connection.exec_driver_sql(f'PRAGMA table_info("{table}")').mappings()
    )
    connection.exec_driver_sql(f'CREATE TABLE "{_NEW}" {new}')
    connection.exec_driver_sql(f'INSERT INTO "{_NEW}" ({columns}) SELECT {columns} FROM "{table}"')  # nosec B608
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE "{_NEW}" RENAME TO "{table}"')
    for sql in others:
        connection.exec_driver_sql(sql)
