"""What every reply and request passes through: headers, cookies, CSRF that keeps texts, limits on size."""

import dataclasses
import io

import pytest
from flask import Flask

from contest.accounts.rules import Role
from contest.core.db import unit_of_work
from contest.core.security import CSP, RouteLimiter, public_address
from tests.factories import make_account, make_contest
from tests.signed_in import csrf_token, sign_in

OPEN_PAGES = (
    "/",
    "/dang-ky",
    "/dang-nhap",
    "/the-le",
    "/hoi-dap",
    "/bao-ve-du-lieu",
    "/kiem-tra-bien-nhan",
    "/don-vi-du-thi",
    "/healthz",
    "/robots.txt",
    "/khong-co-trang-nay",
)


@pytest.fixture
def account(app):
    with app.app_context(), unit_of_work():
        make_contest()
        return make_account()


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_every_page_carries_the_policy(client, account, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CSP
    assert "unsafe" not in CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_no_page_has_script_or_style_within(client, account, path):
    text = client.get(path).text
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert "<script>" not in text


def test_the_cookie_is_kept_from_scripts_and_other_sites(client, account):
    cookie = client.get("/dang-nhap").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_behind_tls_the_cookie_travels_only_there_and_browsers_remember_it(make_app, config):
    client = make_app(dataclasses.replace(config, https=True)).test_client()
    reply = client.get("/dang-nhap", base_url="https://localhost")
    assert reply.headers["Set-Cookie"].startswith("__Host-kv=")
    assert "Secure" in reply.headers["Set-Cookie"]
    assert reply.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_private_pages_are_not_stored_by_browsers(client, account):
    sign_in(client, account)
    assert client.get("/tai-khoan").headers["Cache-Control"] == "no-store"


def test_a_stale_token_shows_the_text_again_and_its_new_token_works(client, account):
    sign_in(client, account)
    stale = client.post("/tai-khoan/thong-tin", data={"csrf_token": "cu", "full_name": "Tên <đã> gõ"})
    assert stale.status_code == 400
    assert 'name="full_name" value="Tên &lt;đã&gt; gõ"' in stale.text
    fresh = stale.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = client.post("/tai-khoan/thong-tin", data={"csrf_token": fresh, "full_name": "Tên Mới"})
    assert sent.status_code == 302


def test_a_stale_token_never_shows_a_password_again(client, account):
    reply = client.post("/dang-nhap", data={"identifier": "0912345678", "password": "rất bí mật"})
    assert reply.status_code == 400
    assert "0912345678" in reply.text
    assert "rất bí mật" not in reply.text


def test_a_post_from_another_site_is_refused_and_shows_nothing(client, account):
    sign_in(client, account)
    reply = client.post("/tai-khoan/thong-tin", data={"full_name": "Kẻ Lạ"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status_code == 400
    assert "Kẻ Lạ" not in reply.text


class _Unread(io.RawIOBase):
    """A body that must not be read."""

    def readable(self):
        return True

    def readinto(self, buffer):
        raise AssertionError("the body was read")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_that_is_too_large_is_refused_unread(client, account, kind):
    body = {"wsgi.input": _Unread(), "CONTENT_LENGTH": str(10**9)}
    reply = client.post("/dang-nhap", content_type=kind, environ_overrides=body)
    assert reply.status_code == 413
    assert "quá lớn" in reply.text


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.ENTRANT, "/bai-cua-toi", 200),
        (Role.JUDGE, "/bai-cua-toi", 403),
        (Role.ORGANIZER, "/bai-cua-toi", 403),
        (Role.ADMIN, "/tai-khoan/du-lieu.json", 403),
        (Role.JUDGE, "/tai-khoan", 200),
        (Role.ADMIN, "/tai-khoan/phien", 200),
    ],
)
def test_each_role_opens_its_own_pages_only(app, client, account, role, path, status):
    with app.app_context(), unit_of_work():
        person = make_account(role=role)
    sign_in(client, person)
    assert client.get(path).status_code == status


@pytest.mark.parametrize("path", ["/dang-xuat", "/tai-khoan/phien/1/thu-hoi"])
def test_acts_are_posts_only(client, account, path):
    sign_in(client, account)
    assert client.get(path).status_code == 405
    assert client.post(path, data={"csrf_token": "sai"}).status_code == 400


def test_a_token_of_one_browser_is_worth_nothing_in_another(app, client, account):
    sign_in(client, account)
    other = app.test_client()
    sign_in(other, account)
    reply = other.post("/dang-xuat", data={"csrf_token": csrf_token(client)})
    assert reply.status_code == 400


@pytest.mark.parametrize("path", ["/", "/dang-nhap", "/khong-co-trang-nay", "/static/css/base.css", "/healthz"])
def test_hosts_of_others_are_refused_once_the_public_address_is_known(make_app, config, path):
    client = make_app(dataclasses.replace(config, public_url="https://contest.example.vn")).test_client()
    for host in ("evil.example", "contest.example.vn.evil.example", "", "a b", "\u00e9", "[::"):
        reply = client.get(path, headers={"Host": host.encode().decode("latin1")})
        assert reply.status_code == 400, host
        assert "evil" not in reply.text
    assert client.post(path, headers={"Host": "evil.example"}).status_code == 400
    for host in ("contest.example.vn", "contest.example.vn:443", "127.0.0.1:8000", "localhost"):
        assert client.get(path, headers={"Host": host}).status_code in (200, 404), host


def test_public_address_is_on_paper_whatever_host_was_asked(make_app, config):
    app = make_app(dataclasses.replace(config, public_url="https://contest.example.vn"))
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        assert public_address("public.regulations") == "https://contest.example.vn/the-le"


def test_without_a_public_address_links_follow_the_host(app):
    with app.test_request_context(base_url="https://hoi.example"):
        assert public_address("public.regulations") == "https://hoi.example/the-le"


def test_limit_stands_on_its_route_alone_and_no_other_request_is_asked() -> None:
    app, few = Flask("limits"), RouteLimiter(key_func=lambda: "one person", storage_uri="memory://")

    @app.get("/few")
    @few.limit("2 per minute")
    def limited() -> str:
        return "ok"

    @app.get("/many")
    def free() -> str:
        return "ok"

    few.init_app(app)
    client = app.test_client()

    assert [client.get("/few").status_code for _ in range(3)] == [200, 200, 429]
    assert {client.get("/many").status_code for _ in range(5)} == {200}
    assert app.before_request_funcs[None] == []


@pytest.mark.parametrize("path", ["/", "/thi-trac-nghiem", "/the-le"])
def test_public_page_is_kept_by_no_browser_of_somebody_signed_in(client, account, path):
    before = client.get(path).headers["Cache-Control"]

    sign_in(client, account)

    assert before == "no-cache"
    assert client.get(path).headers["Cache-Control"] == "no-store"
