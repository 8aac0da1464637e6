"""The database: base class, UTC type, engine settings, and the one place that commits; every room's models and every edge use it."""

import enum
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Executable, Integer, MetaData, Result, Table, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from contest.core.turns import PATIENCE, Turn

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out, on every database. Raises ValueError for a naive datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetimes are not stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only in a column declared INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")


@event.listens_for(Table, "after_parent_attach")
def number_once(table: Table, parent: object) -> None:
    """SQLite gives a number once, as PostgreSQL does: jobs, addresses and caches that name a deleted row must not meet another. Migrations too make such tables."""
    if table.autoincrement_column is not None:
        table.dialect_options["sqlite"]["autoincrement"] = True


class Base(DeclarativeBase):
    """Every table's base: one naming convention, UTC moments, enums kept as their short values."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UTCDateTime()})


def enum_column(kind: type[enum.Enum]) -> Enum:
    """An enum kept as its value in a text column; its values are checked in code, so that a new one needs no table rewrite."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda members: [m.value for m in members],
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
if TYPE_CHECKING:

    class Model(Base):
        """What every table's class extends."""

        __abstract__ = True

else:
    Model = db.Model

SQLITE_PATIENCE = (
    PATIENCE  # seconds; who writes without our line, a tool by hand, is waited for no longer than the line
)
RESTED = 1.0  # seconds
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_alone: ContextVar[Turn | None] = ContextVar("alone", default=None)
_lone: ContextVar[Connection | None] = ContextVar("lone", default=None)
_after_commit: ContextVar[list[Callable[[], object]] | None] = ContextVar("after_commit", default=None)


def init_app(app: Flask, *, url: str) -> None:
    """Bind the database at `url` (SQLAlchemy form) to the application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    options: dict[str, Any] = {}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": SQLITE_PATIENCE, "check_same_thread": False}
        options |= {"pool_size": 20, "max_overflow": 20}
    else:
        options |= {"pool_size": 10, "max_overflow": 20, "pool_recycle": 1800}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if url.startswith("sqlite"):
            _settle_sqlite(db.engine)
        else:
            _ask_rested_connections(db.engine)


def _settle_sqlite(engine: Engine) -> None:
    """Give SQLite real transactions: the driver's own handling silently loses updates, so we begin them ourselves."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={int(SQLITE_PATIENCE * 1000)}",
            "cache_size=-16000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if _alone.get() is None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def on_statement(
        connection: Connection, cursor: object, statement: str, parameters: object, context: object, many: bool
    ) -> None:
        turn = _alone.get()
        if turn and not statement.startswith("SELECT"):
            turn.take()


def _ask_rested_connections(engine: Engine) -> None:
    """Ask a connection that lay unused whether the server is still there, and replace it when it is not; a busy one is not asked each time.

    The pool's own pre-ping asks before every use, a round trip that a busy hour does not need.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rested_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: object) -> None:
        if monotonic() - record.info.get("rested_since", monotonic()) < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("the database has gone away") from error


def _turn(bind: Engine | Connection) -> Turn:
    return Turn((bind.engine.url.database or "") if bind.dialect.name == "sqlite" else None)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction that writes: commits at the end, or leaves nothing; jobs asked for inside leave after the commit.

    On SQLite it begins with BEGIN IMMEDIATE, so what is read inside cannot be changed by another before it is written. Objects that were
    read before are read again when touched. Units of work do not nest: a RuntimeError says so. Raises NoTurn when another writer does not finish.
    """
    session = _fresh_session()
    session.expire_all()
    turn = _turn(session.get_bind())
    writing, leaving = _writing.set(True), _after_commit.set([])
    try:
        turn.take()
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        jobs = _after_commit.get() or []
    finally:
        turn.give_back()
        _writing.reset(writing)
        _after_commit.reset(leaving)
    for job in jobs:
        job()


@contextmanager
def single_statement() -> Iterator[Connection]:
    """Exactly one statement that writes: it is a transaction by itself, so that neither BEGIN nor COMMIT travels, and no lock outlives it.

    For the writes that a whole province makes at once: `execute` runs them on a connection without a session. Reads may stand before the write, and
    what it writes must not rest on them unless it checks them itself; two statements that write would be two transactions, and no job can be asked for.
    """
    _end_reading()
    turn = _turn(db.engine)
    writing, alone = _writing.set(True), _alone.set(turn)
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                connection.execution_options(isolation_level="AUTOCOMMIT")
            lone = _lone.set(connection)
            try:
                yield connection
            finally:
                _lone.reset(lone)
    finally:
        turn.give_back()
        _alone.reset(alone)
        _writing.reset(writing)


def execute(statement: Executable, values: Mapping[str, Any] | None = None) -> Result[Any]:
    """Run a statement of tables on the connection of the open `single_statement`, else in the session."""
    lone = _lone.get()
    return lone.execute(statement, values) if lone is not None else db.session.execute(statement, values)


def _fresh_session() -> Session:
    """The session, with whatever it was reading ended; raises RuntimeError inside a unit of work."""
    _end_reading()
    return db.session()


def _end_reading() -> None:
    if _writing.get():
        raise RuntimeError("a unit of work is already open; services never open one")
    if db.session.registry.has():
        session = db.session()
        if session.in_transaction():
            session.commit()


def read_anew() -> None:
    """End what the session was reading: what is read next is what is committed by then. Raises RuntimeError inside a unit of work."""
    _fresh_session()


def after_commit(act: Callable[[], object]) -> None:
    """Run `act` once the open unit of work is committed; raises RuntimeError outside one."""
    waiting = _after_commit.get()
    if waiting is None:
        raise RuntimeError("after_commit needs an open unit of work")
    waiting.append(act)
