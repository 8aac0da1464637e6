"""A phone at 200 %, of the page and of its text alone: every page of a citizen can be read without scrolling sideways, and the whole quiz taken."""

import re
from collections.abc import Callable

import pytest

from contest.demo import people
from tests.browser.test_quiz import begin, choose, hand_in, review, saved
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LARGE_TEXT = "() => { document.documentElement.style.fontSize = '200%'; }"
SitDown = Callable[..., Visitor]
PUBLIC = (
    "/",
    "/the-le",
    "/thi-trac-nghiem",
    "/thi-trac-nghiem/bang-xep-hang?dot=1",
    "/thu-vien-anh",
    "/ket-qua",
    "/ket-qua/1",
    "/ket-qua/1/hang-1",
    "/don-vi-du-thi",
    "/hoi-dap",
    "/bao-ve-du-lieu",
    "/kiem-tra-bien-nhan",
    "/dang-nhap",
    "/dang-ky",
    "/dat-lai-mat-khau",
)
MINE = (
    "/bai-cua-toi",
    "/thi-trac-nghiem",
    "/thi-trac-nghiem/bang-xep-hang?dot=1",
    "/thi-viet",
    "/thi-anh",
    "/tai-khoan",
)


def test_public_pages_fit_a_phone_at_twice_the_size(visitor: SitDown) -> None:
    person = visitor("zoomed")

    for path in PUBLIC:
        person.open(path)


def test_pages_of_an_entrant_fit_a_phone_at_twice_the_size(visitor: SitDown) -> None:
    person = visitor("zoomed")
    person.sign_in(people.ENTRANT)

    for path in MINE:
        person.open(path)


def test_pages_fit_a_phone_with_their_text_at_twice_the_size(visitor: SitDown) -> None:
    stranger, person = visitor("phone"), visitor("phone")
    person.sign_in(people.ENTRANT)

    for sits, paths in ((stranger, PUBLIC), (person, MINE)):
        for path in paths:
            sits.page.goto(sits.url + path)
            sits.page.evaluate(LARGE_TEXT)
            sits.look()


def test_quiz_is_taken_on_a_phone_at_twice_the_size(visitor: SitDown) -> None:
    person = visitor("zoomed")
    begin(person)
    person.look()

    choose(person, 0)
    saved(person)
    person.press("Câu sau")
    review(person)
    person.look()
    person.page.get_by_label("Câu hỏi dự đoán").fill("1.234")
    hand_in(person)
    person.says("Bạn đúng")
    person.look()
    receipt = person.page.get_by_text(re.compile(r"^TN\d-")).first.inner_text()
    person.open(f"/kiem-tra-bien-nhan?ma={receipt}")
    person.says("Biên nhận có thật")
