"""The pages of a sitting stand still: nothing moves under a finger while they come, while answers are saved, or when the network is lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.test_quiz import SitDown, begin, choose, chosen, hand_in, review, saved
from tests.browser.test_quiz_keeping import AWAY, server_holds, sit
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST = 0.05
WATCH = """() => {
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved.push(entry);
  }).observe({ type: 'layout-shift', buffered: true });
}"""
MOVED = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.moved.map((entry) => ({
  by: entry.value,
  what: entry.sources.map((source) => source.node && (source.node.outerHTML || source.node.textContent).slice(0, 80)),
}))))))"""
LARGE = "document.documentElement.style.fontSize = '200%'"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TWO_LINES = """(selector) => {
  const box = document.querySelector(selector);
  return box.getClientRects().length && box.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(box).fontSize);
}"""


def watched(person: Visitor) -> Visitor:
    """The same, whose pages note from their beginning on what moves."""
    person.page.add_init_script(f"({WATCH})()")
    return person


def stood_still(person: Visitor) -> None:
    """Nothing has moved by more than is allowed since the page came, or since this was asked last."""
    moved: list[dict[str, Any]] = person.page.evaluate(MOVED)
    assert sum(entry["by"] for entry in moved) <= MOST, moved
    person.page.evaluate("() => { window.moved = []; }")


def test_paper_summary_and_result_stand_still(visitor: SitDown, screen: str) -> None:
    person = watched(visitor(screen))
    begin(person)
    page = person.page
    stood_still(person)

    for place in range(8):
        choose(person, place)
        saved(person)
        page.locator("[data-quiz-next]").click()
    stood_still(person)
    page.reload()
    expect(page.locator(".quiz-scripted")).to_be_attached()
    expect(page).to_have_url(re.compile("#cau-9$"))
    stood_still(person)

    review(person)
    stood_still(person)
    hand_in(person)
    stood_still(person)


def test_lost_network_moves_nothing_that_is_pressed(visitor: SitDown, screen: str) -> None:
    person = watched(visitor(screen))
    person.forgiven = AWAY
    begin(person)
    page = person.page
    page.evaluate("() => { window.moved = []; }")

    page.context.set_offline(True)
    choose(person, 0)
    person.says("Mất kết nối")
    expect(page.locator("html.quiz-slid")).to_be_attached()
    stood_still(person)

    notes, option = page.locator("[data-quiz-notes]").bounding_box(), page.locator("legend").first.bounding_box()
    assert notes
    assert option
    assert option["y"] >= notes["y"] + notes["height"]
    head = page.locator("[data-quiz-head]").bounding_box()
    assert head
    assert notes["y"] >= head["y"] + head["height"], "what is said of the network lies under the head"
    page.locator("[data-quiz-review]").scroll_into_view_if_needed()
    expect(page.locator("[data-quiz-review]")).to_be_in_viewport()


def test_reload_at_a_later_question_shows_it_alone_before_its_script_has_come(visitor: SitDown) -> None:
    person = visitor("phone")
    begin(person)
    page = person.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/js/quiz.js*", hold)
    page.locator(".navigator a").nth(6).click()

    with page.expect_request("**/js/quiz.js*"):
        page.reload(wait_until="commit")
    expect(page.locator("#cau-7")).to_be_visible()
    expect(page.locator("#cau-1")).to_be_hidden()
    expect(page.locator(".quiz-scripted")).to_have_count(0)
    choose(person, 6)
    held.pop().continue_()

    expect(page.locator(".quiz-scripted")).to_be_attached()
    expect(chosen(person, 6)).to_be_checked()
    saved(person)
    server_holds(person, chosen(person, 6))


def test_paper_whose_script_never_comes_is_the_long_form(visitor: SitDown) -> None:
    person = visitor("phone")
    person.forgiven = ("net::ERR_FAILED",)
    person.page.route("**/js/quiz.js*", lambda route: route.abort())
    begin(person, scripted=False)

    expect(person.page.locator(".quiz-step").nth(19)).to_be_visible()
    expect(person.page.get_by_role("button", name="Lưu bài")).to_be_visible()
    expect(person.page.get_by_role("button", name="Câu sau")).to_be_hidden()


def test_head_of_a_phone_keeps_its_words_on_their_lines_and_its_tick(visitor: SitDown) -> None:
    person = visitor("phone")
    begin(person)
    page = person.page
    page.locator(".navigator a").nth(19).click()
    choose(person, 19)
    saved(person)

    assert not page.evaluate(TWO_LINES, "[data-quiz-where]")
    assert not page.evaluate(TWO_LINES, "[data-quiz-still]")
    assert not page.evaluate(TWO_LINES, "[data-quiz-words]")
    tick = page.locator("[data-quiz-icon=kept] svg").bounding_box()
    assert tick
    assert tick["width"] >= 14
    saved_at, still = page.locator("[data-quiz-saved]").bounding_box(), page.locator("[data-quiz-still]").bounding_box()
    assert saved_at
    assert still
    assert abs(saved_at["y"] - still["y"]) < 8


def test_pages_of_the_quiz_fit_a_phone_whose_letters_are_twice_as_large(visitor: SitDown) -> None:
    person = visitor("phone")
    person.page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => {{ {LARGE} }})")
    begin(person)
    wide: dict[str, int] = {}

    def measure(name: str) -> None:
        wide[name] = person.page.evaluate(WIDER)

    choose(person, 0)
    saved(person)
    measure("paper")
    review(person)
    measure("summary")
    hand_in(person)
    measure("result")
    for path in ("/thi-trac-nghiem", "/thi-trac-nghiem/bang-xep-hang?dot=1", "/kiem-tra-bien-nhan"):
        person.page.goto(person.url + path)
        measure(path)

    assert {name: px for name, px in wide.items() if px > 0} == {}


def test_answers_given_one_after_another_leave_two_seconds_after_the_first(visitor: SitDown) -> None:
    person = visitor("phone")
    person.page.clock.install()
    begin(person)
    page = person.page
    page.clock.pause_at(page.evaluate("Date.now() + 60000"))
    left: list[float] = []
    page.on("request", lambda request: request.url.endswith("/luu") and left.append(page.evaluate("performance.now()")))

    first = page.evaluate("performance.now()")
    with page.expect_request(re.compile("/luu$")):
        for place in range(6):
            page.locator(".navigator a").nth(place).click()
            choose(person, place)
            page.clock.run_for(400)

    assert page.evaluate("performance.now()") - first <= 2400


def test_press_on_the_end_without_a_network_says_that_nothing_is_handed_in(visitor: SitDown) -> None:
    person = sit(visitor)
    page = person.page
    choose(person, 0)
    saved(person)
    page.context.set_offline(True)
    page.locator("[data-quiz-review]").click()

    person.says("Mất kết nối nên chưa nộp bài được")
    person.says("1 câu đã lưu ở máy chủ")
    person.says("bấm Xem lại và nộp bài lần nữa")
    person.heading("Bài thi trắc nghiệm")
    page.locator(".navigator a").nth(1).click()
    choose(person, 1)
    page.locator("[data-quiz-review]").click()
    person.says("Câu 2 đang giữ trong máy này, 1 câu đã lưu ở máy chủ")
    person.look()

    page.context.set_offline(False)
    expect(page.locator("[data-quiz-net]")).to_be_hidden()
    review(person)


def test_press_on_hand_in_without_a_network_says_so_and_works_once_it_is_back(visitor: SitDown) -> None:
    person = sit(visitor)
    page = person.page
    choose(person, 0)
    review(person)
    page.context.set_offline(True)
    page.locator("main form .btn-primary").click()

    person.says("Mất kết nối nên bài chưa nộp")
    expect(page.locator("main form .btn-primary")).to_have_text("Nộp bài")
    person.look()
    page.context.set_offline(False)
    hand_in(person)
