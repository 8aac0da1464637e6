"""Places that may tell who wrote an essay or took a photograph: folded on a phone, opened to mend or to keep."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_entrant import photograph, register
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE_HEIGHT = 800  # pixels that a phone of 360 shows at once
TEXT = "Em là Nguyễn Thử Nghiệm, gọi 0912 345 678, học lớp 11A3 trường THPT Vườn Xanh."


def test_leaks_of_an_essay_are_folded_and_kept_ones_wait(visitor: Callable[..., Visitor]) -> None:
    person = visitor("phone")
    page = person.page
    register(person)
    person.open("/thi-viet")
    person.press("Viết bài mới")
    page.get_by_label("Nội dung").fill(TEXT)
    note = page.get_by_text("chỗ có thể lộ danh tính")
    expect(note).to_be_visible()
    editor = page.get_by_label("Nội dung").bounding_box()
    assert editor is not None
    assert editor["y"] < PHONE_HEIGHT
    person.look()
    page.get_by_text("Xem từng chỗ").click()
    page.get_by_role("button", name="Giữ nguyên, chờ xem").first.click()
    expect(page.get_by_text("là họ tên của bạn")).to_have_count(0)


def test_leaks_of_a_photograph_show_while_it_is_described(visitor: Callable[..., Visitor]) -> None:
    person = visitor("phone")
    page = person.page
    register(person)
    person.open("/thi-anh")
    page.locator("input[type=file]").set_input_files([photograph()])  # type: ignore[list-item]
    person.says("Đã gửi xong")
    person.press("Viết chú thích")
    page.get_by_label("Tên tác phẩm").fill("Ảnh của Nguyễn Thử Nghiệm")
    expect(page.get_by_text("là họ tên của bạn")).to_be_visible()
    person.look()
    page.get_by_role("button", name="Giữ nguyên, chờ xem").click()
    expect(page.get_by_text("là họ tên của bạn")).to_have_count(0)
