"""One row in every table, whatever the tables are: what migrations must carry across and back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    column,
    inspect,
)
from sqlalchemy import table as lightweight

WORDS = {
    "hash": "a" * 64,
    "prev_hash": "0" * 64,
    "phone": "+84900000001",
}


def fill(connection: Connection, metadata: MetaData) -> None:
    """Insert one row, numbered 1, into every table of `metadata` that this database has, with every column set that may be."""
    found = inspect(connection)
    there = {table.name for table in metadata.sorted_tables} & set(found.get_table_names())
    for table in metadata.sorted_tables:
        if table.name in there:
            columns = {known["name"] for known in found.get_columns(table.name)}
            values = {one.name: _value(one) for one in table.columns if one.name in columns}
            # Of these columns alone: the model's own insert would add the defaults of columns that are not there yet.
            bare = lightweight(table.name, *(column(name, table.c[name].type) for name in values))
            connection.execute(bare.insert().values(values))


def counted(connection: Connection, metadata: MetaData) -> dict[str, int]:
    """The number of rows of each table that holds any."""
    found = {table.name: len(connection.execute(table.select()).all()) for table in metadata.sorted_tables}
    return {name: number for name, number in found.items() if number}


def _value(column: Column[Any]) -> Any:
    kind = column.type
    if column.name in WORDS:
        return WORDS[column.name]
    if isinstance(kind, Enum):
        return kind.python_type(kind.enums[-1]) if kind.enum_class else kind.enums[-1]
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return None if column.nullable and _points_at_itself(column) else 1
    if isinstance(kind, Numeric):
        return Decimal(1)
    if isinstance(kind, LargeBinary):
        return b"1"
    if isinstance(kind, Date):
        return date(2000, 1, 2)
    if isinstance(kind, DateTime) or getattr(kind, "impl_instance", None).__class__ is DateTime:
        later = list(column.table.columns).index(column)  # What comes later in the row comes later in time.
        return datetime(2026, 1, 2, 3, later, tzinfo=UTC)
    return "Khát vọng"[: getattr(kind, "length", None) or 20]


def _points_at_itself(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)
