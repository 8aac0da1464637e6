"""Walks the demo contest as each role: every page that a link or an address leads to is whole, and no link is broken."""

import re
from collections import Counter, deque
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.core.db import db
from contest.demo import people
from tests import pages
from tests.signed_in import sign_in

ROLES = {
    "stranger": None,
    "entrant": Role.ENTRANT,
    "judge": Role.JUDGE,
    "organizer": Role.ORGANIZER,
    "admin": Role.ADMIN,
}
WHO = {"entrant": people.ENTRANT, "judge": people.JUDGES[0], "organizer": people.ORGANIZER, "admin": people.ADMIN}
EACH = 3
SEARCHES = 6
NOT_A_PAGE_YET = {"public.readyz"}


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_role_can_reach_is_whole(demo_app: Flask, role: str) -> None:
    client = demo_app.test_client()
    if role != "stranger":
        sign_in(client, account_id(demo_app, WHO[role]))

    wrong = list(walk(demo_app, client, ROLES[role]))

    assert wrong == []


def walk(app: Flask, client: FlaskClient, role: Role | None) -> Iterator[str]:
    """Fetch the role's own addresses and whatever they link to, a few of each kind; yields what is wrong."""
    waiting = deque((address, "the list of routes") for address in starts(app, role))
    seen: set[str] = set()
    kinds: Counter[str] = Counter()
    while waiting:
        address, source = waiting.popleft()
        endpoint = endpoint_of(app, address)
        kind = f"{endpoint}?" if "?" in address else endpoint
        if address in seen or kinds[kind] >= (SEARCHES if "?" in address else EACH):
            continue
        seen.add(address)
        kinds[kind] += 1
        reply = client.get(address)
        if reply.status_code in (301, 302, 303, 307, 308):
            waiting.append((reply.location, f"{address} (which redirects)"))
        elif reply.status_code != 200:
            yield f"{address}: {reply.status_code}, linked from {source}"
        elif reply.mimetype == "text/html":
            try:
                page = pages.inspected(client, reply)
            except AssertionError as error:
                yield str(error)
                continue
            waiting.extend((link, address) for link in page.links)
            waiting.extend((picture, address) for picture in pictures(reply.text))


def starts(app: Flask, role: Role | None) -> list[str]:
    """Addresses without parameters that the role may open."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and rule.endpoint not in NOT_A_PAGE_YET
        and may_open(getattr(app.view_functions[rule.endpoint], "access_marks", ["public"])[0], role)
    )


def may_open(mark: str, role: Role | None) -> bool:
    """True when somebody of `role` passes a door with that mark."""
    staff = {"organizer": (Role.ORGANIZER, Role.ADMIN), "admin": (Role.ADMIN,)}
    if mark == "public" or (mark == "signed_in" and role):
        return True
    return role in staff.get(mark, ()) or (role is not None and mark == role.value)


def endpoint_of(app: Flask, address: str) -> str:
    with app.test_request_context(address) as context:
        return context.request.endpoint or address


def pictures(html: str) -> list[str]:
    """Where the page's pictures, scripts and styles are."""
    found = re.findall(r"<(?:img|script|link)[^>]*\s(?:src|href)=\"([^\"#]+)", html)
    return [address.replace("&amp;", "&") for address in found if address.startswith("/")]


def account_id(app: Flask, email: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Account.id).where(Account.email == email)).one()
