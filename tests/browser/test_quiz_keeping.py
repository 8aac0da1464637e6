"""What becomes of answers that two tabs, two devices, a new sign-in, a restored database or the end of the time come between: none is lost unseen."""

import re
import sqlite3

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.site import Site
from tests.browser.test_quiz import SitDown, begin, choose, chosen, review, saved
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AWAY = ("ERR_INTERNET_DISCONNECTED",)
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
)
HIDDEN = """() => {
  Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
  delete document.hidden;
}"""


def sit(visitor: SitDown, screen: str = "phone") -> Visitor:
    """Somebody before a paper whose network may be cut."""
    person = visitor(screen)
    person.forgiven = AWAY
    begin(person)
    expect(person.page).to_have_url(re.compile(r"/luot/[0-9a-f]{16}#"))
    return person


def on_another_device(visitor: SitDown, person: Visitor) -> Visitor:
    """The same person before the same paper on a device of its own."""
    other = visitor("desktop")
    other.forgiven = AWAY
    other.page.context.add_cookies(person.page.context.cookies())
    other.page.goto(person.page.url)
    expect(other.page.locator(".quiz-scripted")).to_be_attached()
    return other


def two_tabs_away(visitor: SitDown) -> tuple[Visitor, Visitor]:
    """The same paper in two tabs whose network is cut, with an answer of the first that could not be sent."""
    first = sit(visitor)
    beside = first.another_tab()
    beside.page.goto(first.page.url)
    expect(beside.page.locator(".quiz-scripted")).to_be_attached()
    first.page.context.set_offline(True)
    choose(first, 0)
    first.says("Mất kết nối")
    return first, beside


def second(person: Visitor, place: int) -> Locator:
    """The second answer of the question at `place`."""
    return person.page.locator(".question").nth(place).locator("label.option").nth(1)


def to(person: Visitor, place: int) -> None:
    person.page.locator(".navigator a").nth(place).click()


def server_holds(person: Visitor, *boxes: Locator) -> None:
    """The server's own word, which nothing kept in the browser can colour: these boxes are the answers of their questions."""
    page = person.page
    held = page.request.get(person.url + str(page.locator("[data-quiz]").get_attribute("data-standing"))).json()
    for box in boxes:
        place = int(str(box.get_attribute("name")).removeprefix("q"))
        assert held["answers"][place] == box.get_attribute("value")


def change(site: Site, person: Visitor, how: str) -> None:
    """Change the row of the attempt that was begun last, as its restore from a backup or the passing of its time would."""
    with sqlite3.connect(site.folder / "contest.sqlite3", timeout=10) as database:
        database.execute(f"UPDATE attempt SET {how} WHERE id = (SELECT max(id) FROM attempt)")
    database.close()


def test_second_tab_keeps_what_the_first_could_not_send(visitor: SitDown) -> None:
    first, beside = two_tabs_away(visitor)

    expect(chosen(beside, 0)).to_be_checked()
    to(beside, 1)
    choose(beside, 1)
    beside.says("Mất kết nối")
    first.page.close()
    beside.page.context.set_offline(False)

    saved(beside)
    server_holds(beside, chosen(beside, 0), chosen(beside, 1))


def test_second_tab_closed_too_leaves_both_answers_to_the_next_visit(visitor: SitDown) -> None:
    first, beside = two_tabs_away(visitor)

    to(beside, 1)
    choose(beside, 1)
    beside.says("Mất kết nối")
    address = beside.page.url
    again = first.another_tab()
    first.page.close()
    beside.page.close()
    again.page.context.set_offline(False)
    again.page.goto(address)

    saved(again)
    server_holds(again, chosen(again, 0), chosen(again, 1))


def test_answer_of_another_device_outlives_the_tries_of_one_that_was_away(visitor: SitDown) -> None:
    phone = sit(visitor)
    phone.page.context.set_offline(True)
    choose(phone, 0)
    to(phone, 1)
    choose(phone, 1)
    for _ in range(4):
        phone.page.get_by_role("button", name="Thử ngay").click()
        phone.says("Mất kết nối")
    desktop = on_another_device(visitor, phone)
    to(desktop, 0)
    second(desktop, 0).click()
    saved(desktop)

    phone.page.context.set_offline(False)
    saved(phone)

    phone.says("Câu 1 đã có câu trả lời từ máy hoặc cửa sổ khác")
    phone.look()
    to(phone, 0)
    expect(second(phone, 0).locator("input")).to_be_checked()
    server_holds(phone, second(phone, 0).locator("input"), chosen(phone, 1))


def test_page_that_wakes_shows_what_another_device_saved(visitor: SitDown) -> None:
    phone = sit(visitor)
    choose(phone, 0)
    saved(phone)
    desktop = on_another_device(visitor, phone)
    to(desktop, 0)
    second(desktop, 0).click()
    saved(desktop)
    expect(desktop.page.locator("[data-quiz-words]")).not_to_have_text(re.compile("Chờ"))

    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(second(phone, 0).locator("input")).to_be_checked()
    with phone.page.expect_response(re.compile("/luu$")):
        choose(phone, 0)
    server_holds(phone, chosen(phone, 0))


def test_packet_that_comes_late_changes_nothing(visitor: SitDown) -> None:
    person = sit(visitor)
    page = person.page
    late: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append(route)

    page.route("**/luu", hold_the_first)
    choose(person, 0)
    with page.expect_request(re.compile("/luu$")):
        page.evaluate(HIDDEN)
    second(person, 0).click()
    saved(person)
    with page.expect_response(re.compile("/luu$")):
        late[0].continue_()

    server_holds(person, second(person, 0).locator("input"))


def test_press_on_review_goes_there_though_another_device_was_faster(visitor: SitDown) -> None:
    phone = sit(visitor)
    desktop = on_another_device(visitor, phone)
    to(desktop, 1)
    choose(desktop, 1)
    saved(desktop)

    choose(phone, 0)
    review(phone)

    expect(phone.page.locator("main")).to_contain_text("2 trên 20 câu")


def test_new_sign_in_in_another_tab_is_explained_and_a_reload_sends_what_waited(visitor: SitDown) -> None:
    person = sit(visitor)
    kept = [cookie for cookie in person.page.context.cookies() if cookie["name"] == "kv"]
    other = visitor("phone")
    begin(other)
    person.page.context.add_cookies(other.page.context.cookies())

    choose(person, 0)

    person.says("Phiên")
    expect(person.page.get_by_text("Mất kết nối")).to_be_hidden()
    person.look()
    person.page.context.add_cookies(kept)
    person.page.get_by_role("button", name="Tải lại trang").click()
    saved(person)
    server_holds(person, chosen(person, 0))


def test_answers_newer_than_a_restored_database_are_sent_again(visitor: SitDown, site: Site) -> None:
    person = sit(visitor)
    choose(person, 0)
    saved(person)
    change(site, person, "answers = '00000000000000000000', sequence = 0")

    with person.page.expect_response(re.compile("/luu$")):
        person.page.reload()
    saved(person)

    expect(chosen(person, 0)).to_be_checked()
    server_holds(person, chosen(person, 0))


def test_page_that_outlives_a_restore_sends_all_that_was_confirmed(visitor: SitDown, site: Site) -> None:
    person = sit(visitor)
    choose(person, 0)
    saved(person)
    change(site, person, "answers = '00000000000000000000', sequence = 0")
    to(person, 1)
    with person.page.expect_response(lambda reply: '{"0":' in (reply.request.post_data or "")):
        choose(person, 1)

    saved(person)
    server_holds(person, chosen(person, 0), chosen(person, 1))


def test_prediction_is_kept_when_its_person_goes_back_to_the_paper(visitor: SitDown) -> None:
    person = sit(visitor)
    choose(person, 0)
    review(person)
    person.page.get_by_label("Câu hỏi dự đoán").fill("1.234")
    person.press("Quay lại làm tiếp")
    person.heading("Bài thi trắc nghiệm")
    review(person)

    expect(person.page.get_by_label("Câu hỏi dự đoán")).to_have_value(re.compile(r"^1\.?234$"))


def test_prediction_still_being_typed_is_kept_when_the_time_ends(visitor: SitDown) -> None:
    person = visitor("phone")
    person.page.clock.install()
    begin(person)
    review(person)
    with person.page.expect_response(re.compile("/luu$")):
        person.page.get_by_label("Câu hỏi dự đoán").press_sequentially("77")
        person.page.clock.run_for("15:00")
    person.page.reload()

    expect(person.page.get_by_label("Câu hỏi dự đoán")).to_have_value("77")


def test_prediction_typed_on_the_paper_is_kept_when_the_time_ends(visitor: SitDown) -> None:
    person = visitor("phone")
    person.page.clock.install()
    begin(person)
    with person.page.expect_response(re.compile("/luu$")):
        person.page.get_by_label("Câu hỏi dự đoán").press_sequentially("88")
        person.page.clock.run_for("15:00")
    person.page.reload()

    expect(person.page.get_by_label("Câu hỏi dự đoán")).to_have_value("88")


def test_answer_too_late_is_shown_on_the_result(visitor: SitDown, site: Site) -> None:
    person = sit(visitor)
    choose(person, 0)
    saved(person)
    person.page.context.set_offline(True)
    to(person, 3)
    choose(person, 3)
    person.says("Mất kết nối")
    change(site, person, "deadline = started_at")
    person.page.context.set_offline(False)

    person.heading("Bài của bạn đã được nhận")
    person.says("1 câu chưa gửi kịp")
    expect(person.page.locator("[data-quiz-late]")).to_contain_text(re.compile(r"Câu 4: A, chọn lúc \d\d:\d\d:\d\d"))
    person.says("Bạn đúng")
    person.look()
    person.page.reload()
    person.says("1 câu chưa gửi kịp")


def test_browser_without_storage_saves_and_learns_that_it_is_over(visitor: SitDown, site: Site) -> None:
    person = visitor("phone")
    person.page.add_init_script(NO_STORAGE)
    begin(person)
    choose(person, 0)
    saved(person)
    change(site, person, "deadline = started_at")
    to(person, 1)
    choose(person, 1)

    person.heading("Bài của bạn đã được nhận")


def test_screen_reader_hears_the_lost_network_once(visitor: SitDown) -> None:
    person = visitor("phone")
    person.forgiven = AWAY
    person.page.clock.install()
    begin(person)
    person.page.context.set_offline(True)
    choose(person, 0)
    person.page.clock.run_for("00:02")
    person.says("Câu 1 đang giữ trong máy này")
    person.page.evaluate(
        """() => {
          window.spoken = 0;
          const count = () => (window.spoken += 1);
          for (const place of document.querySelectorAll('[data-quiz-net] [role=status], [data-quiz-net][role=status]')) {
            new MutationObserver(count).observe(place, { childList: true, characterData: true, subtree: true });
          }
        }"""
    )
    person.page.clock.run_for("00:10")

    assert person.page.evaluate("window.spoken") == 0
