"""Input that breaks databases, parsers and converters is refused in words, on SQLite and on PostgreSQL."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from contest.accounts.access import public
from contest.accounts.rules import Role
from contest.core.db import db, unit_of_work
from tests.addresses import of_attempt
from tests.factories import make_account, make_contest
from tests.signed_in import csrf_token, sign_in

NESTED = "[" * 100_000


@pytest.fixture
def entrant(app: Flask) -> FlaskClient:
    """A signed-in entrant before an open contest."""
    with app.app_context(), unit_of_work():
        make_contest()
        account_id = make_account(role=Role.ENTRANT).id
    client = app.test_client()
    sign_in(client, account_id)
    return client


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ket-qua/2147483648", 404),
        ("/ket-qua/2147483648.json", 404),
        ("/ket-qua/9223372036854775807/hang-1", 404),
        ("/thu-vien-anh/%00", 404),
        ("/thu-vien-anh/a%00b/320.jpg", 404),
        ("/kiem-tra-bien-nhan?ma=BV1%00", 200),
        ("/thi-viet/9223372036854775807", 404),
    ],
)
def test_value_that_no_column_takes_is_not_found(entrant: FlaskClient, address: str, status: int) -> None:
    assert entrant.get(address).status_code == status


@pytest.mark.both_databases
def test_statement_that_fails_still_ends_in_our_error_page(app: Flask, entrant: FlaskClient) -> None:
    app.add_url_rule("/hong", "broken", public(lambda: str(db.session.execute(text("SELECT 1 FROM nowhere")))))

    reply = entrant.get("/hong")

    assert reply.status_code == 500
    assert "Máy chủ gặp lỗi" in reply.text


@pytest.mark.parametrize("room", ["essay", "quiz"])
def test_json_nested_too_deep_is_unreadable(app: Flask, entrant: FlaskClient, room: str) -> None:
    headers = {"X-CSRFToken": csrf_token(entrant), "Content-Type": "application/json"}
    address = "/thi-viet/1" if room == "essay" else of_attempt(app, 1)

    reply = entrant.post(f"{address}/luu", data=NESTED[:8000], headers=headers)

    assert reply.status_code == 400
    assert reply.json["error"]["happened"]


@pytest.mark.parametrize("host", ["x" * 3000, "a..b"])
def test_host_that_is_no_name_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/dang-nhap", headers={"Host": host}).status_code == 400


def test_refused_form_of_another_site_is_not_shown_back_to_an_old_browser(entrant: FlaskClient) -> None:
    elsewhere = entrant.post("/thi-viet/bai-moi", data={"title": "Bẫy"}, headers={"Origin": "https://khac.example"})
    ours = entrant.post("/thi-viet/bai-moi", data={"title": "Của tôi"}, headers={"Origin": "http://localhost"})

    assert elsewhere.status_code == ours.status_code == 400
    assert "Bẫy" not in elsewhere.text
    assert "Của tôi" in ours.text
