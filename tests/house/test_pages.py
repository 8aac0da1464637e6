"""Guards the page client itself: it sees each fault that a page may have, and sends what a browser would."""

from io import BytesIO

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from markupsafe import escape

from tests import pages

GOOD = (
    '<!doctype html><html lang="vi"><head><title>Thể lệ · Cuộc thi</title></head>'
    "<body><main><h1>Thể lệ</h1>{}</main></body></html>"
)


def test_good_page_has_no_fault() -> None:
    page = GOOD.format('<label for="ten">Họ tên</label><input id="ten" name="ten"><p><a href="/">Trang đầu</a></p>')

    assert pages.faults(page) == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (GOOD.format("<h1>Hai</h1>"), "2 h1"),
        (GOOD.format("").replace("<h1>Thể lệ</h1>", ""), "0 h1"),
        (GOOD.format("").replace("<title>Thể lệ", "<title>Cuộc thi"), "does not begin with the h1"),
        (GOOD.format("").replace('lang="vi"', 'lang="en"'), "Vietnamese"),
        (GOOD.format('<input id="a" name="ten">'), "no label for input 'ten'"),
        (GOOD.format('<textarea name="bai"></textarea>'), "no label for textarea 'bai'"),
        (GOOD.format('<label for="b"></label><input id="b" name="ten">'), "no label for input"),
        (GOOD.format('<i id="a"></i><i id="a"></i>'), "id 'a' stands 2 times"),
        (GOOD.format("<script>go()</script>"), "an inline script"),
        (GOOD.format('<p style="color: red">a</p>'), "p has style="),
        (GOOD.format("<style>p{}</style>"), "a style element"),
        (GOOD.format('<p onclick="go()">a</p>'), "p has onclick="),
        (GOOD.format('<a href="javascript:go()">a</a>'), "javascript address"),
        (GOOD.format('<a href="/x"><svg></svg></a>'), "a link without words"),
        (GOOD.format("<button><svg></svg></button>"), "a button without words"),
        (GOOD.format('<img src="/a.png">'), "no alt"),
        (GOOD.format('<p aria-describedby="khong-co">a</p>'), "points at nothing"),
        (GOOD.format('<input aria-label="Điểm" type="number" name="diem">'), "a wheel changes the number in 'diem'"),
        (GOOD.format("<p><div>a</div></p>"), "invalid HTML"),
        (GOOD.format("<b><i>a</b></i>"), "invalid HTML"),
        (GOOD.format("<table><p>a</p></table>"), "invalid HTML"),
    ],
)
def test_client_sees_a_faulty_page(page: str, fault: str) -> None:
    assert any(fault in found for found in pages.faults(page)), pages.faults(page)


@pytest.fixture
def echo() -> FlaskClient:
    """A site of one form that says back what was sent, with the headers of ours."""
    app = Flask(__name__)

    @app.route("/", methods=["GET", "POST"])
    def form() -> str:
        sent = " ".join(f"{name}={value}" for name, value in sorted(request.form.items(multi=True)))
        files = " ".join(f"{name}:{file.filename}" for name, file in request.files.items())
        return GOOD.format(
            f"<p>Đã gửi [{sent}] [{files}]</p>"
            '<form method="post" enctype="multipart/form-data"><input type="hidden" name="csrf_token" value="t">'
            '<label>Họ tên <input name="ten" value="An"></label><label>Bài <textarea name="bai">\nDòng</textarea></label>'
            '<label>Đồng ý <input type="checkbox" name="dong_y" value="1"></label>'
            '<label>Nơi <select name="noi"><option value="a">A</option><option value="b" selected>B</option></select></label>'
            '<label>Tệp <input type="file" name="tep"></label><button name="nut" value="gui" data-enter>Gửi bài</button></form>'
        )

    @app.after_request
    def headers(reply):  # type: ignore[no-untyped-def]
        reply.headers["Content-Security-Policy"] = "script-src 'self'; style-src 'self'"
        reply.headers["X-Content-Type-Options"] = "nosniff"
        return reply

    return app.test_client()


def test_untouched_form_sends_what_it_holds(echo: FlaskClient) -> None:
    page = pages.get(echo, "/").submit("Gửi bài")

    assert "Đã gửi [bai=Dòng csrf_token=t noi=b nut=gui ten=An]" in page.text


def test_filled_form_sends_values_boxes_and_files(echo: FlaskClient) -> None:
    page = pages.get(echo, "/").submit("Gửi bài", ten="Bình", dong_y="1", noi="a", tep=(BytesIO(b"x"), "anh.jpg"))

    assert "dong_y=1 noi=a nut=gui ten=Bình] [tep:anh.jpg]" in page.text


def test_field_that_the_form_has_not_is_refused(echo: FlaskClient) -> None:
    with pytest.raises(AssertionError, match="no field 'quyen'"):
        pages.get(echo, "/").submit("Gửi bài", quyen="admin")


def test_page_without_a_strict_policy_is_refused() -> None:
    bare = Flask(__name__)
    bare.get("/")(lambda: GOOD.format(""))

    with pytest.raises(AssertionError, match="Content-Security-Policy"):
        pages.get(bare.test_client(), "/")


def test_visitor_refuses_html_that_is_no_page_whatever_the_test_asks_of_it(app: Flask, client: FlaskClient) -> None:
    page = client.get("/the-le").text
    assert pages.no_page(page) == []
    assert pages.no_page(str(escape(page))) == [
        "0 main instead of one",
        "0 h1 instead of one",
        "0 title instead of one",
    ]

    app.view_functions["public.regulations"] = lambda: str(escape(page))
    app.view_functions["public.regulations"].__module__ = "contest.public.routes"

    with pytest.raises(AssertionError, match="0 main instead of one"):
        client.get("/the-le")
