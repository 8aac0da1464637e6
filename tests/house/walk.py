"""Walks the site as somebody of one role, from the addresses that the role may open along every link; test_every_page and test_empty_contest judge what it meets."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contest.accounts.rules import Role
from tests import pages

ROLES = {
    "stranger": None,
    "entrant": Role.ENTRANT,
    "judge": Role.JUDGE,
    "organizer": Role.ORGANIZER,
    "admin": Role.ADMIN,
}
NOT_A_PAGE_YET = {"public.readyz"}
MOVED = (301, 302, 303, 307, 308)
LISTED = "the list of routes"


@dataclass(frozen=True)
class Visit:
    """One address that was fetched: what it answered, its page where that is one and whole, or what is wrong with it.

    `listed` says that the address itself, or one that redirects to it, is one of the role's own and no page's link.
    """

    address: str
    listed: bool
    reply: TestResponse
    page: pages.Page | None
    wrong: str


def walk(app: Flask, client: FlaskClient, role: Role | None, *, enough: Callable[[str], bool]) -> Iterator[Visit]:
    """Fetch the role's own addresses and whatever they link to, each once; `enough` is asked of every new one whether to leave it out."""
    waiting = deque((address, LISTED, True) for address in starts(app, role))
    seen: set[str] = set()
    while waiting:
        address, source, listed = waiting.popleft()
        if address in seen or enough(address):
            continue
        seen.add(address)
        reply = client.get(address)
        if reply.status_code in MOVED:
            waiting.append((reply.location, f"{address} (which redirects)", listed))
            continue
        page, wrong = None, ""
        if reply.status_code != 200:
            wrong = f"{address} ({endpoint_of(app, address)}): {reply.status_code}, linked from {source}"
        elif reply.mimetype == "text/html":
            try:
                page = pages.inspected(client, reply)
            except AssertionError as error:
                wrong = str(error)
        yield Visit(address, listed, reply, page, wrong)
        if page:
            waiting.extend((link, address, False) for link in (*page.links, *pictures(reply.text)))


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
