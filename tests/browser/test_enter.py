"""Enter in a field, in a real browser, with and without JavaScript: nothing is signed and nothing is ended, and what was typed stays."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from contest.demo import people
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]
REASON = "Gõ rồi bấm Enter trong ô lý do"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_enter_in_the_last_mark_keeps_the_scorecard_open(visitor: SitDown, javascript: bool) -> None:
    judge = visitor("desktop", javascript=javascript)
    judge.sign_in(people.JUDGES[0])
    page = judge.page
    page.goto(judge.url + "/ban-cham")
    page.get_by_role("link", name=re.compile("Chấm bài tiếp theo.*bài viết")).click()
    marks = page.locator(".score-value")
    for mark in marks.all():
        mark.fill("5")

    marks.last.press("Enter")

    judge.says("Đã lưu")
    expect(page.get_by_role("button", name="Ký phiếu chấm")).to_be_visible()
    expect(marks.last).to_have_value("5")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_enter_in_a_reason_sends_nothing_and_keeps_it(visitor: SitDown, javascript: bool) -> None:
    organizer = visitor("desktop", javascript=javascript)
    organizer.sign_in(people.ORGANIZER)
    page = organizer.page
    page.goto(organizer.url + "/ban-dieu-hanh/dot-thi")
    page.locator("main").get_by_role("link", name="Đợt II").filter(visible=True).first.click()
    page.locator("summary", has_text="Gia hạn").click()
    panel = page.locator("dialog, .confirm-panel").filter(has_text="Giờ đóng mới").filter(visible=True).first
    panel.get_by_label("Lý do").fill(REASON)

    if javascript:
        panel.get_by_label("Lý do").press("Enter")
    else:
        with page.expect_response("**/o-lai") as reply:
            panel.get_by_label("Lý do").press("Enter")
        assert reply.value.status == 204

    expect(panel.get_by_label("Lý do")).to_have_value(REASON)
    page.goto(organizer.url + "/ban-dieu-hanh/nhat-ky")
    expect(page.get_by_text(REASON)).to_have_count(0)


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_mark_with_a_comma_is_refused_in_words_and_never_read_as_another(visitor: SitDown, screen: str) -> None:
    judge = visitor(screen)
    judge.sign_in(people.JUDGES[2])
    page = judge.page
    page.goto(judge.url + "/ban-cham")
    page.get_by_role("link", name=re.compile("Chấm bài tiếp theo")).last.click()
    mark = page.locator(".score-value").first

    mark.fill("3,5")

    expect(page.locator("[data-saved]")).to_contain_text("“3,5” có phần lẻ")
    expect(mark).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-total]")).to_have_text("–")
    judge.look()
    mark.fill("3,0")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Đã lưu \d"))
    expect(page.locator("[data-total]")).to_have_text("3")
