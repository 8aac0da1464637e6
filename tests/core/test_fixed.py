"""How long browsers may keep the fixed files of the pages: a year under the version in their address, not at all without it."""

from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from contest.core import fixed

SCRIPT = "js/quiz-keeper.js"


@pytest.fixture
def address(app: Flask) -> str:
    with app.test_request_context():
        return url_for("static", filename=SCRIPT)


def test_file_under_its_version_is_kept_for_a_year(client: FlaskClient, address: str) -> None:
    reply = client.get(address)

    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Expires" not in reply.headers


@pytest.mark.parametrize("before", ["/static/", "/static/v0123456789ab/"], ids=["no version", "another release's"])
def test_file_under_another_address_is_asked_for_anew(client: FlaskClient, before: str) -> None:
    reply = client.get(before + SCRIPT)

    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "no-cache"
    again = client.get(before + SCRIPT, headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "no-cache"


def test_everything_that_a_page_names_bears_the_version(client: FlaskClient, app: Flask) -> None:
    page = client.get("/dang-nhap").text

    assert page.count('"/static/') == page.count(f'"{app.static_url_path}/') > 10


def test_what_a_script_imports_or_a_style_draws_in_is_named_beside_it(app: Flask) -> None:
    folder = Path(str(app.static_folder))
    files = [*folder.glob("js/*.js"), *folder.glob("css/*.css")]
    assert files
    for file in files:
        assert "/static/" not in file.read_text(encoding="utf-8"), file


def test_version_follows_what_the_files_hold_and_not_when_they_were_written(tmp_path: Path) -> None:
    for name, text in (("a", "1"), ("b", "1"), ("c", "2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.css").write_text(text)

    assert fixed.prefix(tmp_path / "a") == fixed.prefix(tmp_path / "b") != fixed.prefix(tmp_path / "c")


@pytest.mark.parametrize("name", ["../contest/config.py", "v0123456789ab/../../wsgi.py", "nothing.css"])
def test_file_outside_the_folder_is_not_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_headers_of_a_page_go_with_what_may_be_opened_as_one(client: FlaskClient) -> None:
    drawing, style = client.get("/static/img/mark.svg"), client.get("/static/css/base.css")

    assert "Content-Security-Policy" in drawing.headers
    assert "Content-Security-Policy" not in style.headers
    assert drawing.headers["X-Content-Type-Options"] == style.headers["X-Content-Type-Options"] == "nosniff"
