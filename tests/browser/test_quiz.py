"""A sitting in the browser: every answer is kept through reloads and lost networks, and is handed in once, with JavaScript or without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_entrant import register
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]
AS_OF_2021 = """{
  delete AbortSignal.timeout;
  delete AbortSignal.any;
  delete Array.prototype.at;
  delete HTMLFormElement.prototype.requestSubmit;
  delete HTMLDialogElement.prototype.showModal;
}"""
A_DAY_AHEAD = "{ const real = Date.now; Date.now = () => real() + 86400000; }"


def begin(person: Visitor, *, scripted: bool = True) -> None:
    """Register, press start, and wait for the paper and, where there is one, for its script: a network cut before that cuts the script off."""
    register(person)
    person.page.goto(person.url + "/thi-trac-nghiem")
    person.page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(person.page.get_by_role("heading", name="Bài thi trắc nghiệm")).to_be_attached()
    if scripted:
        expect(person.page.locator(".quiz-scripted")).to_be_attached()


def choose(person: Visitor, place: int) -> None:
    """Choose the first answer of the question at `place`."""
    person.page.locator(".question").nth(place).locator("label.option").first.click()


def chosen(person: Visitor, place: int) -> Locator:
    """The box of that first answer."""
    return person.page.locator(".question").nth(place).locator("input").first


def saved(person: Visitor) -> None:
    expect(person.page.get_by_text(re.compile(r"Đã lưu \d")).first).to_be_visible()


def review(person: Visitor) -> None:
    """Press on, and wait for what is left to be sent and for the page that follows, with its script: before that, a test's clock set on goes unseen."""
    person.page.get_by_role("button", name="Xem lại và nộp bài").first.click()
    person.heading("Xem lại trước khi nộp")
    person.page.wait_for_load_state()


def hand_in(person: Visitor) -> None:
    """Press the last button; the page asks whether the server is there before it goes."""
    person.page.locator("main form").get_by_role("button", name="Nộp bài").click()
    person.says("Mã biên nhận")
    person.says("Bạn đúng")  # The page comes anew by itself.
    person.look()


def test_sitting_keeps_answers_through_a_reload_and_hands_in_with_a_receipt(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    person.open("/thi-trac-nghiem")
    begin(person)
    page = person.page
    person.look()

    choose(person, 0)
    saved(person)
    expect(page).to_have_url(re.compile(r"/luot/[0-9a-f]{16}#cau-1$"))
    page.reload()
    expect(chosen(person, 0)).to_be_checked()
    review(person)
    person.look()
    page.get_by_label("Câu hỏi dự đoán").fill("1.234")
    hand_in(person)
    person.says("Bạn đúng")
    person.says("điểm trên 100")
    person.look()
    page.goto(person.url + "/thi-trac-nghiem/bang-xep-hang")
    person.says("Kết quả của bạn")
    person.says("hạng hiện ra khi đó")
    person.says("Bảng xếp hạng hiện khi đợt đóng")
    person.look()


def test_browser_of_2021_saves_and_hands_in(visitor: SitDown) -> None:
    person = visitor("phone")
    person.page.add_init_script(AS_OF_2021)
    begin(person)
    page = person.page

    choose(person, 0)
    saved(person)
    page.locator(".navigator a").last.click()
    page.locator("[data-quiz-next]").click()
    person.heading("Xem lại trước khi nộp")
    hand_in(person)


def test_answer_given_offline_is_said_to_wait_and_is_sent_later(visitor: SitDown) -> None:
    person = visitor("phone")
    person.forgiven = ("ERR_INTERNET_DISCONNECTED",)
    begin(person)
    page = person.page

    page.context.set_offline(True)
    choose(person, 0)
    person.says("Mất kết nối")
    person.look()
    page.context.set_offline(False)

    expect(page.locator("[data-quiz-net]")).to_be_hidden()
    saved(person)
    page.reload()
    expect(chosen(person, 0)).to_be_checked()


def test_answer_of_a_page_closed_offline_is_sent_by_the_next_visit_and_other_tabs_follow(visitor: SitDown) -> None:
    person = visitor("phone")
    person.forgiven = ("ERR_INTERNET_DISCONNECTED",)
    begin(person)
    expect(person.page).to_have_url(re.compile(r"/luot/[0-9a-f]{16}#"))
    address = person.page.url

    person.page.context.set_offline(True)
    choose(person, 0)
    person.says("Mất kết nối")
    person.page.close()
    person.page.context.set_offline(False)
    again, beside = person.another_tab(), person.another_tab()
    again.page.goto(address)

    expect(chosen(again, 0)).to_be_checked()
    saved(again)
    beside.page.goto(address)
    expect(chosen(beside, 0)).to_be_checked()
    again.page.get_by_role("button", name="Câu sau").click()
    choose(again, 1)
    expect(chosen(beside, 1)).to_be_checked()


def test_phone_offline_from_minute_three_to_minute_nine_loses_nothing(visitor: SitDown) -> None:
    person = visitor("phone")
    person.forgiven = ("ERR_INTERNET_DISCONNECTED",)
    person.page.clock.install()
    begin(person)
    page, box = person.page, person.page.locator("[data-quiz-clock]")

    choose(person, 0)
    page.clock.run_for("00:03")
    saved(person)
    page.clock.fast_forward("02:57")
    page.context.set_offline(True)
    for place in (1, 2, 3):
        page.locator(".navigator a").nth(place).click()
        choose(person, place)
        page.clock.run_for("02:00")
    expect(box).to_have_text(re.compile(r"^0[56]:\d\d$"))
    person.says("Câu 2, 3, 4 đang giữ trong máy này, 1 câu trước đã lưu ở máy chủ")
    page.context.set_offline(False)
    page.clock.run_for("00:31")

    expect(page.locator("[data-quiz-net]")).to_be_hidden()
    saved(person)
    expect(box).to_have_text(re.compile(r"^14:\d\d$"))
    page.reload()
    for place in range(4):
        expect(chosen(person, place)).to_be_checked()


def test_phone_whose_clock_is_a_day_ahead_counts_down_by_the_server(visitor: SitDown) -> None:
    person = visitor("phone")
    person.page.add_init_script(A_DAY_AHEAD)
    begin(person)

    counts_down(person.page.locator("[data-quiz-clock]"), r"^1[34]:\d\d$")
    person.open("/thi-trac-nghiem")
    counts_down(person.page.locator("[data-countdown]").last, r"^0giờ1[34]phút\d+giây$")


def counts_down(box: Locator, shape: str) -> None:
    """Wait until the time left has moved in the page as it stands; it must still have this shape."""
    before = box.evaluate("(box) => { box.dataset.seen = ''; return box.textContent; }")
    seen = box.page.locator("[data-seen]")
    expect(seen).not_to_have_text(before)
    expect(seen).to_have_text(re.compile(shape))


def test_sitting_is_done_without_javascript(visitor: SitDown) -> None:
    person = visitor("phone", javascript=False)
    begin(person, scripted=False)
    page = person.page
    person.look()

    page.reload()
    expect(page).to_have_url(re.compile(r"/luot/[0-9a-f]{16}$"))
    choose(person, 0)
    choose(person, 3)
    page.get_by_role("button", name="Xem lại và nộp bài").first.click()
    expect(page.locator("main")).to_contain_text("2 trên 20 câu")
    page.get_by_label("Câu hỏi dự đoán").fill("1234")
    page.locator("main form").get_by_role("button", name="Nộp bài").click()

    person.says("Mã biên nhận")
