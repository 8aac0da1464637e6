"""Walks the demo contest as each role: every page that a link or an address leads to is whole, and no link is broken."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import Account
from contest.core.db import db
from contest.demo import people
from tests.house.walk import ROLES, endpoint_of, walk
from tests.signed_in import sign_in

WHO = {"entrant": people.ENTRANT, "judge": people.JUDGES[0], "organizer": people.ORGANIZER, "admin": people.ADMIN}
EACH = 3
SEARCHES = 6


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_role_can_reach_is_whole(demo_app: Flask, role: str) -> None:
    client = demo_app.test_client()
    if role != "stranger":
        sign_in(client, account_id(demo_app, WHO[role]))
    kinds: Counter[str] = Counter()

    def enough(address: str) -> bool:
        """Whether a few of this kind of page were seen."""
        endpoint = endpoint_of(demo_app, address)
        kind, most = (f"{endpoint}?", SEARCHES) if "?" in address else (endpoint, EACH)
        kinds[kind] += 1
        return kinds[kind] > most

    wrong = [visit.wrong for visit in walk(demo_app, client, ROLES[role], enough=enough) if visit.wrong]

    assert wrong == []


def account_id(app: Flask, email: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Account.id).where(Account.email == email)).one()
