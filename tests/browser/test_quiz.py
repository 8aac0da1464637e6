"""A sitting in the browser: every answer is kept through reloads and lost networks, and is handed in once, with JavaScript or without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_entrant import register
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]


def begin(person: Visitor) -> None:
    """Register, and press start."""
    register(person)
    if person.javascript:
        person.open("/thi-trac-nghiem")
    else:
        person.page.goto(person.url + "/thi-trac-nghiem")
    person.page.get_by_role("button", name="Bắt đầu làm bài").click()
    person.page.wait_for_url("**/luot/*")


def choose(person: Visitor, place: int) -> None:
    """Choose the first answer of the question at `place`."""
    person.page.locator(".question").nth(place).locator("label.option").first.click()


def saved(person: Visitor) -> None:
    expect(person.page.get_by_text(re.compile(r"Đã lưu \d")).first).to_be_visible()


def test_sitting_keeps_answers_through_a_reload_and_hands_in_with_a_receipt(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    begin(person)
    page = person.page
    person.look()

    choose(person, 0)
    saved(person)
    page.reload()
    expect(page.locator(".question").nth(0).locator("input").first).to_be_checked()
    person.press("Xem lại và nộp bài")
    person.heading("Xem lại trước khi nộp")
    page.get_by_label("Câu hỏi dự đoán").fill("1.234")
    person.press("Nộp bài", within=page.locator("main form"))

    person.says("Mã biên nhận")
    person.open("/thi-trac-nghiem/bang-xep-hang")


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
    expect(page.locator(".question").nth(0).locator("input").first).to_be_checked()


def test_sitting_is_done_without_javascript(visitor: SitDown) -> None:
    person = visitor("phone", javascript=False)
    begin(person)
    page = person.page

    choose(person, 0)
    choose(person, 3)
    page.get_by_role("button", name="Xem lại và nộp bài").first.click()
    expect(page.locator("main")).to_contain_text("2 trên 20 câu")
    page.get_by_label("Câu hỏi dự đoán").fill("1234")
    page.locator("main form").get_by_role("button", name="Nộp bài").click()

    person.says("Mã biên nhận")
