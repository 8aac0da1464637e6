"""What is told of photographs while they are sent, and what is typed about one: nothing false above the list, nothing lost on leaving the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_entrant import photograph, register
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]
BAD = {"name": "anh hong.jpg", "mimeType": "image/jpeg", "buffer": b"khong phai anh"}


def choose(page: Page, *files: dict[str, object]) -> None:
    page.locator("input[type=file]").set_input_files([*files])  # type: ignore[list-item]


def sent(person: Visitor) -> None:
    """A new person with one photograph, at its page."""
    register(person)
    person.open("/thi-anh")
    choose(person.page, photograph())
    person.press("Viết chú thích")


def test_heading_and_places_left_say_what_is_so(visitor: SitDown) -> None:
    person = visitor("phone")
    register(person)
    person.open("/thi-anh")
    page = person.page
    heading, left = page.locator("[data-sending-title]"), page.locator("[data-left]")
    before = int("".join(filter(str.isdecimal, left.inner_text())))

    choose(page, BAD)
    expect(heading).to_have_text("Chưa nhận được 1 tấm")
    choose(page, photograph())
    expect(heading).to_have_text("Đã nhận 1 tấm, chưa nhận được 1 tấm")
    expect(left).to_have_text(f"Còn gửi được {before - 1} tấm.")
    person.look()
    page.locator("[data-refused]").get_by_role("button", name="Bỏ tấm này").click()
    expect(heading).to_have_text("Đã gửi xong")


@pytest.mark.parametrize("leave", ["reload", "away"])
def test_words_stay_when_the_page_is_left(visitor: SitDown, screen: str, leave: str) -> None:
    person = visitor(screen)
    sent(person)
    page = person.page
    page.get_by_label("Tên tác phẩm").fill("Chiều trên sông Thương")
    page.get_by_label("Chú thích").fill("Chụp ở bến sông")

    if leave == "reload":
        page.reload()
    else:
        address = page.url
        page.goto(person.url + "/the-le")
        page.goto(address)

    expect(page.get_by_label("Tên tác phẩm")).to_have_value("Chiều trên sông Thương")
    expect(page.get_by_label("Chú thích")).to_have_value("Chụp ở bến sông")
    person.says("Đã lưu nháp")
    person.look()


def test_words_typed_without_a_line_stay_in_the_browser_and_leave_by_themselves(visitor: SitDown) -> None:
    person = visitor("phone")
    person.forgiven = ("net::ERR_FAILED",)
    sent(person)
    page = person.page
    page.route("**/thi-anh/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("Chú thích").fill("Gõ khi mất mạng")
    person.says("chữ vẫn giữ trong máy này")

    page.reload()
    expect(page.get_by_label("Chú thích")).to_have_value("Gõ khi mất mạng")
    page.unroute_all()
    person.says("Đã lưu nháp")


def test_words_of_another_tab_are_not_overwritten_unseen(visitor: SitDown) -> None:
    person = visitor("desktop")
    sent(person)
    first, second = person.page, person.another_tab()
    second.page.goto(first.url)
    first.get_by_label("Chú thích").fill("Bản thứ nhất")
    person.says("Đã lưu nháp")

    second.page.get_by_label("Tên tác phẩm").fill("Bản thứ hai")
    second.says("Có hai bản khác nhau")
    second.page.get_by_role("button", name="Lấy bản đã lưu").click()

    expect(second.page.get_by_label("Chú thích")).to_have_value("Bản thứ nhất")
    expect(second.page.get_by_label("Tên tác phẩm")).to_have_value("")


def test_without_javascript_the_save_button_keeps_the_words(visitor: SitDown) -> None:
    person = visitor("phone", javascript=False)
    register(person)
    person.open("/thi-anh")
    choose(person.page, photograph())
    person.press("Gửi ảnh đã chọn")
    person.press("anh que toi.jpg")
    person.page.get_by_label("Tên tác phẩm").fill("Chiều trên sông Thương")
    person.press("Lưu bản nháp")

    person.page.reload()
    expect(person.page.get_by_label("Tên tác phẩm")).to_have_value("Chiều trên sông Thương")
