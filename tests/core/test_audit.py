"""The record of acts of staff: one unbroken chain whoever writes at once, and a change anywhere is found."""

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from contest.cli import main
from contest.config import Config
from contest.core import audit
from contest.core.audit import GENESIS, AuditRow
from contest.core.db import db, unit_of_work
from tests.core.threads import together
from tests.fixtures.schema import SECRET

TIMES = 10


def record(n: int, reason: str = "") -> None:
    with unit_of_work():
        audit.record("round.extend", actor_id=None, subject=f"round:{n}", reason=reason, detail={"minutes": n})


def unlock() -> None:
    """Take the triggers away, as somebody who owns the database could."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP TRIGGER audit_row_append_only ON audit_row"))
        else:
            connection.execute(text("DROP TRIGGER audit_row_no_update"))
            connection.execute(text("DROP TRIGGER audit_row_no_delete"))


def tamper(sql: str) -> None:
    unlock()
    with db.engine.begin() as connection:
        connection.execute(text(sql))
    db.session.remove()


@pytest.mark.both_databases
def test_eight_threads_write_one_unbroken_chain(app: Flask) -> None:
    assert together(app, lambda n: [record(n) for _ in range(TIMES)]) == []

    with app.app_context():
        rows = list(db.session.scalars(select(AuditRow).order_by(AuditRow.id)))
        assert len(rows) == 8 * TIMES
        assert [row.prev_hash for row in rows] == [GENESIS, *(row.hash for row in rows[:-1])]
        assert audit.verify() is None


@pytest.mark.both_databases
def test_record_of_an_act_that_failed_is_not_kept(app_context: Flask) -> None:
    def fail() -> None:
        with unit_of_work():
            audit.record("round.extend", actor_id=None, subject="round:2")
            raise ZeroDivisionError

    record(1)
    with pytest.raises(ZeroDivisionError):
        fail()
    record(3)

    assert [row.subject for row in db.session.scalars(select(AuditRow).order_by(AuditRow.id))] == ["round:1", "round:3"]
    assert audit.verify() is None


@pytest.mark.both_databases
def test_record_outlives_a_savepoint_whose_flush_fails(app_context: Flask) -> None:
    with unit_of_work() as session:
        audit.record("round.extend", actor_id=None, subject="round:1")
        savepoint = session.begin_nested()
        session.add(AuditRow())
        with pytest.raises(IntegrityError):
            session.flush()
        savepoint.rollback()

    assert [row.subject for row in db.session.scalars(select(AuditRow))] == ["round:1"]
    assert audit.verify() is None


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("sql", "row_id", "reason"),
    [
        ("UPDATE audit_row SET reason = 'khác' WHERE id = 2", 2, "its own content"),
        ("UPDATE audit_row SET subject = 'round:9' WHERE id = 3", 3, "its own content"),
        ("DELETE FROM audit_row WHERE id = 2", 3, "the row before"),
        ("DELETE FROM audit_row WHERE id = 1", 2, "the row before"),
    ],
)
def test_verify_finds_the_first_row_that_was_tampered_with(
    app_context: Flask, sql: str, row_id: int, reason: str
) -> None:
    for n in range(1, 5):
        record(n, reason="mưa lũ")
    tamper(sql)

    breach = audit.verify()

    assert breach is not None
    assert breach.row_id == row_id
    assert reason in breach.reason


def test_reason_is_kept_trimmed_in_full_vietnamese(app_context: Flask) -> None:
    record(1, reason="  Lũ ở Sơn Động, kéo dài thêm 2 ngày  ")

    assert db.session.scalars(select(AuditRow)).one().reason == "Lũ ở Sơn Động, kéo dài thêm 2 ngày"


def test_command_refuses_a_chain_that_does_not_hold(
    app_context: Flask, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(1)
    record(2)
    for name, value in {
        "KV_ENV": "test",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "STORAGE_URL": config.storage_url,
        "KV_DATA_DIR": str(config.data_dir),
    }.items():
        monkeypatch.setenv(name, value)

    whole = CliRunner().invoke(main, ["audit", "verify"])
    tamper("UPDATE audit_row SET reason = 'khác' WHERE id = 1")
    broken = CliRunner().invoke(main, ["audit", "verify"])

    assert (whole.exit_code, "Every row" in whole.output) == (0, True)
    assert (broken.exit_code, "Row 1 does not hold" in broken.output) == (1, True)
