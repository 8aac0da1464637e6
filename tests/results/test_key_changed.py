"""A key that is changed while an award list is being published: the list is of whole marks, by the one key or by the other, and of what was seen."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.quiz import jobs, service
from contest.quiz.ledger import KeyChange, KeyRule
from contest.results import queries
from contest.results import service as results
from contest.results.models import Publication
from contest.results.service import NewPrize
from tests import pages
from tests.quiz.at_once import beside, signed, tried_at_once
from tests.quiz.conftest import Quiz, make_quiz  # noqa: F401
from tests.quiz.places import close
from tests.quiz.test_regrade import other_key, sit_all, versions_of

pytestmark = pytest.mark.both_databases
Make = Callable[..., Quiz]
RULES: dict[str, Any] = {"prediction": "none", "tie_breaks": ["score", "submitted"], "attempts": 1}


@pytest.fixture
def won(make_quiz: Make) -> tuple[Quiz, list[int], partial[KeyChange]]:  # noqa: F811
    """A closed round of one prize: who is first and second, and a change that makes the second first."""
    quiz = make_quiz(**RULES)
    first, second = sit_all(quiz, 2)
    version_id = min(set(versions_of(quiz, first)) - set(versions_of(quiz, second)))
    close(quiz)
    with quiz.app.app_context(), unit_of_work():
        results.set_prizes(round_id=quiz.round_id, prizes=[NewPrize("Giải Nhất", 1, 4_000_000)], **signed(quiz))
    change = partial(
        service.change_key,
        round_id=quiz.round_id,
        version_id=version_id,
        rule=KeyRule.KEY,
        key=other_key(quiz, version_id),
        **signed(quiz),
    )
    return quiz, [quiz.attempt(one).entrant_id for one in (first, second)], change


Won = tuple[Quiz, list[int], "partial[KeyChange]"]


def publishing(quiz: Quiz) -> partial[Publication]:
    return partial(results.publish, round_id=quiz.round_id, title="Kết quả", **signed(quiz))


def winners(quiz: Quiz) -> list[int]:
    """Who has a prize in the publication that stands."""
    with quiz.app.app_context():
        standing = queries.standing_publication(quiz.round_id)
        return [given.subject for given in queries.published(standing)] if standing else []


def regrade(quiz: Quiz) -> None:
    with quiz.app.app_context():
        jobs.regrade()


def test_nothing_is_published_until_a_changed_key_is_applied(won: Won) -> None:
    quiz, (_, second), change = won
    tried_at_once(quiz, change)

    refused = tried_at_once(quiz, publishing(quiz))[0]
    assert isinstance(refused, Refused)
    assert "Máy đang chấm lại theo đáp án mới" in refused.happened
    page = pages.get(quiz.client(quiz.organizer_id), f"/ban-dieu-hanh/cong-bo/dot/{quiz.round_id}")
    assert "Máy đang chấm lại theo đáp án mới" in page.text

    regrade(quiz)
    tried_at_once(quiz, publishing(quiz))
    assert winners(quiz) == [second]


def test_publication_beside_a_change_that_is_not_committed_waits_and_is_refused(won: Won) -> None:
    quiz, _, change = won

    done = beside(quiz, change, publishing(quiz))

    assert isinstance(done, Refused)
    assert winners(quiz) == []


def test_change_beside_a_publication_that_is_not_committed_comes_after_it(won: Won) -> None:
    quiz, (first, _), change = won

    done = beside(quiz, publishing(quiz), change)

    assert isinstance(done, KeyChange)
    regrade(quiz)
    assert winners(quiz) == [first]
    page = pages.get(quiz.client(quiz.organizer_id), f"/ban-dieu-hanh/cong-bo/dot/{quiz.round_id}")
    assert "Danh sách tính lúc này khác Công bố số 01" in page.text


def test_changes_and_publications_pressed_together_never_wait_in_a_ring(won: Won) -> None:
    quiz, (first, _), change = won

    acts: list[Callable[[], Any]] = [change, publishing(quiz)]

    done = tried_at_once(quiz, *acts * 3)

    made = [one for one in done if not isinstance(one, Refused)]
    assert [type(one) for one in made].count(KeyChange) == 1
    assert winners(quiz) in ([], [first])


def test_list_that_changed_since_its_page_was_opened_is_not_published_unseen(won: Won) -> None:
    quiz, (_, second), change = won
    desk, address = quiz.client(quiz.organizer_id), f"/ban-dieu-hanh/cong-bo/dot/{quiz.round_id}"
    page = pages.get(desk, address)
    tried_at_once(quiz, change)
    regrade(quiz)

    told = page.submit("Công bố", status=409, reason="Biên bản họp")
    assert "Danh sách đạt giải đã đổi từ lúc bạn mở trang" in told.text
    assert winners(quiz) == []

    pages.get(desk, address).submit("Công bố", reason="Biên bản họp")
    assert winners(quiz) == [second]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"prediction": "participants", "tie_breaks": ["score", "prediction"]}, "đáp số câu dự đoán"),
        ({"tie_breaks": ["score", "lot"]}, "chưa bốc thăm"),
    ],
)
def test_nothing_is_published_between_grading_and_the_count_of_places(
    make_quiz: Make,  # noqa: F811
    rules: dict[str, Any],
    words: str,
) -> None:
    quiz = make_quiz(**RULES | rules)
    sit_all(quiz, 2)
    with quiz.app.app_context(), unit_of_work():
        results.set_prizes(round_id=quiz.round_id, prizes=[NewPrize("Giải Nhất", 2, 1)], **signed(quiz))
        db.session.get_one(Round, quiz.round_id).closes_at = clock.now()

    refused = tried_at_once(quiz, publishing(quiz))[0]
    assert isinstance(refused, Refused)
    assert words in refused.happened

    close(quiz)
    tried_at_once(quiz, publishing(quiz))
    assert len(winners(quiz)) == 2
