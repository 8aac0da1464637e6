"""What is made is what was looked at: a preview's token confirms its own change and no other, and a publication since is told."""

from dataclasses import replace

import pytest

from contest.core.db import unit_of_work
from contest.core.errors import Refused
from contest.quiz.ledger import KeyRule
from contest.quiz.queries.previews import Wanted
from contest.results import service as results
from contest.results.service import NewPrize
from tests import pages
from tests.quiz.at_once import signed
from tests.quiz.conftest import Quiz
from tests.quiz.previewing import Make, changes, confirm, over, seen
from tests.quiz.test_regrade import versions_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def looked(make_quiz: Make) -> tuple[Quiz, Wanted, Wanted, str]:
    """A closed round, a change that was looked at, the same of another question, and the token of the look."""
    quiz, attempts, wanted = over(make_quiz)
    other = replace(wanted, version_id=versions_of(quiz, attempts[0])[1])
    return quiz, wanted, other, seen(quiz, wanted).ground.token


def test_token_of_one_change_makes_no_other(looked: tuple[Quiz, Wanted, Wanted, str]) -> None:
    quiz, wanted, other, token = looked

    for posted in (
        replace(wanted, key=wanted.key | 8),
        replace(wanted, rule=KeyRule.ANY, key=0),
        replace(wanted, rule=KeyRule.DROPPED, key=0),
        replace(other, rule=KeyRule.ANY, key=0),
    ):
        with pytest.raises(Refused, match="không phải thay đổi đã xem trước"):
            confirm(quiz, posted, token)

    assert changes(quiz) == []
    assert [confirm(quiz, wanted, token)] == changes(quiz)


def test_prizes_that_were_set_since_do_not_make_it_another_change(looked: tuple[Quiz, Wanted, Wanted, str]) -> None:
    quiz, wanted, _, token = looked

    assert confirm(quiz, replace(wanted, prizes=7), token)


def test_press_that_carries_another_rule_than_was_shown_is_told_so(looked: tuple[Quiz, Wanted, Wanted, str]) -> None:
    quiz, wanted, _, _ = looked
    desk = quiz.client(quiz.organizer_id)
    page = pages.get(desk, f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai/{wanted.version_id}?cach=any")

    told = page.submit("Đổi và chấm lại", status=409, cach="dropped", reason="In nhầm")
    assert "Thay đổi vừa gửi không phải thay đổi đã xem trước" in told.text
    assert changes(quiz) == []

    page.submit("Đổi và chấm lại", reason="In nhầm")
    assert len(changes(quiz)) == 1


def test_press_is_told_of_a_publication_that_its_page_did_not_know(looked: tuple[Quiz, Wanted, Wanted, str]) -> None:
    quiz, wanted, _, _ = looked
    desk = quiz.client(quiz.organizer_id)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai/{wanted.version_id}?cach=dropped"
    with quiz.app.app_context(), unit_of_work():
        results.set_prizes(round_id=quiz.round_id, prizes=[NewPrize("Giải Nhất", 1, 1)], **signed(quiz))
    before = pages.get(desk, address)
    with quiz.app.app_context(), unit_of_work():
        made = results.publish(round_id=quiz.round_id, title="Kết quả", **signed(quiz)).id

    told = before.submit("Đổi và chấm lại", status=409, reason="In nhầm")
    assert "Đợt này vừa có Công bố số 01" in told.text
    assert changes(quiz) == []

    known = pages.get(desk, address)
    with quiz.app.app_context(), unit_of_work():
        results.revoke(publication_id=made, **signed(quiz))
    assert "vừa được thu hồi" in known.submit("Đổi và chấm lại", status=409, reason="In nhầm").text
    pages.get(desk, address).submit("Đổi và chấm lại", reason="In nhầm")
    assert len(changes(quiz)) == 1
