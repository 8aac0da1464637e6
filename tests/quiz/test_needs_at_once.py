"""What one person needs, noted from two pages at once or while the person starts: nobody is overwritten unseen, no start has less time than was noted."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from contest.accounts import service as accounts
from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.needs import Needs
from contest.core.db import unit_of_work
from contest.core.errors import NotFound, Refused
from contest.quiz import service
from tests import pages
from tests.quiz.at_once import acts_of, beside, signed, tried_at_once
from tests.quiz.conftest import Quiz

pytestmark = pytest.mark.both_databases
REASON = "Theo đơn của gia đình"


def needs(quiz: Quiz, percent: int, *, large_print: bool = False, **more: Any) -> partial[int]:
    return partial(
        service.accommodate,
        account_id=quiz.entrant_id,
        needs=Needs(percent, large_print),
        **signed(quiz),
        **more,
    )


def start(quiz: Quiz) -> partial[service.Begun]:
    return partial(service.begin, round_id=quiz.round_id, who=quiz.entrant_id)


def noted(quiz: Quiz) -> tuple[int, bool]:
    with quiz.app.app_context():
        found = contests.accommodation_of(quiz.entrant_id)
        assert found
        return found.extra_percent, found.large_print


def minutes(quiz: Quiz, attempt_id: int) -> float:
    found = quiz.attempt(attempt_id)
    length: timedelta = found.deadline - found.started_at
    return length / timedelta(minutes=1)


def test_needs_noted_beside_a_start_that_is_not_committed_reach_that_attempt(quiz: Quiz) -> None:
    moved = beside(quiz, start(quiz), needs(quiz, 100))

    assert moved == 1
    assert minutes(quiz, quiz.begin()) == 30


def test_start_pressed_by_many_while_needs_are_noted_has_their_time(quiz: Quiz) -> None:
    done = tried_at_once(quiz, *[start(quiz)] * 3, needs(quiz, 100, large_print=True), *[start(quiz)] * 3)

    assert {type(one) for one in done} <= {service.Begun, Refused, int}
    assert minutes(quiz, quiz.begin()) == 30
    assert quiz.attempt(quiz.begin()).number == 1


def test_only_the_first_of_many_who_saw_the_same_page_is_taken(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    wanted = [20, 40, 60, 80, 100]

    done = tried_at_once(quiz, *(needs(quiz, percent, had=Needs()) for percent in wanted))

    taken = [percent for percent, one in zip(wanted, done, strict=True) if not isinstance(one, Refused)]
    assert len(taken) == 1
    assert noted(quiz) == (taken[0], False)
    assert minutes(quiz, attempt_id) == 15 * (100 + taken[0]) / 100
    assert acts_of(quiz, "account.accommodate") == 1
    assert all(f"{taken[0]}% thời gian" in one.kept for one in done if isinstance(one, Refused))


def test_page_opened_before_another_noted_needs_is_told_and_may_then_insist(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    address = f"/ban-dieu-hanh/nguoi-du-thi/{quiz.entrant_id}"
    first, second = (pages.get(quiz.client(quiz.organizer_id), address) for _ in range(2))

    first.submit("Lưu hỗ trợ", extra_percent="50", large_print="y", reason=REASON)
    told = second.submit("Lưu hỗ trợ", status=409, extra_percent="100", reason=REASON)

    assert noted(quiz) == (50, True)
    assert "Đang giữ: thêm 50% thời gian, chữ to." in told.text
    again = pages.get(second.client, address).submit("Lưu hỗ trợ", extra_percent="100", large_print=None, reason=REASON)
    assert "Lượt đang làm đã đổi giờ kết thúc" in again.text
    assert (noted(quiz), minutes(quiz, attempt_id)) == ((100, False), 30)


def test_same_needs_sent_again_are_no_quarrel(quiz: Quiz) -> None:
    for _ in range(2):
        assert tried_at_once(quiz, needs(quiz, 50, had=Needs())) == [0]

    assert noted(quiz) == (50, False)


def delete(quiz: Quiz) -> partial[None]:
    return partial(accounts.delete_account, account_id=quiz.entrant_id)


def helped(quiz: Quiz) -> None:
    """The entrant is given time, large print and an attempt."""
    with quiz.app.app_context(), unit_of_work():
        needs(quiz, 100, large_print=True)()
        rounds.allow_attempts(round_id=quiz.round_id, account_id=quiz.entrant_id, attempts=1, **signed(quiz))


def help_kept(quiz: Quiz) -> tuple[bool, int]:
    with quiz.app.app_context():
        return contests.accommodation_of(quiz.entrant_id) is not None, contests.extra_attempts_of(
            quiz.round_id, quiz.entrant_id
        )


def test_person_who_was_only_helped_deletes_the_account_and_the_help_with_it(quiz: Quiz) -> None:
    helped(quiz)

    assert tried_at_once(quiz, delete(quiz)) == [None]

    assert help_kept(quiz) == (False, 0)
    assert acts_of(quiz, "account.accommodate") == 1


def test_person_who_has_begun_keeps_the_account_and_the_help(quiz: Quiz) -> None:
    helped(quiz)

    refused = beside(quiz, start(quiz), delete(quiz))

    assert isinstance(refused, Refused)
    assert help_kept(quiz) == (True, 1)


def test_help_noted_for_somebody_who_is_deleting_the_account_finds_nobody(quiz: Quiz) -> None:
    assert isinstance(beside(quiz, delete(quiz), needs(quiz, 100)), NotFound)

    assert help_kept(quiz) == (False, 0)
