"""Every page and act of the desk, walked over the address map: strangers sign in, entrants and judges are turned away, organisers enter."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from contest.backoffice.blueprint import bp
from contest.config import Config
from tests import pages
from tests.backoffice.conftest import Scene
from tests.signed_in import sign_in

JSON_OR_FILE = ("figures", "sheet", "sheets", "document", "file", "picture", "progress", "running", "equals")


def rules(app: Flask) -> list[tuple[str, Rule]]:
    """Every rule of the desk with each of its methods."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{bp.name}.")
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def address(app: Flask, rule: Rule, scene: Scene) -> str:
    """The rule's address, filled with what there is."""
    ids = {
        "account_id": scene.entrant,
        "attempt_id": scene.attempt,
        "assignment_id": scene.signed,
        "digest": "unknown",
        "entry_id": scene.photo if "photos" in rule.endpoint else scene.essay,
        "job_id": "unknown",
        "place": 1,
        "publication_id": 1,
        "question_id": 1,
        "round_id": scene.quiz,
        "signal_id": 1,
        "size": 320,
        "stage_id": scene.stage,
        "token": "unknown",
        "version_id": 1,
    }
    values = {name: ids[name] for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def test_strangers_are_asked_to_sign_in_everywhere(app: Flask, client: FlaskClient, scene: Scene) -> None:
    for method, rule in rules(app):
        url = address(app, rule, scene)
        reply = client.open(url, method=method)
        if method == "GET":
            assert reply.status_code == 302, url
            assert "/dang-nhap" in reply.location, url
        else:
            assert reply.status_code in (400, 401), url


@pytest.mark.parametrize("role", ["entrant", "judge"])
def test_wrong_roles_are_turned_away_everywhere(app: Flask, client: FlaskClient, scene: Scene, role: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, getattr(scene, role))
    for method, rule in rules(app):
        url = address(app, rule, scene)
        reply = client.open(url, method=method)
        assert reply.status_code == 403, f"{method} {url}"


def test_organizer_opens_every_page_and_every_page_is_whole(app: Flask, desk: FlaskClient, scene: Scene) -> None:
    for method, rule in rules(app):
        last = rule.endpoint.rpartition("_")[2]
        if method != "GET" or {"token", "question_id", "version_id", "signal_id"} & rule.arguments:
            continue
        url = address(app, rule, scene)
        if last in JSON_OR_FILE:
            assert desk.get(url).status_code in (200, 404), url
        elif rule.endpoint == "backoffice.rounds_edit":  # Only before the round opens; this one is open.
            assert desk.get(url).status_code == 409, url
        else:
            assert pages.get(desk, url).h1, url


@pytest.mark.parametrize("number", ["0", "999999", "9223372036854775807", "9223372036854775808", "9" * 40])
def test_unknown_numbers_are_not_found(app: Flask, desk: FlaskClient, scene: Scene, number: str) -> None:
    for path in ("dot-thi", "nguoi-du-thi", "luot-thi", "bai-viet", "anh", "cau-hoi", "hoi-dong-cham", "cong-bo/dot"):
        assert desk.get(f"/ban-dieu-hanh/{path}/{number}").status_code == 404


def test_empty_house_shows_every_list_without_a_fault(app: Flask, client: FlaskClient, config: Config) -> None:
    from contest.accounts.rules import Role
    from contest.core.db import unit_of_work
    from tests.factories import make_account, make_contest

    with app.app_context(), unit_of_work():
        make_contest()
        organizer = make_account(Role.ORGANIZER).id
    sign_in(client, organizer)
    for method, rule in rules(app):
        if method == "GET" and not rule.arguments and rule.endpoint.rpartition("_")[2] not in JSON_OR_FILE:
            assert pages.get(client, rule.rule).h1
    assert "Không có việc nào chờ" in pages.get(client, "/ban-dieu-hanh/").text
