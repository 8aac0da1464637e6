"""Boards name who stands where a prize is, and whoever looks; all others have a code that tells nothing, on every page of every board."""

import re
from collections.abc import Callable

import pytest

from contest.accounts.rules import Role
from contest.core.db import unit_of_work
from contest.quiz import jobs, named
from contest.quiz.named import Names
from contest.results import service as results
from contest.results.service import NewPrize
from tests import pages
from tests.factories import make_account
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close
from tests.quiz.test_regrade import run

Make = Callable[..., Quiz]
BOARD = "/thi-trac-nghiem/bang-xep-hang"
CODE = re.compile(r"Mã [2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
PEOPLE = 60
PRIZES = 3


def name(place: int) -> str:
    return f"Giấu Tên {place:03d} Trần"


@pytest.fixture(params=["live", "closed"])
def quiz(request: pytest.FixtureRequest, make_quiz: Make) -> Quiz:
    """A round with sixty people in the order of their names and three prizes, still running or over."""
    quiz = make_quiz(prediction="none", tie_breaks=["score", "duration"])
    for place in range(1, PEOPLE + 1):
        attempt(quiz, name(place), seconds=200 + place)
    with quiz.app.app_context(), unit_of_work():
        staff = make_account(Role.ORGANIZER)
        prizes = [NewPrize("Giải Nhất", 1, 4_000_000), NewPrize("Giải Nhì", 2, 2_000_000)]
        results.set_prizes(round_id=quiz.round_id, prizes=prizes, actor_id=staff.id, reason="Theo thể lệ")
    if request.param == "closed":
        close(quiz)
    else:
        run(quiz, jobs.rebuild_boards)
    return quiz


def names_in(text: str) -> set[str]:
    return set(re.findall(r"Giấu Tên \d{3} Trần", text))


def test_first_page_names_the_prize_places_alone(quiz: Quiz) -> None:
    page = pages.get(quiz.app.test_client(), BOARD)

    assert names_in(page.text) == {name(1), name(2), name(3)}
    assert len(set(CODE.findall(page.text))) == 50 - PRIZES
    assert "hạng có giải (đến hạng 3)" in page.text


def test_later_pages_and_asked_places_name_nobody_below_the_prizes(quiz: Quiz) -> None:
    client = quiz.app.test_client()

    later = pages.get(client, f"{BOARD}?page=2").text
    asked = pages.get(client, f"{BOARD}?xem=20&page=2").text
    outside = pages.get(client, f"{BOARD}?khoi=ngoai-tinh").text

    assert names_in(later) == names_in(asked) == set()
    assert names_in(outside) <= {name(1), name(2), name(3)}
    assert len(set(CODE.findall(later))) == PEOPLE - 50


def test_one_sees_ones_own_name_and_nobody_elses(quiz: Quiz) -> None:
    from contest.accounts.models import Account
    from contest.core.db import db

    with quiz.app.app_context():
        mine = db.session.scalar(db.select(Account.id).where(Account.full_name == name(20)))
    client = quiz.client(mine)

    own = pages.get(client, BOARD)
    asked = pages.get(client, f"{BOARD}?xem=21")

    assert names_in(own.text) == {name(1), name(2), name(3), name(20)}
    assert names_in(asked.text) == {name(1), name(2), name(3), name(20)}


def test_page_of_somebodys_grounds_calls_them_by_their_code(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "duration"])
    for place in range(1, 4):
        attempt(quiz, name(place), seconds=200 + place)
    close(quiz)

    page = pages.get(quiz.app.test_client(), f"{BOARD}?xem=2")

    assert names_in(page.text) == set()
    assert CODE.search(page.text.partition("Vì sao")[2])
    assert "chưa có cơ cấu giải" in page.text


def test_code_differs_from_round_to_round_and_says_nothing_of_its_neighbours() -> None:
    one, other = Names(0, 0, b"1" * 32), Names(0, 0, b"2" * 32)

    codes = [one.code(n) for n in range(1, 400)]

    assert len(set(codes)) == len(codes)
    assert not set(codes) & {other.code(n) for n in range(1, 400)}
    assert sorted(codes) != codes


def test_where_all_must_be_right_a_place_without_that_has_no_prize_and_no_name() -> None:
    names = Names(places=3, fewest_points=100, key=b"1" * 32)

    assert names.of(entrant_id=1, full_name="A", place=1, points=100) == "A"
    assert CODE.fullmatch(names.of(entrant_id=1, full_name="A", place=1, points=95))
    assert CODE.fullmatch(names.of(entrant_id=1, full_name="A", place=0, points=100))
    assert names.of(entrant_id=1, full_name="A", place=9, points=5, me=1) == "A"


def test_notice_says_whom_boards_name(quiz: Quiz) -> None:
    notice = pages.get(quiz.app.test_client(), "/bao-ve-du-lieu").text

    assert "người ở hạng có giải trên bảng xếp hạng" in notice
    assert "Công chúng chỉ thấy họ tên và đơn vị của người đạt giải" not in notice
    assert named.names_of.__doc__
