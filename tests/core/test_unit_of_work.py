"""The one place that commits: nothing is lost between threads, jobs leave after the commit and only then."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import StatementError

from contest.accounts.models import Account
from contest.core.db import after_commit, db, single_statement, unit_of_work
from contest.units.models import Unit
from tests.core.threads import together
from tests.factories import make_account, make_unit

TIMES = 50


@pytest.mark.both_databases
def test_eight_threads_that_read_then_write_lose_no_update(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            unit_id = make_unit(position=0).id
        db.session.remove()

    def add(number: int) -> None:
        for _ in range(TIMES):
            with unit_of_work() as session:
                unit = session.scalars(select(Unit).where(Unit.id == unit_id).with_for_update()).one()
                unit.position = unit.position + 1

    assert together(app, add) == []

    with app.app_context():
        assert db.session.scalar(select(Unit.position).where(Unit.id == unit_id)) == 8 * TIMES


@pytest.mark.both_databases
def test_eight_threads_with_one_statement_each_lose_no_update_and_none_of_it_waits_for_a_commit(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            unit_id = make_unit(position=0).id
        db.session.remove()

    def add(number: int) -> None:
        for _ in range(TIMES):
            with single_statement() as session:
                session.execute(update(Unit).where(Unit.id == unit_id).values(position=Unit.position + 1))

    assert together(app, add) == []

    with app.app_context(), db.engine.connect() as other:
        assert other.scalar(select(Unit.position).where(Unit.id == unit_id)) == 8 * TIMES


@pytest.mark.both_databases
def test_unit_of_work_after_a_single_statement_is_a_transaction_again(app_context: Flask) -> None:
    with unit_of_work():
        unit_id = make_unit(position=0).id
    with single_statement() as session:
        session.execute(update(Unit).where(Unit.id == unit_id).values(position=1))

    def fail() -> None:
        with unit_of_work() as session:
            session.execute(update(Unit).where(Unit.id == unit_id).values(position=2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert db.session.scalar(select(Unit.position).where(Unit.id == unit_id)) == 1


def test_single_statement_asks_for_no_job_and_stands_in_no_unit_of_work(app_context: Flask) -> None:
    with single_statement(), pytest.raises(RuntimeError, match="open unit of work"):
        after_commit(lambda: None)
    with unit_of_work(), pytest.raises(RuntimeError, match="already open"), single_statement():
        pass


@pytest.mark.both_databases
def test_error_inside_leaves_no_row_and_sends_no_job(app_context: Flask) -> None:
    left: list[str] = []

    def fail() -> None:
        with unit_of_work():
            make_account()
            after_commit(lambda: left.append("job"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert left == []
    assert db.session.scalar(select(func.count()).select_from(Account)) == 0


@pytest.mark.both_databases
def test_jobs_leave_in_order_and_find_what_was_committed(app_context: Flask) -> None:
    seen: list[tuple[str, int]] = []

    def look(word: str) -> None:
        with db.engine.connect() as other:
            seen.append((word, other.scalar(select(func.count()).select_from(Account)) or 0))

    with unit_of_work():
        after_commit(lambda: look("first"))
        make_account()
        after_commit(lambda: look("second"))
        assert seen == []

    assert seen == [("first", 1), ("second", 1)]


def test_unit_of_work_refuses_to_nest(app_context: Flask) -> None:
    with unit_of_work(), pytest.raises(RuntimeError, match="already open"), unit_of_work():
        pass


def test_unit_of_work_can_be_opened_after_one_that_failed(app_context: Flask) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work():
        raise ZeroDivisionError

    with unit_of_work():
        make_account()

    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_after_commit_needs_an_open_unit_of_work(app_context: Flask) -> None:
    with pytest.raises(RuntimeError, match="open unit of work"):
        after_commit(lambda: None)


@pytest.mark.both_databases
def test_what_was_read_before_is_read_again_inside(app_context: Flask) -> None:
    with unit_of_work():
        account = make_account(full_name="Nguyễn Thử An")
    with db.engine.begin() as other:
        other.execute(Account.__table__.update().values(full_name="Nguyễn Thử Bình"))

    with unit_of_work():
        assert account.full_name == "Nguyễn Thử Bình"


@pytest.mark.both_databases
def test_moments_come_back_aware_and_in_utc(app_context: Flask) -> None:
    in_vietnam = datetime(2026, 3, 1, 7, 30, 15, 123456, tzinfo=timezone(timedelta(hours=7)))
    with unit_of_work():
        account_id = make_account(created_at=in_vietnam).id
    db.session.remove()

    found = db.session.get_one(Account, account_id).created_at

    assert found == in_vietnam
    assert found.tzinfo is UTC
    assert found.hour == 0


@pytest.mark.both_databases
def test_naive_moment_is_refused(app_context: Flask) -> None:
    with pytest.raises(StatementError, match="naive datetimes are not stored"), unit_of_work():
        make_account(created_at=datetime(2026, 3, 1, 7, 30))  # noqa: DTZ001 (that is what is refused)
