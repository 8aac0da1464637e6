"""Marks in bulk: attempts read into arrays and changed marks written back, by PostgreSQL's binary protocol or by plain rows on SQLite; regrading uses it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Integer, Table, bindparam, select, text, update

from contest.core.db import db
from contest.quiz.models import Attempt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_T = cast("Table", Attempt.__table__)
_INT8, _INT4, _MOMENT = 20, 23, 1184  # types of PostgreSQL
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_ARRAY_OF = {_INT8: 1016, _INT4: 1007}
_READ = (
    "SELECT array_agg(id), array_agg(seed), string_agg(answers, ''), array_agg(correct), array_agg(points) FROM "
    "(SELECT id, seed, answers, correct, points FROM attempt WHERE round_id = $1 AND graded_at IS NOT NULL AND {which} "
    "ORDER BY id LIMIT $2) AS part"
)
_WRITE = (
    "UPDATE attempt SET {what} FROM unnest($1::bigint[], $2::int[], $3::int[]) AS new (id, correct, points) "
    "WHERE attempt.id = new.id AND attempt.id BETWEEN $4 AND $5 AND {which}"
)
_AGAIN = _WRITE.format(what="correct = new.correct, points = new.points", which="graded_at IS NOT NULL")
_FIRST = _WRITE.format(what="correct = new.correct, points = new.points, graded_at = $6", which="graded_at IS NULL")


@dataclass(frozen=True)
class Marked:
    """Graded attempts as arrays, in the order of their ids; `answers` holds their codes, as bytes where they are plain."""

    ids: "NDArray[np.int64]"
    seeds: "NDArray[np.int64]"
    answers: "NDArray[Any]"
    correct: "NDArray[np.int64]"
    points: "NDArray[np.int64]"

    def __len__(self) -> int:
        return len(self.ids)


def read_after(round_id: int, *, after_id: int, limit: int, questions: int) -> Marked:
    """The next graded attempts of a round beyond an id."""
    if _is_postgresql():
        return _fetched(_READ.format(which="id > $3"), round_id, limit, _int8(after_id), questions)
    return _selected(_T.c.id > after_id, round_id, limit, questions)


def read_these(round_id: int, ids: "NDArray[np.int64]", *, questions: int) -> Marked:
    """Those of these attempts that are graded."""
    if _is_postgresql():
        which = _array(ids, _INT8)
        return _fetched(_READ.format(which="id = ANY($3::bigint[])"), round_id, len(ids), which, questions)
    return _selected(_T.c.id.in_(ids.tolist()), round_id, len(ids), questions)


def write(
    ids: "NDArray[np.int64]",
    correct: "NDArray[np.int64]",
    points: "NDArray[np.int64]",
    *,
    graded_at: datetime | None = None,
) -> None:
    """Give these attempts, in rising order of ids, other marks, or, with `graded_at`, their first; inside the open unit of work."""
    with writing() as writer:
        writer.start(ids, correct, points, graded_at=graded_at)


class Writer:
    """Writes marks, one block at a time; on PostgreSQL the database works on one while its caller counts the next.

    Between `start` and `wait` nothing else may be asked of the session.
    """

    def __init__(self) -> None:
        self._driver: Any = None

    def start(
        self,
        ids: "NDArray[np.int64]",
        correct: "NDArray[np.int64]",
        points: "NDArray[np.int64]",
        *,
        graded_at: datetime | None = None,
    ) -> None:
        """Begin to write what `write` describes."""
        self.wait()
        if not len(ids):
            return
        if not _is_postgresql():
            _write_rows(ids, correct, points, graded_at)
            return
        values = [_array(ids, _INT8), _array(correct, _INT4), _array(points, _INT4), _int8(ids[0]), _int8(ids[-1])]
        kinds = [_ARRAY_OF[_INT8], _ARRAY_OF[_INT4], _ARRAY_OF[_INT4], _INT8, _INT8]
        sql = _AGAIN
        if graded_at is not None:
            sql, kinds = _FIRST, [*kinds, _MOMENT]
            values.append(_int8((graded_at - _EPOCH) // timedelta(microseconds=1)))
        self._driver = _send(sql, values, kinds)

    def wait(self) -> None:
        """Wait until everything begun is written; raises what the database raised."""
        driver, self._driver = self._driver, None
        if driver is not None:
            _answer(driver)


@contextmanager
def writing() -> Iterator[Writer]:
    """A writer; all that it began is written at the end, or has failed."""
    writer = Writer()
    try:
        yield writer
    finally:
        writer.wait()


def expect_scattered_rows() -> None:
    """Let PostgreSQL look single rows up by their index until the end of this unit of work; left alone it reads a large table whole for a few of them."""
    if _is_postgresql():
        db.session.execute(text("SET LOCAL random_page_cost = 1.1"))


def _write_rows(ids: Any, correct: Any, points: Any, graded_at: datetime | None) -> None:
    rows = zip(ids.tolist(), correct.tolist(), points.tolist(), strict=True)
    first = {} if graded_at is None else {"at": graded_at}
    db.session.connection().execute(
        _MARK if graded_at is None else _MARK_FIRST,
        [{"which": i, "right": c, "worth": p, **first} for i, c, p in rows],
    )


def park(into: Table, ids: "NDArray[np.int64]", correct: "NDArray[np.int64]", points: "NDArray[np.int64]") -> None:
    """Put marks beside the attempts' own into a table of three columns, a temporary one of the open transaction."""
    if not len(ids):
        return
    if _is_postgresql():
        values = [_array(ids, _INT8), _array(correct, _INT4), _array(points, _INT4)]
        kinds = [_ARRAY_OF[_INT8], _ARRAY_OF[_INT4], _ARRAY_OF[_INT4]]
        insert = f"INSERT INTO {into.name} SELECT * FROM unnest($1::bigint[], $2::int[], $3::int[])"  # nosec B608
        _run(insert, values, kinds)
        return
    rows = zip(ids.tolist(), correct.tolist(), points.tolist(), strict=True)
    names = [column.name for column in into.c]
    db.session.connection().execute(into.insert(), [dict(zip(names, row, strict=True)) for row in rows])


_MARKS = {"correct": bindparam("right", type_=Integer()), "points": bindparam("worth", type_=Integer())}
_MARK = update(_T).where(_T.c.id == bindparam("which"), _T.c.graded_at.is_not(None)).values(_MARKS)
_MARK_FIRST = (
    update(_T)
    .where(_T.c.id == bindparam("which"), _T.c.graded_at.is_(None))
    .values(**_MARKS, graded_at=bindparam("at", type_=_T.c.deadline.type))
)


def _selected(which: Any, round_id: int, limit: int, questions: int) -> Marked:
    names = ("id", "seed", "answers", "correct", "points")
    query = select(*(_T.c[name] for name in names)).where(_T.c.round_id == round_id, _T.c.graded_at.is_not(None), which)
    return _marked(list(zip(*db.session.execute(query.order_by(_T.c.id).limit(limit)).all(), strict=True)), questions)


def _marked(columns: Sequence[Any], questions: int) -> Marked:
    import numpy as np

    ids, seeds, answers, correct, points = columns or ((), (), (), (), ())
    numbers = (np.asarray(column, dtype=np.int64) for column in (ids, seeds, correct, points))
    one, two, three, four = numbers
    return Marked(one, two, _codes(answers, questions), three, four)


def _codes(answers: Sequence[str], questions: int) -> "NDArray[Any]":
    """Answer codes as an array, of bytes where they are plain; those that mark a choice beyond the sixth are not."""
    import numpy as np

    plain = all(answer.isascii() for answer in answers)
    return np.asarray(answers, dtype=f"{'S' if plain else 'U'}{questions}")


def _fetched(sql: str, round_id: int, limit: int, which: bytes, questions: int) -> Marked:
    import numpy as np

    kind = _INT8 if "id > $3" in sql else _ARRAY_OF[_INT8]
    found = _run(sql, [_int8(round_id), _int8(limit), which], [_INT8, _INT8, kind])
    raw = [found.get_value(0, column) for column in range(5)]
    if raw[0] is None:
        return _marked((), questions)
    ids, seeds = (_numbers(raw[column], ">i8") for column in (0, 1))
    correct, points = (_numbers(raw[column], ">i4") for column in (3, 4))
    if len(raw[2]) == len(ids) * questions:
        return Marked(ids, seeds, np.frombuffer(raw[2], dtype=f"S{questions}"), correct, points)
    text = raw[2].decode()
    answers = [text[start : start + questions] for start in range(0, len(text), questions)]
    return Marked(ids, seeds, _codes(answers, questions), correct, points)


def _run(sql: str, values: Sequence[bytes], kinds: Sequence[int]) -> Any:
    """One statement with binary values and a binary result on the session's own connection, so in its transaction."""
    driver: Any = db.session.connection().connection.driver_connection
    return _checked(driver.pgconn.exec_params(sql.encode(), values, kinds, [1] * len(values), 1), driver.pgconn)


def _send(sql: str, values: Sequence[bytes], kinds: Sequence[int]) -> Any:
    """Have the database begin with a statement; returns the connection, which owes its answer."""
    driver: Any = db.session.connection().connection.driver_connection
    driver.pgconn.send_query_params(sql.encode(), values, kinds, [1] * len(values), 1)
    return driver.pgconn


def _answer(pgconn: Any) -> Any:
    """What a statement that was begun came to."""
    found = None
    while (part := pgconn.get_result()) is not None:
        found = part
    return _checked(found, pgconn)


def _checked(found: Any, pgconn: Any) -> Any:
    from psycopg import OperationalError, errors
    from psycopg.pq import ExecStatus

    if found is None:
        raise OperationalError(pgconn.error_message.decode())
    if found.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        state = found.error_field(67)  # the SQLSTATE; none when the connection broke
        raise (errors.lookup(state.decode()) if state else OperationalError)(found.error_message.decode())
    return found


def _numbers(raw: bytes, kind: str) -> "NDArray[np.int64]":
    """The elements of an array without NULLs as PostgreSQL sends it: 20 bytes of head, then length and value in turn."""
    import numpy as np

    return np.frombuffer(raw, dtype=[("size", ">i4"), ("value", kind)], offset=20)["value"].astype(np.int64)


def _array(values: "NDArray[np.int64]", element: int) -> bytes:
    import numpy as np

    size = 8 if element == _INT8 else 4
    body = np.empty(len(values), dtype=[("size", ">i4"), ("value", f">i{size}")])
    body["size"], body["value"] = size, values
    return np.array([1, 0, element, len(values), 1], dtype=">i4").tobytes() + body.tobytes()


def _int8(value: int) -> bytes:
    return int(value).to_bytes(8, "big", signed=True)


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
