"""A changed key is made as its preview showed it, once, and only while what was seen still holds."""

from datetime import timedelta
from functools import partial

import pytest

from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, Refused
from contest.quiz import service
from contest.quiz.ledger import KeyRule
from contest.quiz.queries.previews import Wanted
from tests.quiz.at_once import at_once
from tests.quiz.places import close
from tests.quiz.previewing import Make, changes, confirm, over, seen, still_open, wanted_of
from tests.quiz.test_regrade import change, sit_all, versions_of

pytestmark = pytest.mark.both_databases


def test_what_was_seen_can_be_made_once(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    token = seen(quiz, wanted).ground.token

    change_id = confirm(quiz, wanted, token)
    with pytest.raises(Refused, match="đang được chấm đúng như vậy"):
        confirm(quiz, wanted, token)

    assert changes(quiz) == [change_id]


@pytest.mark.parametrize("what", ["thể lệ", "đáp án đang dùng", "các lượt được xếp hạng"])
def test_change_is_refused_when_the_ground_of_its_preview_moved(make_quiz: Make, what: str) -> None:
    quiz, attempts, wanted = over(make_quiz)
    token = seen(quiz, wanted).ground.token
    made = []
    if what == "thể lệ":
        with quiz.app.app_context(), unit_of_work():
            round_ = db.session.get_one(Round, quiz.round_id)
            round_.params = {**round_.params, "tie_breaks": ["score", "started"]}
    elif what == "đáp án đang dùng":
        made = [change(quiz, versions_of(quiz, attempts[0])[1])]
    else:
        with quiz.app.app_context(), unit_of_work():
            service.annul(attempt_id=attempts[0], actor_id=quiz.organizer_id, reason="Thi hộ")

    with pytest.raises(Refused, match=f"{what}.* đã thay đổi"):
        confirm(quiz, wanted, token)

    assert changes(quiz) == made


def test_round_that_closed_since_its_preview_asks_for_another(make_quiz: Make) -> None:
    quiz = still_open(make_quiz)
    attempts = sit_all(quiz)
    wanted = wanted_of(quiz, versions_of(quiz, attempts[0])[0])
    token = seen(quiz, wanted).ground.token
    close(quiz)

    with pytest.raises(Refused, match="đã thay đổi"):
        confirm(quiz, wanted, token)


def test_hand_ins_of_an_open_round_do_not_spoil_its_preview(make_quiz: Make) -> None:
    quiz = still_open(make_quiz)
    attempts = sit_all(quiz)
    wanted = wanted_of(quiz, versions_of(quiz, attempts[0])[0])
    token = seen(quiz, wanted).ground.token
    sit_all(quiz, 1)

    assert confirm(quiz, wanted, token)


def test_preview_left_for_an_hour_is_refused(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    token = seen(quiz, wanted).ground.token

    with clock.shifted(timedelta(minutes=61)), pytest.raises(Refused, match="quá một giờ"):
        confirm(quiz, wanted, token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d", "a.b.c.99999999999999999999", "a.b.c.²"])
def test_change_without_a_preview_is_refused(make_quiz: Make, token: str) -> None:
    quiz, _, wanted = over(make_quiz)

    with pytest.raises(BadInput, match="Chưa xem trước"):
        confirm(quiz, wanted, token)


def test_two_confirmations_at_once_make_one_change(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    other = Wanted(quiz.round_id, wanted.version_id, KeyRule.DROPPED, 0, prizes=1)
    tokens = {one: seen(quiz, one).ground.token for one in (wanted, other)}

    def press(one: Wanted) -> int | None:
        try:
            return service.confirm_change(one, seen=tokens[one], actor_id=quiz.organizer_id, reason="In nhầm").id
        except Refused:
            return None

    made = at_once(quiz, *(partial(press, one) for one in (wanted, other) * 3))

    assert [change_id for change_id in made if change_id] == changes(quiz)
    assert len(changes(quiz)) == 1
