"""A judge's marks and comment when a session ends, when the next entry is wanted at once, and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from contest.demo import people
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]
COMMENT = "Bài có căn cứ, giọng văn chân thành."


def first_card(person: Visitor, judge: int) -> str:
    """The address of the first unsigned essay of a judge, at which the browser stands afterwards."""
    person.sign_in(people.JUDGES[judge])
    person.page.goto(person.url + "/ban-cham")
    section = person.page.locator("section").filter(has=person.page.get_by_role("heading", name=re.compile("bài viết")))
    section.get_by_role("link", name="Chấm bài tiếp theo").first.click()
    expect(person.page.locator("[data-scorecard]")).to_be_attached()
    return person.page.url


def mark(page: Page, points: str = "7") -> None:
    """Type a mark for the first criterion, and the comment."""
    page.locator(".score-value").first.fill(points)
    page.get_by_label("Nhận xét").fill(COMMENT)


def test_marks_outlive_a_session_and_are_shown_to_nobody_else(visitor: SitDown) -> None:
    person = visitor("desktop")
    address = first_card(person, 1)
    page = person.page
    page.context.clear_cookies()
    mark(page)
    expect(page.locator("[data-saved]")).to_contain_text("vẫn giữ trong máy này")

    address_of_other = first_card(person, 2)
    assert address_of_other != address
    expect(page.get_by_label("Nhận xét")).not_to_have_value(COMMENT)
    refused = page.goto(address)
    assert refused
    assert refused.status == 404
    assert COMMENT not in page.content()
    person.problems.clear()

    page.context.clear_cookies()
    person.sign_in(people.JUDGES[1])
    page.goto(address)
    expect(page.get_by_label("Nhận xét")).to_have_value(COMMENT)
    expect(page.locator(".score-value").first).to_have_value("7")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Đã lưu \d"))
    person.look()
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.get_by_label("Nhận xét")).to_have_value(COMMENT)


def test_link_after_a_lost_session_leads_back_to_the_marks(visitor: SitDown) -> None:
    person = visitor("desktop")
    address = first_card(person, 1)
    page = person.page
    page.context.clear_cookies()
    mark(page, "9")
    page.locator("[data-saved]").get_by_role("link", name=re.compile("Đăng nhập lại|Tải lại trang")).click()
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill(people.JUDGES[1])
    page.get_by_label("Mật khẩu", exact=True).fill(people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(address)
    expect(page.locator(".score-value").first).to_have_value("9")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Đã lưu \d"))
    person.problems.clear()


def test_wrong_mark_is_told_how_to_mend_it_not_to_load_the_page_again(visitor: SitDown) -> None:
    person = visitor("desktop")
    first_card(person, 1)
    page = person.page
    page.locator(".score-value").first.fill("3,5")
    expect(page.locator("[data-saved]")).to_contain_text("Bạn sửa điểm rồi lưu lại.")
    expect(page.locator("[data-saved]").get_by_role("link")).to_have_count(0)
    person.problems.clear()


def test_mark_typed_before_the_script_came_is_saved_like_the_rest(visitor: SitDown) -> None:
    person = visitor("desktop")
    address = first_card(person, 2)
    page = person.page
    late: list[Route] = []

    def keep_back(route: Route) -> None:
        late.append(route)

    page.route("**/js/scorecard.js", keep_back)
    page.goto(address, wait_until="commit")
    page.locator(".score-value").first.fill("7")
    expect(page.locator(".score-value").first).to_have_value("7")
    while not late:
        page.wait_for_timeout(20)
    with page.expect_response(lambda reply: reply.request.method == "POST" and reply.ok):
        late[0].continue_()
    page.unroute("**/js/scorecard.js")
    page.goto(address)
    expect(page.locator(".score-value").first).to_have_value("7")


def test_next_entry_straight_after_a_mark_asks_nothing_and_loses_nothing(visitor: SitDown) -> None:
    person = visitor("desktop")
    address = first_card(person, 1)
    page = person.page
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", refuse)
    mark(page, "11")
    page.get_by_role("link", name="Bài sau").click()
    page.wait_for_url(lambda now: now != address)
    page.goto(address)
    expect(page.locator(".score-value").first).to_have_value("11")
    expect(page.get_by_label("Nhận xét")).to_have_value(COMMENT)
    assert asked == []


def test_newer_marks_on_the_server_are_not_overwritten_unseen(visitor: SitDown) -> None:
    person = visitor("desktop")
    address = first_card(person, 1)
    page, other = person.page, visitor("desktop")
    other.sign_in(people.JUDGES[1])
    page.route("**/luu", lambda route: route.abort())
    person.forgiven = ("net::ERR_FAILED",)
    mark(page, "5")
    expect(page.locator("[data-saved]")).to_contain_text("Mất kết nối")
    other.page.goto(address)
    other.page.locator(".score-value").first.fill("6")
    expect(other.page.locator("[data-saved]")).to_contain_text(re.compile(r"Đã lưu \d"))
    page.unroute("**/luu")
    page.locator(".score-value").first.fill("8")
    expect(page.locator("[data-saved]")).to_contain_text("cửa sổ khác")
    page.reload()

    box = page.locator("[data-kept]")
    expect(box).to_be_visible()
    expect(page.locator(".score-value").first).to_have_value("6")
    person.look()
    box.get_by_role("button", name="Dùng bản trong máy này").click()
    expect(page.locator(".score-value").first).to_have_value("8")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Đã lưu \d"))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_scorecard_is_one_press_away_on_a_phone(visitor: SitDown, javascript: bool) -> None:
    person = visitor("phone", javascript=javascript)
    first_card(person, 1)
    page = person.page
    tab = page.locator(".judge-tabs").get_by_role("link", name="Phiếu chấm")
    expect(tab).to_be_in_viewport()
    tab.click()
    expect(page.locator(".criterion").first).to_be_in_viewport()
    person.look()
    expect(tab).to_be_in_viewport()
    page.locator(".judge-tabs").get_by_role("link", name="Bài viết").click()
    expect(page.locator(".sheet h1")).to_be_in_viewport()
