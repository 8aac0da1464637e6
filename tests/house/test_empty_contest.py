"""Walks a contest in which nothing is yet, as each role: every page is there and whole, says what is not there and what to do, and no link leads nowhere."""

from collections.abc import Callable, Iterator
from itertools import count

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
from tests.house.walk import ROLES, walk
from tests.signed_in import sign_in

MOST = 400


def nothing() -> None:
    """An installation in which no contest was made."""


def no_track() -> None:
    db.session.add(Contest(slug="moi", title="Cuộc thi mới", organizer_name="Ban Tổ chức thử", created_at=clock.now()))


def no_round() -> None:
    contest = Contest(slug="moi", title="Cuộc thi mới", organizer_name="Ban Tổ chức thử", created_at=clock.now())
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

    assert list(wrong(app, client, who, made)) == []


def wrong(app: Flask, client: FlaskClient, role: Role | None, made: Callable[[], None]) -> Iterator[str]:
    """What is wrong on the way. The role's own addresses, and without a contest or a track every page, may say that it is not there."""
    fetched = count()
    for visit in walk(app, client, role, enough=lambda _: next(fetched) > MOST):
        if visit.reply.status_code == 404 and (visit.listed or made in (nothing, no_track)):
            if made is nothing and pages.inspected(client, visit.reply, 404).h1 != "Chưa có cuộc thi nào":
                yield f"{visit.address}: not found, without saying why"
        elif visit.wrong:
            yield visit.wrong
        elif visit.page:
            yield from bare(visit.address, visit.page)


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
