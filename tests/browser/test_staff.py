"""The staff's way: a judge marks and signs blind, an organiser extends a round and publishes, and anybody reads the result."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from contest.demo import people
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]
DESK = "/ban-dieu-hanh"
PAGES = (
    *(
        "dot-thi",
        "nguoi-du-thi",
        "luot-thi",
        "bai-viet",
        "anh",
        "cau-hoi",
        "cau-hoi/nhap",
        "hoi-dong-cham",
        "hoi-dong-cham/lap",
    ),
    *("cong-bo", "don-vi", "can-bo", "tai-khoan/1", "hang-doi", "nhat-ky"),
)


@pytest.mark.parametrize(
    ("screen", "judge", "stage"), [("phone", 0, "bài viết"), ("desktop", 1, "bài viết"), ("desktop", 2, "ảnh")]
)
def test_judge_marks_an_entry_blind_and_signs_it(visitor: SitDown, screen: str, judge: int, stage: str) -> None:
    person = visitor(screen)
    person.sign_in(people.JUDGES[judge])
    person.open("/ban-cham")
    page = person.page
    section = page.locator("section").filter(has=page.get_by_role("heading", name=re.compile(stage)))
    person.press("Chấm bài tiếp theo", within=section)

    if screen == "phone":
        page.locator(".judge-tabs").get_by_role("link", name="Phiếu chấm").click()
    for row in page.locator(".criterion .score-row").all():
        row.locator(".score-value").focus()
        row.get_by_role("button", name=re.compile(r": \d+ điểm$")).last.click()
    if stage == "ảnh":
        page.keyboard.press("n")
    page.get_by_label("Nhận xét").fill("Bài chắc, có căn cứ.")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Đã lưu \d"))
    person.look()
    person.press("Ký phiếu chấm")

    person.says("Bạn ký lúc")
    expect(page.locator("body")).not_to_contain_text("@demo.khatvong.example")


def test_judge_marks_a_photograph_with_the_keyboard_alone(visitor: SitDown) -> None:
    person = visitor("desktop")
    person.sign_in(people.JUDGES[3])
    person.open("/ban-cham")
    page = person.page
    section = page.locator("section").filter(has=page.get_by_role("heading", name=re.compile("ảnh")))
    person.press("Chấm bài tiếp theo", within=section)
    fields = page.locator(".score-value")
    address = page.url
    fields.first.focus()
    fields.first.blur()

    for _ in range(fields.count()):
        page.keyboard.press("8")
    page.keyboard.press("z")
    expect(page.locator("[data-zoom]")).to_have_class(re.compile("zoomed"))
    page.keyboard.press("Escape")
    expect(page.locator("[data-missing]")).to_have_text("")
    person.look()
    page.get_by_role("link", name="Thoát").click()

    expect(page).not_to_have_url(address)
    page.goto(address)
    tops = [int(field.get_attribute("data-max") or 0) for field in fields.all()]
    assert [int(field.input_value()) for field in fields.all()] == [(top * 8 + 5) // 10 for top in tops]


def test_judge_steps_back_from_an_entry_with_a_reason(visitor: SitDown) -> None:
    person = visitor("phone")
    person.sign_in(people.JUDGES[3])
    person.open("/ban-cham")
    person.press("Chấm bài tiếp theo")

    person.page.locator(".judge-tabs").get_by_role("link", name="Phiếu chấm").click()
    person.press("Tôi có xung đột lợi ích với bài này")

    person.heading("xung đột")


def test_organiser_extends_a_round_and_the_act_is_written_down(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    person.sign_in(people.ORGANIZER)
    person.open(f"{DESK}/dot-thi")
    page = person.page
    page.locator("main").get_by_role("link", name="Đợt II").filter(visible=True).first.click()
    person.look()

    page.locator("summary", has_text="Gia hạn").click()
    panel = page.locator("dialog, .confirm-panel").filter(has_text="Giờ đóng mới").filter(visible=True).first
    reason = f"Mưa lũ ở Sơn Động, màn hình {screen}"
    panel.get_by_label("Lý do").fill(reason)
    person.press("Gia hạn", within=panel)

    person.open(f"{DESK}/nhat-ky")
    person.says(reason)


def test_dialog_of_several_attempts_names_them(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    person.sign_in(people.ORGANIZER)
    person.open(f"{DESK}/luot-thi")
    rows = person.page.locator("tbody tr")
    for place in (0, 1):
        rows.nth(place).get_by_role("checkbox").check()

    person.page.locator(".bulk summary", has_text="Hủy lượt thi").click()

    dialog = person.page.get_by_role("dialog", name="Hủy 2 lượt đã chọn?")
    expect(dialog).to_contain_text(", ".join(rows.nth(place).locator(".row-link").inner_text() for place in (0, 1)))
    person.look()


def test_every_desk_of_the_organiser_is_whole(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    person.sign_in(people.ORGANIZER)

    for path in ("", *PAGES):
        person.open(f"{DESK}/{path}")


def test_anybody_reads_what_was_published(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    person.open("/ket-qua")

    person.page.locator("main li h2 a").first.click()

    person.look()
    person.says("Công bố số")
    person.open("/thu-vien-anh")


def test_published_table_stays_a_table_on_paper(visitor: SitDown) -> None:
    """A sheet of A4 is narrower than the width below which tables become a phone's rows."""
    person = visitor("phone")
    person.open("/ket-qua")
    person.page.locator("main li h2 a").first.click()
    row = person.page.locator("main tbody tr").first
    expect(row).not_to_have_css("display", "table-row")

    person.page.emulate_media(media="print")

    expect(row).to_have_css("display", "table-row")


def test_live_view_redraws_itself_and_leaves_an_opened_table_and_the_focus_alone(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    person.sign_in(people.ORGANIZER)
    person.page.clock.install()
    person.open(f"{DESK}/dot-thi")
    page = person.page
    page.get_by_role("link", name="Đợt 2").first.click()
    page.get_by_role("link", name="Xem trực tiếp").click()
    expect(page.get_by_text("tự cập nhật 10 giây một lần")).to_be_visible()
    expect(page.locator("[data-live-by-hand]")).to_be_hidden()
    table = page.get_by_text("Xem dạng bảng")
    table.focus()
    table.press("Enter")
    page.evaluate("document.querySelector('svg.chart path.series').id = 'cu'")
    page.evaluate("document.querySelector('[data-live=open]').textContent = '?'")

    page.clock.fast_forward(11_000)

    expect(page.locator("[data-live=open]")).not_to_have_text("?")
    expect(page.locator("#cu")).to_have_count(0)
    expect(page.locator("svg.chart path.series")).to_have_count(2)
    expect(page.locator(".disclosure[open]")).to_have_count(1)
    assert page.evaluate("document.activeElement.textContent") == "Xem dạng bảng"
    person.look()


def test_live_view_has_a_link_to_refresh_where_there_is_no_script(visitor: SitDown) -> None:
    person = visitor("phone", javascript=False)
    person.sign_in(people.ORGANIZER)
    person.open(f"{DESK}/dot-thi")
    page = person.page
    page.get_by_role("link", name="Đợt 2").first.click()
    page.get_by_role("link", name="Xem trực tiếp").click()

    page.get_by_role("link", name="Cập nhật").click()

    person.says("Số liệu lúc")
