"""A citizen's way through the contest: registers, sits the quiz, writes an essay, sends a photograph."""

import re
from collections.abc import Callable
from io import BytesIO
from itertools import count

import pytest
from playwright.sync_api import expect

from contest.core import clock
from contest.demo import landscapes
from tests.browser.visitor import Visitor
from tests.essay.conftest import docx_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]
_numbers = count(1)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SENTENCE = "Bắc Giang có vải thiều Lục Ngạn, có sông Thương, có những con người cần cù và giàu khát vọng vươn lên. "


def register(person: Visitor) -> str:
    """Fill the form as a teacher of Lục Nam would; returns the e-mail."""
    page = person.page
    page.goto(person.url + "/dang-ky")
    email = fill(person)
    page.get_by_label("Tôi đã đọc và đồng ý").first.check()
    page.get_by_role("button", name="Đăng ký").click()
    page.wait_for_url(lambda address: "dang-ky" not in address)
    return email


def fill(person: Visitor) -> str:
    """Fill in all but the consent; returns the e-mail."""
    email = f"nguoi.thu{next(_numbers)}.{'js' if person.javascript else 'khong'}@example.vn"
    page = person.page
    page.get_by_label("Họ và tên", exact=True).fill("Nguyễn Thử Nghiệm")
    page.get_by_label("Thư điện tử").fill(email)
    page.get_by_label("Ngày sinh").fill("04/03/1985")
    page.get_by_label("Giới tính").select_option("Nữ")
    page.get_by_label("Nghề nghiệp").select_option("Giáo viên, giảng viên")
    if person.javascript:
        page.get_by_role("combobox", name="Đơn vị").fill("luc nam")
        page.get_by_role("listbox", name="Đơn vị").get_by_role("option").first.click()
    else:
        page.get_by_label("Đơn vị").select_option(index=3)
    page.get_by_label("Mật khẩu", exact=True).fill("một câu dễ nhớ")
    return email


def hand_in(person: Visitor) -> None:
    """From the editor through the declarations to the receipt."""
    person.press("Tiếp tục")
    person.heading("Nộp bài dự thi")
    for box in person.page.get_by_role("checkbox").all():
        box.check()
    person.press("Nộp bài", within=person.page.locator("main form"))
    person.says("Mã biên nhận")


def test_citizen_registers_and_reads_about_the_contest(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    for path in ("/", "/dang-ky", "/the-le", "/hoi-dap", "/bao-ve-du-lieu", "/don-vi-du-thi", "/kiem-tra-bien-nhan"):
        person.open(path)

    register(person)

    person.look()
    for path in ("/bai-cua-toi", "/tai-khoan"):
        person.open(path)


def test_refused_registration_says_what_to_mend(visitor: SitDown) -> None:
    person = visitor("phone")
    person.open("/dang-ky")

    person.press("Đăng ký", within=person.page.locator("main form"))

    person.heading("Đăng ký dự thi")
    person.says("Cần sửa mấy chỗ sau")
    person.says("Bạn nhập họ và tên.")


def test_registration_opens_the_guardians_part_finds_those_from_elsewhere_and_keeps_the_password(
    visitor: SitDown, screen: str
) -> None:
    person = visitor(screen)
    page = person.page
    person.open("/thi-trac-nghiem")
    page.get_by_role("link", name="Đăng ký dự thi").first.click()
    fill(person)
    guardian = page.get_by_label("Họ tên cha, mẹ")
    expect(guardian).to_be_hidden()
    year = clock.now().year - 15
    for typed in (f"4/3/{year % 100:02d}", f"0403{year}", f"4 3 {year}"):
        page.get_by_label("Ngày sinh").fill(typed)
        page.get_by_label("Ngày sinh").blur()
        expect(guardian).to_be_visible()
        page.get_by_label("Ngày sinh").fill("04031985")
        page.get_by_label("Ngày sinh").blur()
        expect(guardian).to_be_hidden()
    for typed in ("Hà Nội", "tp hcm", "tỉnh khác"):
        page.get_by_role("combobox", name="Đơn vị").fill(typed)
        expect(page.get_by_role("listbox", name="Đơn vị").get_by_role("option").first).to_have_text("Ngoài tỉnh")
    page.get_by_role("listbox", name="Đơn vị").get_by_role("option").first.click()
    page.get_by_role("button", name="Đăng ký").click()
    person.heading("Đăng ký dự thi")
    person.says("Mật khẩu vừa đặt vẫn được giữ")
    person.look()
    page.get_by_label("Tôi đã đọc và đồng ý").first.check()
    page.get_by_role("button", name="Đăng ký").click()
    page.wait_for_url("**/thi-trac-nghiem")


def test_refused_registration_without_javascript_keeps_what_was_typed(visitor: SitDown) -> None:
    person = visitor("phone", javascript=False)
    page = person.page
    person.open("/dang-ky")
    email = fill(person)

    person.press("Đăng ký", within=page.locator("main form"))

    person.says("Cần sửa mấy chỗ sau")
    expect(page.get_by_label("Họ và tên", exact=True)).to_have_value("Nguyễn Thử Nghiệm")
    expect(page.get_by_label("Thư điện tử")).to_have_value(email)
    expect(page.get_by_label("Đơn vị")).not_to_have_value("")
    page.get_by_label("Tôi đã đọc và đồng ý").first.check()
    page.locator("main form").get_by_role("button", name="Đăng ký").click()
    page.wait_for_url(lambda address: "dang-ky" not in address)
    page.goto(person.url + "/tai-khoan")
    person.says(email)


def test_essay_saves_itself_survives_a_reload_and_is_handed_in(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    register(person)
    person.open("/thi-viet")
    person.press("Viết bài mới")
    page = person.page

    page.get_by_label("Chủ đề").select_option(index=1)
    page.get_by_label("Tên bài").fill("Mùa vải quê tôi")
    page.get_by_label("Nội dung").fill(SENTENCE * 20)
    person.says("Đã lưu nháp")
    person.look()
    page.reload()
    expect(page.get_by_label("Tên bài")).to_have_value("Mùa vải quê tôi")

    hand_in(person)

    person.open("/bai-cua-toi")
    person.says("Mùa vải quê tôi")


def test_docx_is_read_by_the_worker_and_handed_in_with_a_receipt(visitor: SitDown) -> None:
    person = visitor("phone")
    register(person)
    page = person.page
    page.goto(person.url + "/thi-viet")

    content = docx_of(*[SENTENCE * 4] * 5)
    page.locator("input[type=file]").set_input_files(
        [{"name": "Nguyễn Thử Nghiệm - bài.docx", "mimeType": DOCX, "buffer": content}]
    )
    page.get_by_role("button", name="Tải lên").click()
    person.says("Nội dung dưới đây lấy từ tệp .docx")
    expect(page.get_by_label("Nội dung")).to_have_value(re.compile(re.escape(SENTENCE.strip())))
    page.get_by_label("Chủ đề").select_option(index=1)
    page.get_by_label("Tên bài").fill("Bên dòng sông Thương")
    person.says("Đã lưu nháp")
    hand_in(person)

    person.open("/bai-cua-toi")
    person.says("Bên dòng sông Thương")


def test_essay_written_offline_is_kept_and_sent_when_the_network_is_back(visitor: SitDown) -> None:
    person = visitor("phone")
    person.forgiven = ("ERR_INTERNET_DISCONNECTED",)
    register(person)
    person.open("/thi-viet")
    person.press("Viết bài mới")
    page = person.page

    page.context.set_offline(True)
    page.get_by_label("Nội dung").fill(SENTENCE)
    person.says("Mất kết nối")
    page.context.set_offline(False)

    person.says("Đã lưu nháp")
    page.reload()
    expect(page.get_by_label("Nội dung")).to_have_value(SENTENCE)


def test_essay_is_written_and_handed_in_without_javascript(visitor: SitDown) -> None:
    person = visitor("phone", javascript=False)
    register(person)
    page = person.page
    page.goto(person.url + "/thi-viet")
    person.press("Viết bài mới")
    page.get_by_label("Chủ đề").select_option(index=1)
    page.get_by_label("Tên bài").fill("Sông Thương")
    page.get_by_label("Nội dung").fill(SENTENCE * 20)

    page.get_by_role("button", name="Tiếp tục").filter(visible=True).first.click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.locator("main form").get_by_role("button", name="Nộp bài").click()

    person.says("Mã biên nhận")


def photograph() -> dict[str, object]:
    """A drawn photograph as a phone would send it."""
    kept = BytesIO()
    landscapes.draw(7, 2400, 1600).save(kept, "JPEG", quality=88)
    return {"name": "anh que toi.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def test_photograph_is_sent_captioned_and_handed_in(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    register(person)
    person.open("/thi-anh")
    page = person.page

    page.locator("input[type=file]").set_input_files([photograph()])  # type: ignore[list-item]
    person.says("Đã gửi xong")
    person.look()
    person.press("Viết chú thích")
    page.get_by_label("Tên tác phẩm").fill("Chiều trên sông Thương")
    page.get_by_label("Chủ đề").select_option(index=1)
    page.get_by_label("Chú thích").fill("Chụp ở bến sông, cuối mùa nước, ngày 02/09/2025.")
    for box in page.get_by_role("checkbox").all():
        box.check()
    person.press("Nộp tác phẩm")

    person.says("Mã biên nhận")
