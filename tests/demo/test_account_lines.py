"""The accounts that `contest run` and `contest demo load` print: those of the demo that somebody can sign in with, and no others."""

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts import passwords
from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.demo import load, people
from tests.factories import make_account, make_contest


@pytest.mark.slow
def test_demo_prints_one_account_per_role(demo_app: Flask) -> None:
    with demo_app.app_context():
        lines = load.account_lines()

    assert people.PASSWORD in lines[0]
    assert [line.split()[-1] for line in lines[1:]] == [
        people.ENTRANT,
        people.JUDGES[0],
        people.ORGANIZER,
        people.ADMIN,
    ]


@pytest.mark.slow
def test_account_that_was_disabled_or_has_another_password_is_not_printed(demo_app: Flask) -> None:
    with demo_app.app_context(), unit_of_work():
        account(people.ADMIN).password_hash = passwords.hashed("mật khẩu khác")
        account(people.ORGANIZER).disabled_at = clock.now()
        account(people.JUDGES[0]).role = Role.ENTRANT

    with demo_app.app_context():
        assert [line.split()[-1] for line in load.account_lines()[1:]] == [people.ENTRANT]


def account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).one()


def test_contest_that_is_no_demo_prints_none(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        make_contest()
        make_account(Role.ORGANIZER)

    with app.app_context():
        assert load.account_lines() == []
