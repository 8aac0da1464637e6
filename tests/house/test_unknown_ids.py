"""No address that somebody makes up is answered with a failure: unknown, absurd and hostile parts are simply not found."""

import re

import pytest
from flask import Flask

from contest.accounts.rules import Role
from contest.core.db import unit_of_work
from tests import pages
from tests.factories import make_account, make_contest
from tests.signed_in import csrf_token, sign_in

ROLES = (None, Role.ENTRANT, Role.JUDGE, Role.ORGANIZER, Role.ADMIN)
MADE_UP = (
    "0",
    "1",
    "999999",
    "9223372036854775807",
    "0123456789abcdef",
    "99999999999999999999999999",
    "%F0%9F%92%A9",
    "khong-co",
    "%00",
    "..%2f",
)
HOSTILE = "\x00'\";<script>%_\\"
QUERY = {
    **dict.fromkeys(("trang", "page", "tu", "den", "dot", "vong", "don-vi", "unit", "round", "id"), "9" * 20),
    **dict.fromkeys(("q", "tim", "ma", "next", "sap-xep", "sort", "loc", "trang-thai", "state"), HOSTILE),
}
GONE = (303, 302, 308, 400, 401, 403, 404, 405, 409, 422)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_made_up_parts_of_addresses_are_answered_calmly(app: Flask, role: Role | None) -> None:
    client = signed_in(app, role)
    headers = {"X-Forwarded-For": "127.0.0.1", "X-CSRFToken": csrf_token(client)}
    failed = {}
    for rule in [rule for rule in app.url_map.iter_rules() if rule.arguments and rule.endpoint != "static"]:
        for part in MADE_UP:
            address = re.sub(r"<[^>]+>", part, rule.rule)
            for method in sorted(rule.methods & {"GET", "POST"}):
                reply = client.open(address, method=method, headers=headers)
                if reply.status_code == 400:
                    assert "Phiên làm việc đã đổi" not in reply.text, address
                if reply.status_code not in (*GONE, 200) or (reply.status_code == 200 and method == "POST"):
                    failed[f"{method} {address}"] = reply.status_code

    assert failed == {}


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_made_up_queries_are_answered_calmly(app: Flask, role: Role | None) -> None:
    client = signed_in(app, role)
    failed = {}
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.endpoint not in ("static", "public.readyz"):
            reply = client.get(rule.rule, query_string=QUERY)
            if reply.status_code >= 500:
                failed[rule.rule] = reply.status_code
            assert b"<script>%_" not in reply.data

    assert failed == {}


def test_page_that_is_not_there_is_whole(app: Flask) -> None:
    client = signed_in(app, Role.ENTRANT)

    page = pages.get(client, "/khong-co-trang-nay", status=404)

    assert page.h1 == "Không tìm thấy trang này"


def signed_in(app: Flask, role: Role | None):  # type: ignore[no-untyped-def]
    """A browser of somebody of `role` before a contest without entries."""
    with app.app_context(), unit_of_work():
        make_contest()
        account_id = make_account(role=role).id if role else None
    client = app.test_client()
    if account_id:
        sign_in(client, account_id)
    return client
