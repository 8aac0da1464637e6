"""Replies go out compressed where that helps and tells nobody a secret."""

import gzip

import brotli
import pytest
from flask import Flask, Response, url_for
from flask.testing import FlaskClient

LONG = "Bắc Giang, niềm tin và khát vọng. " * 100
ALL = {"Accept-Encoding": "gzip, deflate, br, zstd"}
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    @app.get("/long")
    def long() -> Response:
        reply = Response(LONG, mimetype="text/html")
        reply.set_etag("long")
        return reply

    @app.get("/short")
    def short() -> str:
        return "ok"

    @app.get("/streamed")
    def streamed() -> Response:
        return Response(iter([LONG, LONG]), mimetype="text/csv")

    @app.get("/picture")
    def picture() -> Response:
        return Response(LONG, mimetype="image/jpeg")

    return FlaskClient(app, app.response_class)  # The house's own reads each page, and none that is compressed.


@pytest.mark.parametrize(
    ("accepted", "used"), [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("gzip;q=1, br;q=0", "gzip")]
)
def test_page_is_compressed_as_the_browser_takes_it(client: FlaskClient, accepted: str, used: str) -> None:
    reply = client.get("/long", headers={"Accept-Encoding": accepted})

    assert reply.headers["Content-Encoding"] == used
    assert "Accept-Encoding" in reply.headers["Vary"]
    assert int(reply.headers["Content-Length"]) == len(reply.data) < 400
    assert UNPACK[used](reply.data).decode() == LONG
    assert reply.headers["ETag"] == 'W/"long"'


@pytest.mark.parametrize("accepted", ["", "identity", "compress", "br;q=0, gzip;q=0"])
def test_page_goes_as_it_is_to_a_browser_that_takes_nothing_else(client: FlaskClient, accepted: str) -> None:
    reply = client.get("/long", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in reply.headers
    assert "Accept-Encoding" in reply.headers["Vary"]
    assert reply.text == LONG


@pytest.mark.parametrize("path", ["/short", "/streamed", "/picture"])
def test_short_streamed_and_already_compressed_replies_are_left_as_they_are(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers=ALL).headers


def test_fixed_file_is_compressed_once_and_in_ranges_not_at_all(client: FlaskClient, app: Flask) -> None:
    with app.test_request_context():
        address = url_for("static", filename="vendor/bootstrap/bootstrap.min.css")
        font = url_for("static", filename="vendor/be-vietnam-pro/be-vietnam-pro-latin-400-normal.woff2")
    whole = client.get(address).data

    packed = client.get(address, headers=ALL)
    part = client.get(address, headers={**ALL, "Range": "bytes=0-99"})

    assert brotli.decompress(packed.data) == whole
    assert len(packed.data) < 30_000
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert part.status_code == 206
    assert part.data == whole[:100]
    assert "Content-Encoding" not in part.headers
    assert "Content-Encoding" not in client.get(font, headers=ALL).headers


@pytest.mark.parametrize("path", ["/", "/the-le", "/dang-nhap", "/khong-co-trang-nay"])
def test_pages_of_the_house_are_compressed(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=ALL).headers["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    ("heads", "packed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/"}, False),
        ({"Referer": "http://localhost/tai-khoan"}, True),
        ({"Referer": "http://localhost.evil.example/"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_page_with_somebodys_tokens_is_not_compressed_when_another_site_may_have_asked(
    app: Flask, client: FlaskClient, heads: dict[str, str], packed: bool
) -> None:
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], "x")

    reply = client.get("/dang-nhap", headers={**ALL, **heads})

    assert ("Content-Encoding" in reply.headers) == packed
