"""The page of styles: there while the product is made, absent where citizens are served."""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from contest.config import Config


def test_style_page_shows_every_kind_of_component(client: FlaskClient) -> None:
    page = client.get("/kieu-dang")
    assert page.status_code == 200
    for words in ("Cần sửa 4 chỗ trước khi đăng ký", "Bạn chưa có bài dự thi nào", "BV-0417", "Biên nhận", "Đang mở"):
        assert words in page.text


def test_style_page_has_one_main_heading_and_no_inline_style_or_script(client: FlaskClient) -> None:
    text = client.get("/kieu-dang").text
    assert text.count("<h1") == 1
    assert " style=" not in text
    assert "<style" not in text
    assert text.count("<script") == text.count("<script src=") + text.count('<script type="module" src=')


def test_wrong_fields_name_their_mistake_to_a_screen_reader(client: FlaskClient) -> None:
    text = client.get("/kieu-dang").text
    assert 'href="#loi-phone"' in text
    assert 'aria-describedby="loi-phone-error"' in text
    assert 'id="loi-phone-error"' in text


def test_style_page_is_absent_in_production(make_app: Callable[[Config], Flask], config: Config) -> None:
    app = make_app(replace(config, mode="production", https=True))
    assert app.test_client().get("/kieu-dang", base_url="https://localhost").status_code == 404
