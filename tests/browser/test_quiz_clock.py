"""The clock of a sitting: the server's word alone ends it, and what the page shows is never more than there is."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.test_quiz import SitDown, begin, choose, review, saved
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ON_THE_PAPER = re.compile(r"/luot/[0-9a-f]{16}#")
AN_HOUR_ON = "() => { const real = Date.now; Date.now = () => real() + 3600000; }"
# The script runs a minute after the reply began to come.
A_MINUTE_LATE = "{ const real = performance.now.bind(performance); performance.now = () => real() + 60000; }"


def sit(visitor: SitDown) -> Visitor:
    """Somebody before a paper whose clock the test moves."""
    person = visitor("phone")
    person.forgiven = ("ERR_INTERNET_DISCONNECTED",)
    person.page.clock.install()
    begin(person)
    return person


def test_page_at_zero_goes_on_while_the_server_says_that_time_is_left(visitor: SitDown) -> None:
    person = sit(visitor)
    page = person.page
    with page.expect_response(re.compile("/trang-thai$")):
        page.clock.fast_forward("15:00")

    expect(page.locator("[data-quiz-clock]")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    expect(page).to_have_url(ON_THE_PAPER)


def test_page_at_zero_without_a_network_stays_says_so_and_asks_again(visitor: SitDown) -> None:
    person = sit(visitor)
    page = person.page
    choose(person, 0)
    page.clock.run_for("00:03")
    saved(person)
    page.context.set_offline(True)
    page.clock.fast_forward("15:00")
    person.says("Hết giờ theo trang này, chưa hỏi được máy chủ")
    person.look()
    expect(page).to_have_url(ON_THE_PAPER)

    page.context.set_offline(False)
    page.clock.run_for("00:05")

    expect(page.locator("[data-quiz-clock]")).to_have_text(re.compile(r"^14:\d\d$"))
    person.says("còn lại, theo giờ máy chủ")


def test_wall_clock_set_right_in_the_middle_takes_no_time_away(visitor: SitDown) -> None:
    person = visitor("phone")
    begin(person)
    page = person.page
    with page.expect_response(re.compile("/trang-thai$")):
        page.evaluate(AN_HOUR_ON)

    expect(page.locator("[data-quiz-clock]")).to_have_text(re.compile(r"^14:\d\d$"))
    expect(page).to_have_url(ON_THE_PAPER)


def test_review_at_zero_goes_on_while_the_server_says_that_time_is_left(visitor: SitDown) -> None:
    person = sit(visitor)
    page = person.page
    review(person)
    with page.expect_response(re.compile("/trang-thai$")):
        page.clock.fast_forward("15:00")

    expect(page.locator("[data-quiz-clock]")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    person.heading("Xem lại trước khi nộp")


def test_clock_counts_from_the_reply_not_from_its_script(visitor: SitDown) -> None:
    person = visitor("phone")
    person.page.add_init_script(A_MINUTE_LATE)
    begin(person)

    expect(person.page.locator("[data-quiz-clock]")).to_have_text(re.compile(r"^13:\d\d$"))


def test_time_that_an_answer_was_on_its_way_is_taken_off(visitor: SitDown) -> None:
    person = sit(visitor)
    page = person.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/trang-thai", hold)
    with page.expect_request(re.compile("/trang-thai$")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for("00:05")
    reply = held[0].fetch()
    held[0].fulfill(json=reply.json() | {"remaining_ms": 600_000})

    expect(page.locator("[data-quiz-clock]")).to_have_text(re.compile(r"^09:5[0-5]$"))
