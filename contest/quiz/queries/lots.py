"""The lot as a column: SHA-256 computed by PostgreSQL itself and, where SQLite lacks it, by a function lent to its connection; the ranking orders by it."""

from typing import Any

from sqlalchemy import ColumnElement, String, func, literal, type_coerce

from contest.core.db import db
from contest.quiz import ranks


def lot_column(seed: str, entrant_id: Any) -> ColumnElement[str]:
    """`ranks.lot` of each row's entrant."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        from sqlalchemy import Text, cast

        text = literal(f"{seed}:").concat(cast(entrant_id, Text))
        return type_coerce(func.encode(func.sha256(func.convert_to(text, "UTF8")), "hex"), String)
    driver: Any = connection.connection.driver_connection
    driver.create_function("kv_lot", 2, ranks.lot, deterministic=True)
    return type_coerce(func.kv_lot(seed, entrant_id), String)
