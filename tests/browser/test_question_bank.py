"""The organiser's way with a question: the preview follows what is typed, choices move with the keyboard, the blueprint answers at once."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from contest.demo import people
from question_bank import answers as codes
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SitDown = Callable[..., Visitor]
DESK = "/ban-dieu-hanh"


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_preview_follows_the_editor_and_choices_move(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    person.sign_in(people.ORGANIZER)
    person.open(f"{DESK}/cau-hoi/moi")
    page = person.page
    preview = page.locator("[data-preview]")
    choice = lambda letter: page.get_by_role("textbox", name=f"Phương án {letter}", exact=True)  # noqa: E731

    page.get_by_label("Nội dung câu hỏi").fill("Khởi nghĩa Yên Thế do ai lãnh đạo?")
    for letter, words in zip("ABC", ("Cả B và C", "Hoàng Hoa Thám", "Đề Nắm"), strict=True):
        choice(letter).fill(words)
    page.get_by_role("button", name="Bỏ phương án D").press("Enter")
    page.get_by_role("button", name="Đưa phương án A xuống").press("Enter")
    page.get_by_role("checkbox", name="Đáp án đúng").first.check()

    expect(choice("A")).to_have_value("Hoàng Hoa Thám")
    expect(choice("D")).to_have_count(0)
    expect(preview).to_contain_text("Khởi nghĩa Yên Thế")
    expect(preview).to_contain_text("giữ nguyên thứ tự phương án")
    expect(preview.locator("li.right")).to_contain_text("Hoàng Hoa Thám")
    page.get_by_role("button", name="Thêm phương án").click()
    expect(choice("D")).to_be_focused()
    for _ in "EFGHIJ":
        page.get_by_role("button", name="Thêm phương án").click()
    expect(choice("J")).to_be_focused()
    expect(page.get_by_role("button", name="Thêm phương án")).to_be_hidden()
    person.look()


_PAPER = """async () => {
  const { Paper } = await import("/static/js/quiz-paper.js");
  const box = (mask) => `<label class="option"><input type="checkbox" value="${mask}"><i></i></label>`;
  const form = document.createElement("form");
  form.innerHTML = `<div data-quiz-step>${[...CHARS].map(box).join("")}</div>`;
  const paper = new Paper(form);
  const kept = ALL.filter((char) => { paper.fill(0, char); return paper.fits(0, char) && paper.read(0) === char; });
  return [kept.length, paper.fits(0, "\\ua400"), paper.fits(0, "\\ua001")];
}"""


def test_paper_reads_every_answer_that_ten_choices_allow(visitor: SitDown) -> None:
    person = visitor("phone")
    person.open("/")
    chars = "".join(codes.char([place]) for place in range(10))
    every = [codes.of_mask(mask) for mask in range(codes.MASKS)]
    script = _PAPER.replace("CHARS", json.dumps(chars)).replace("ALL", json.dumps(every))
    assert person.page.evaluate(script) == [codes.MASKS, False, False]


def test_blueprint_says_at_once_what_the_bank_lacks(visitor: SitDown) -> None:
    person = visitor("phone")
    person.sign_in(people.ORGANIZER)
    person.open(f"{DESK}/dot-thi")
    page = person.page
    page.get_by_role("link", name="Đợt 1").first.click()
    page.get_by_role("link", name="Ma trận đề").click()
    state = page.locator("[data-matrix-state]")
    expect(state).to_contain_text("Ngân hàng đủ câu")

    page.get_by_label("Chương nào cũng được, khó").fill("30")

    expect(state).to_contain_text("thể lệ cần 20 câu")
    person.look()


def test_blueprint_typed_before_its_script_came_is_weighed_once_it_is_there(visitor: SitDown) -> None:
    person = visitor("phone")
    person.sign_in(people.ORGANIZER)
    person.open(f"{DESK}/dot-thi")
    page = person.page
    page.get_by_role("link", name="Đợt 1").first.click()
    late: list[Route] = []
    page.route("**/js/question-matrix.js*", lambda route: late.append(route))  # noqa: PLW0108 (Playwright marks what it is given)
    with page.expect_request("**/js/question-matrix.js*"):
        page.get_by_role("link", name="Ma trận đề").click(no_wait_after=True)
    page.get_by_label("Chương nào cũng được, khó").fill("30")
    state = page.locator("[data-matrix-state]")
    expect(state).to_contain_text("Ngân hàng đủ câu")

    late[0].continue_()

    expect(state).to_contain_text("thể lệ cần 20 câu")


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_pages_of_the_bank_are_fit_for_everybody(visitor: SitDown, screen: str) -> None:
    person = visitor(screen)
    person.sign_in(people.ORGANIZER)
    for path in ("trung-nhau", "xuat", "nhap"):
        person.open(f"{DESK}/cau-hoi/{path}")
    person.page.get_by_label("Dán nội dung câu hỏi").fill(
        "::X-1:: Năm nào? {=2024 ~2025 ~Cả A và B}\n\n::X-2:: Ai? {~A ~B}"
    )
    person.press("Xem trước")
    person.press("Tiếp: xem việc sẽ làm")
    person.open(f"{DESK}/cau-hoi?do-kho=1")
    person.page.locator("[data-select]").first.check()
    person.look()
    person.press("Gắn nhãn")
    person.page.get_by_label("Nhãn gắn thêm").fill("soát lại")
    person.page.get_by_label("Lý do").fill("Thử")
    person.press("Gắn nhãn")
    person.press("Sửa câu hỏi")
