"""Opening staff accounts from the command line."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from contest import cli
from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.core import audit
from contest.core.audit import AuditRow
from contest.core.db import db


@pytest.fixture
def run(app, monkeypatch):
    """Runs a command on this test's application."""
    monkeypatch.setattr(cli, "_app", lambda: app)
    return lambda *words, **more: CliRunner().invoke(cli.main, ["account", "create", *words], **more)


ORGANISER = ("--role", "organizer", "--name", "Trần Thị Tổ", "--email", "To@example.vn", "--password-stdin")


@pytest.mark.both_databases
def test_an_organiser_is_opened_on_the_record(app, run):
    done = run(*ORGANISER, input="mật khẩu dài\n")
    assert done.exit_code == 0, done.output
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
        assert (account.role, account.email, account.phone) == (Role.ORGANIZER, "to@example.vn", None)
        row = db.session.scalars(select(AuditRow)).one()
        assert (row.action, row.subject) == ("account.create", f"account:{account.id}")
        assert audit.verify() is None
        db.session.remove()


@pytest.mark.parametrize(
    ("words", "password", "reason"),
    [
        (ORGANISER, "ngắn\n", "The password must have"),
        (("--role", "judge", "--name", "Lê Chấm", "--phone", "12", "--password-stdin"), "mật khẩu dài\n", "telephone"),
        (("--role", "judge", "--name", "Lê Chấm", "--password-stdin"), "mật khẩu dài\n", "Cần số điện thoại"),
        (
            ("--role", "judge", "--name", "1234", "--email", "a@example.vn", "--password-stdin"),
            "mật khẩu dài\n",
            "Họ tên",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(run, words, password, reason):
    done = run(*words, input=password)
    assert done.exit_code == 1
    assert reason in done.output


def test_the_same_address_twice_is_refused(run):
    assert run(*ORGANISER, input="mật khẩu dài\n").exit_code == 0
    again = run(*ORGANISER, input="mật khẩu dài\n")
    assert again.exit_code == 1
    assert "đã có tài khoản" in again.output
