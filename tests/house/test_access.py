"""Guards the doors: every route bears exactly one access mark, and addresses are kebab-case Vietnamese without marks."""

import re

import pytest
from flask import Flask

from contest.accounts.access import entrant, organizer, public, signed_in

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
PARAMETER = re.compile(r"<[^>]+>")
ANYBODY_MAY_POST = {"accounts.recover", "accounts.register", "accounts.sign_in", "public.stay"}


def wrongly_marked(app: Flask) -> dict[str, list[str]]:
    """Endpoints that bear no access mark or several, with their marks."""
    marks = {
        endpoint: list(getattr(view, "access_marks", []))
        for endpoint, view in app.view_functions.items()
        if endpoint.rpartition(".")[2] != "static"
    }
    return {endpoint: found for endpoint, found in marks.items() if len(found) != 1}


def wrongly_spelt(app: Flask) -> list[str]:
    """Addresses with a part that is neither kebab-case nor a parameter."""
    return sorted(
        {
            rule.rule
            for rule in app.url_map.iter_rules()
            if rule.endpoint.rpartition(".")[2] != "static"
            and not all(KEBAB.fullmatch(PARAMETER.sub("x", part)) for part in rule.rule.strip("/").split("/") if part)
        }
    )


def open_writes(app: Flask) -> set[str]:
    """Endpoints that write and that anybody may open."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        and getattr(app.view_functions[rule.endpoint], "access_marks", []) == ["public"]
    }


@pytest.fixture
def sample() -> Flask:
    """An application of three routes to be spoilt."""
    app = Flask(__name__, static_folder=None)
    app.get("/the-le", endpoint="regulations")(public(lambda: ""))
    app.get("/bai/<int:entry_id>/tep-goc.docx", endpoint="original")(entrant(lambda entry_id: ""))
    return app


def test_every_route_bears_exactly_one_access_mark(app: Flask) -> None:
    assert wrongly_marked(app) == {}


def test_every_address_is_kebab_case(app: Flask) -> None:
    assert wrongly_spelt(app) == []


def test_only_the_doors_take_writes_from_strangers(app: Flask) -> None:
    assert open_writes(app) <= ANYBODY_MAY_POST


def test_guard_sees_a_route_without_a_mark(sample: Flask) -> None:
    sample.get("/mo-toang", endpoint="open")(lambda: "")

    assert wrongly_marked(sample) == {"open": []}


def test_guard_sees_a_route_with_two_marks(sample: Flask) -> None:
    sample.get("/hai-dau", endpoint="two")(organizer(signed_in(lambda: "")))

    assert wrongly_marked(sample) == {"two": ["signed_in", "organizer"]}


@pytest.mark.parametrize("address", ["/theLe", "/the_le", "/Thể-lệ", "/bai/<int:entry_id>/NopBai"])
def test_guard_sees_an_address_that_is_not_kebab_case(sample: Flask, address: str) -> None:
    sample.get(address, endpoint="spelt")(public(lambda **kw: ""))

    assert wrongly_spelt(sample) == [address]


def test_guard_sees_a_write_that_anybody_may_make(sample: Flask) -> None:
    sample.post("/xoa-het", endpoint="clear")(public(lambda: ""))

    assert open_writes(sample) == {"clear"}
