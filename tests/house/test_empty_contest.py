"""Walks a contest in which nothing is yet, as each role: every page is there and whole, says what is not there and what to do, and no link leads nowhere."""

from collections import deque
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.rules import Role
from contest.contests.models import Contest, Track
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.db import db, unit_of_work
from tests import pages
from tests.factories import make_account, make_contest
from tests.house.test_every_page import ROLES, endpoint_of, pictures, starts
from tests.signed_in import sign_in

MOVED = (301, 302, 303, 307, 308)


def nothing() -> None:
    """An installation in which no contest was made."""


def no_track() -> None:
    db.session.add(Contest(slug="moi", title="Cuộc thi mới", organizer_name="Ban tổ chức thử", created_at=clock.now()))


def no_round() -> None:
    contest = Contest(slug="moi", title="Cuộc thi mới", organizer_name="Ban tổ chức thử", created_at=clock.now())
    db.session.add(contest)
    for position, kind in enumerate(TrackKind, 1):
        db.session.add(Track(contest=contest, kind=kind, title=f"Phần {position}", position=position))


def not_open() -> None:
    make_contest(essay=RoundState.SOON, quiz=RoundState.SOON, photo=RoundState.SOON)


def nobody_came() -> None:
    make_contest(essay=RoundState.CLOSED, quiz=RoundState.CLOSED, photo=RoundState.CLOSED)


def open_and_empty() -> None:
    make_contest()


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("made", [nothing, no_track, no_round, not_open, open_and_empty, nobody_came])
def test_every_page_of_a_contest_without_anything_is_calm(app: Flask, made: Callable[[], None], role: str) -> None:
    with app.app_context(), unit_of_work():
        made()
        who = ROLES[role]
        account_id = make_account(who).id if who else None
    client = app.test_client()
    if account_id:
        sign_in(client, account_id)

    assert list(walk(app, client, who, made)) == []


def walk(app: Flask, client: FlaskClient, role: Role | None, made: Callable[[], None]) -> Iterator[str]:
    """Fetch the role's own addresses and whatever they link to; yields what is wrong. Without a contest, or a track, its pages may say that it is not there."""
    waiting = deque((address, "") for address in starts(app, role))
    seen: set[str] = set()
    while waiting:
        address, source = waiting.popleft()
        if address in seen or len(seen) > 400:
            continue
        seen.add(address)
        reply = client.get(address)
        if reply.status_code in MOVED:
            waiting.append((reply.location, source))
            continue
        if reply.status_code == 404 and (not source or made in (nothing, no_track)):
            if made is nothing and pages.inspected(client, reply, 404).h1 != "Chưa có cuộc thi nào":
                yield f"{address}: not found, without saying why"
            continue
        if reply.status_code != 200:
            yield f"{address} ({endpoint_of(app, address)}): {reply.status_code}, linked from {source}"
        elif reply.mimetype == "text/html":
            try:
                page = pages.inspected(client, reply)
            except AssertionError as error:
                yield str(error)
                continue
            waiting.extend((link, address) for link in page.links)
            waiting.extend((picture, address) for picture in pictures(reply.text))
            yield from bare(address, page)


def bare(address: str, page: pages.Page) -> Iterator[str]:
    """Tables and lists that stand there with nothing in them."""
    for table in page.root.iter("table"):
        body = table.find("tbody")
        if body is not None and not list(body.iter("tr")):
            yield f"{address}: a table without a row: {pages.words(table)[:60]}"
    for kind in ("ul", "ol", "dl", "select"):
        for found in page.root.iter(kind):
            if not len(found) and not any(name.startswith("data-") for name in found.attrib):  # filled by a script
                yield f"{address}: an empty {kind} after {pages.words(next(page.root.iter('h1')))}"
