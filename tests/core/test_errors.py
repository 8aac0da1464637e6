"""Failures as pages and as JSON: what happened, what was kept, what to do; never a trace."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from contest.accounts.access import public
from contest.config import Config
from contest.core.errors import BadInput, Forbidden, NotFound, Refused, TooMany

DOMAIN = {404: NotFound, 403: Forbidden, 409: Refused, 400: BadInput, 429: TooMany}
SECRET_WORDS = "mật khẩu của cơ sở dữ liệu"


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    """A browser before an application with routes that fail in every way."""

    @public
    def domain(status: int) -> ResponseReturnValue:
        raise DOMAIN[status]()

    @public
    def http(status: int) -> ResponseReturnValue:
        abort(status)

    @public
    def unforeseen() -> ResponseReturnValue:
        raise RuntimeError(SECRET_WORDS)

    app.add_url_rule("/thu-loi-mien/<int:status>", "domain", domain, methods=["GET", "POST"])
    app.add_url_rule("/thu-loi-http/<int:status>", "http", http)
    app.add_url_rule("/thu-loi-la", "unforeseen", unforeseen)
    return app.test_client()


def assert_page(text: str, status: int) -> None:
    assert '<html lang="vi">' in text
    assert text.count("<h1") == 1
    assert f"Mã lỗi {status}" in text
    assert "Về trang đầu" in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("sent_from", "leads"),
    [("http://localhost/mau?a=1&b=2", True), ("http://localhost.example/mau", False), ("javascript:alert(1)", False)],
)
def test_form_that_is_turned_down_leads_back_to_its_own_page_alone(
    failing: FlaskClient, sent_from: str, *, leads: bool
) -> None:
    failing.application.config["WTF_CSRF_ENABLED"] = False

    reply = failing.post("/thu-loi-mien/400", headers={"Referer": sent_from})

    assert reply.status_code == 400
    assert ('href="http://localhost/mau?a=1&amp;b=2" data-back' in reply.text) is leads
    assert ("Quay lại trang trước" in reply.text) is leads


@pytest.mark.parametrize("status", sorted(DOMAIN))
def test_domain_error_is_a_page_with_its_words(failing: FlaskClient, status: int) -> None:
    reply = failing.get(f"/thu-loi-mien/{status}")

    assert reply.status_code == status
    assert_page(reply.text, status)
    assert DOMAIN[status].title in reply.text
    assert DOMAIN[status].happened in reply.text


@pytest.mark.parametrize("status", sorted(DOMAIN))
def test_domain_error_is_json_for_a_script(failing: FlaskClient, status: int) -> None:
    reply = failing.get(f"/thu-loi-mien/{status}", headers={"Accept": "application/json"})

    assert reply.status_code == status
    assert set(reply.json["error"]) == {"title", "happened", "kept", "todo"}
    assert reply.json["error"]["happened"] == DOMAIN[status].happened


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 418, 429, 500, 503])
def test_http_error_is_a_page_in_vietnamese(failing: FlaskClient, status: int) -> None:
    reply = failing.get(f"/thu-loi-http/{status}")

    assert reply.status_code == status
    assert_page(reply.text, status)


def test_unforeseen_error_is_a_page_that_tells_no_secret(failing: FlaskClient) -> None:
    reply = failing.get("/thu-loi-la")

    assert reply.status_code == 500
    assert_page(reply.text, 500)
    assert SECRET_WORDS not in reply.text


def test_unforeseen_error_is_json_for_a_script(failing: FlaskClient) -> None:
    reply = failing.get("/thu-loi-la", headers={"Accept": "application/json"})

    assert reply.status_code == 500
    assert SECRET_WORDS not in reply.text
    assert "vẫn còn nguyên" in reply.json["error"]["kept"]


def test_unknown_address_is_a_page(client: FlaskClient) -> None:
    reply = client.get("/khong-co-trang-nay")

    assert reply.status_code == 404
    assert_page(reply.text, 404)


def test_wrong_method_says_which_are_allowed(client: FlaskClient) -> None:
    reply = client.get("/dang-xuat")

    assert reply.status_code == 405
    assert "POST" in reply.headers["Allow"]
    assert_page(reply.text, 405)


def test_form_larger_than_the_limit_is_refused_before_it_is_read(
    config: Config, make_app: Callable[[Config], Flask]
) -> None:
    client = make_app(replace(config, form_limit=1000)).test_client()

    reply = client.post("/dang-nhap", data={"login": "a" * 5000})

    assert reply.status_code == 413
    assert_page(reply.text, 413)


def test_upload_larger_than_the_limit_is_refused_though_its_length_is_not_told(
    config: Config, make_app: Callable[[Config], Flask]
) -> None:
    client = make_app(replace(config, upload_limit=1000)).test_client()

    reply = client.post("/dang-nhap", data={"file": (BytesIO(b"a" * 5000), "a.jpg")})

    assert reply.status_code == 413


def test_error_pages_carry_the_security_headers(failing: FlaskClient) -> None:
    for address in ("/khong-co-trang-nay", "/thu-loi-la"):
        headers = failing.get(address).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_maintenance_closes_every_page_but_health(config: Config, make_app: Callable[[Config], Flask]) -> None:
    client = make_app(replace(config, maintenance=True)).test_client()

    closed, health = client.get("/"), client.get("/healthz")

    assert (closed.status_code, closed.headers["Retry-After"]) == (503, "300")
    assert "Đang bảo trì" in closed.text
    assert health.status_code == 200
