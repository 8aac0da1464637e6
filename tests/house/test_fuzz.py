"""Every address that takes a POST, as every role, with hostile words in every field and odd JSON: refused in words, never a failure."""

import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from wtforms import Form

from contest.accounts.models import Account
from contest.contests.rules import TrackKind
from contest.core.db import db
from contest.demo import people
from contest.entries.models import Entry, EntryFile
from contest.judging.models import Assignment
from contest.quiz.models import Attempt, Question
from tests.essay.conftest import shared_data
from tests.signed_in import csrf_token, sign_in

WHO = {
    "stranger": None,
    "entrant": people.ENTRANT,
    "judge": people.JUDGES[0],
    "organizer": people.ORGANIZER,
    "admin": people.ADMIN,
}
# A hash of passwords or of a file takes longer than all else; these routes get one round of words.
SLOW = {"accounts.register", "accounts.sign_in", "accounts.password", "accounts.delete"}
OWN = (
    "\x00",
    "a\x00b",
    "9" * 5000,
    "-1",
    "1e309",
    "NaN",
    "٣",
    "²",
    "\ud83d",
    "\u202eabc\u0301",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s%n",
    "=1+1",
    "2026-02-30T25:61",
    "0000-00-00",
    "9999-12-31T23:59",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "x" * 70_000,
)
SHAPES = (
    None,
    [],
    {},
    0,
    "words",
    [[[]]],
    {"sequence": [], "answers": 0, "marks": [], "body": {}, "title": None, "comment": 1},
    {"sequence": 10**30, "answers": {"0": [1]}, "marks": {"1": {}}, "body": "\x00", "theme": [], "title": {}},
    {"sequence": -1.5, "answers": {"x" * 500: "\x00"}, "marks": {"\x00": "\x00"}, "marked": {"a": "b"}},
    {"sequence": True, "answers": [None], "marked": "1", "marks": {"1": 1e308}, "prediction": "9" * 400},
)
PLAUSIBLE = {"reason": "Họp Ban Tổ chức", "act": "save", "next": "hand_in", "sequence": "1", "round_id": "1"}
READ = re.compile(r"(?:form\.get|form\.getlist|asking\.\w+|files\.get)\(\s*\"([\w-]+)\"")


def hostile() -> Iterator[str]:
    """Our own strings and each seventh of the big list, over and over in the same order."""
    folder = shared_data()
    listed = json.loads((folder / "badinput" / "blns.json").read_text(encoding="utf-8"))[::7] if folder else []
    return cycle([*OWN, *listed])


def posts(app: Flask) -> list[Rule]:
    """Every rule that takes a POST; what ends the session or the account comes last."""
    found = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    return sorted(found, key=lambda rule: (rule.endpoint in ("accounts.sign_out", "accounts.delete"), rule.endpoint))


def fields_of(app: Flask, rule: Rule) -> list[str]:
    """The names of the fields that the view may read: of the forms that its module knows and it names, and those read by hand."""
    view = inspect.unwrap(app.view_functions[rule.endpoint])
    module = import_module(view.__module__)
    source = inspect.getsource(view)
    names = set(READ.findall(source)) or set(READ.findall(inspect.getsource(module)))
    for name, value in vars(module).items():
        if isinstance(value, type) and issubclass(value, Form) and name in source:
            names |= {field for field, _ in inspect.getmembers(value, lambda one: hasattr(one, "field_class"))}
    return sorted(names | {"reason"})


def rows(app: Flask, role: str) -> dict[str, list[int]]:
    """Ids that exist, the role's own where it has any, by the name of the address's argument."""
    with app.app_context():
        who = db.session.scalar(select(Account.id).where(Account.email == WHO[role])) if WHO[role] else 0
        mine = db.session.execute(select(Entry.kind, Entry.id).where(Entry.entrant_id == who)).all()
        return {
            "essay": [id_ for kind, id_ in mine if kind is TrackKind.ESSAY],
            "photo": [id_ for kind, id_ in mine if kind is TrackKind.PHOTO],
            "attempt_id": list(db.session.scalars(select(Attempt.id).where(Attempt.entrant_id == who).limit(1))),
            "assignment_id": list(db.session.scalars(select(Assignment.id).where(Assignment.judge_id == who).limit(1))),
            "question_id": list(db.session.scalars(select(Question.id).limit(1))),
            "file_id": list(db.session.scalars(select(EntryFile.id).limit(1))),
            "account_id": [who or 1],
        }


def address_of(app: Flask, rule: Rule, found: dict[str, list[int]]) -> str:
    """The rule's address with ids that exist, else 1."""
    room = rule.endpoint.split(".")[0]

    def part(match: re.Match[str]) -> str:
        name = match[1].split(":")[-1]
        ids = found.get(room if name == "entry_id" else name)
        number = ids[0] if ids else 1
        veiled = re.match(r"veiled(?:\((\w+)\))?:", match[1])
        if not veiled:
            return str(number)
        return app.url_map.converters["veiled"](app.url_map, *filter(None, veiled.groups())).to_url(number)

    return re.sub(r"<([^>]+)>", part, rule.rule)


@pytest.mark.slow
@pytest.mark.parametrize("role", WHO)
def test_hostile_words_in_any_field_fail_nothing(demo_app: Flask, role: str) -> None:
    words, shapes, found = hostile(), cycle(SHAPES), rows(demo_app, role)
    failed: dict[str, Any] = {}
    for rule in posts(demo_app):
        client, address = signed_in(demo_app, role), address_of(demo_app, rule, found)
        headers = {"X-CSRFToken": csrf_token(client)}
        fields = fields_of(demo_app, rule)
        allowed = client.post(address, headers=headers).status_code not in (401, 403, 404, 405)
        each = fields if allowed and rule.endpoint not in SLOW else fields[:1]
        for name in each:
            data = {field: PLAUSIBLE.get(field, "1") for field in fields} | {
                name: next(words).encode("utf-8", "replace")
            }
            reply = client.post(address, data=data, headers=headers)
            if reply.status_code >= 500:
                failed[f"{address} {name}={data[name]!r:.60}"] = reply.status_code
        for shape in [next(shapes) for _ in range(len(SHAPES) if allowed else 1)]:
            reply = client.post(address, json=shape, headers=headers | {"Accept": "application/json"})
            if reply.status_code >= 500:
                failed[f"{address} {shape!r:.60}"] = reply.status_code

    assert failed == {}


def signed_in(app: Flask, role: str) -> FlaskClient:
    """A browser of the demo's person of that role."""
    client = app.test_client()
    if WHO[role]:
        with app.app_context():
            account_id = db.session.scalar(select(Account.id).where(Account.email == WHO[role]))
        if account_id:
            sign_in(client, account_id)
    return client
