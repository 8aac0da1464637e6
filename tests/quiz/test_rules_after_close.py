"""Rules that are changed after the close: nothing counted by the old ones is explained by the new, and what depends on them is counted anew."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, Refused
from contest.quiz import jobs, queries, service
from contest.quiz.models import QuizRound
from contest.quiz.queries.board import board_page
from contest.quiz.queries.report import report_of
from tests.backoffice.test_rounds import filled
from tests.quiz.at_once import signed
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close
from tests.quiz.test_regrade import run
from tests.signed_in import sign_in

Make = Callable[..., Quiz]
BOARD = "/thi-trac-nghiem/bang-xep-hang"
pytestmark = pytest.mark.both_databases


def rules_change(quiz: Quiz, **values: Any) -> None:
    """Change some rules as the desk does; nothing is counted yet."""
    with quiz.app.app_context(), unit_of_work():
        found = contests.round_by_id(quiz.round_id)
        params = QuizParams.read({**found.params, **values})
        used = queries.most_used(quiz.round_id)
        change = rounds.change_rules(round_id=quiz.round_id, params=params, begun=True, used=used, **signed(quiz))
        service.follow_rules(round_id=quiz.round_id, changed=change.after)


def shown(quiz: Quiz) -> queries.BoardPage:
    with quiz.app.app_context():
        return board_page(contests.round_by_id(quiz.round_id), clock.now())


@pytest.mark.parametrize("order", [["score", "duration", "submitted", "started"], ["score"]])
def test_places_counted_by_other_criteria_are_not_explained(make_quiz: Make, order: list[str]) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "duration", "submitted"])
    own = quiz.begin()
    quiz.hand_in(own, answers=quiz.key(own))
    close(quiz)
    client, desk = quiz.client(), quiz.app.test_client()
    sign_in(desk, quiz.organizer_id)
    assert "Vì sao bạn ở hạng" in client.get(BOARD).text

    rules_change(quiz, tie_breaks=order)

    seen = client.get(BOARD)
    assert seen.status_code == 200
    assert "Đang tổng hợp" in seen.text
    assert "Vì sao bạn ở hạng" not in seen.text
    assert desk.get(f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/bao-cao").status_code == 200
    run(quiz, jobs.rank)
    assert "Vì sao bạn ở hạng" in client.get(BOARD).text


def test_answer_to_the_prediction_follows_the_rule_of_who_counts(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="participants", hide_counters=True, tie_breaks=["score", "prediction"])
    attempt(quiz, "Đủ câu một", guess=2)
    attempt(quiz, "Đủ câu hai", guess=3)
    attempt(quiz, "Bỏ trống", guess=3, blanks=1, correct=9)
    close(quiz)
    assert shown(quiz).actual == 3

    rules_change(quiz, all_answered=True)
    run(quiz, jobs.rank)

    with quiz.app.app_context():
        assert db.session.get_one(QuizRound, quiz.round_id).actual == 2
        report = report_of(contests.round_by_id(quiz.round_id), clock.now())
    assert (shown(quiz).final, shown(quiz).actual, shown(quiz).total, report.actual) == (True, 2, 2, 2)
    assert [row.full_name for row in shown(quiz).rows] == ["Đủ câu một", "Đủ câu hai"]


def test_attempts_are_not_lowered_below_what_somebody_has_used(make_quiz: Make) -> None:
    quiz = make_quiz(hide_counters=True, attempts=3)
    quiz.app.config["WTF_CSRF_ENABLED"] = False
    attempt(quiz, "Hai lượt", correct=5)
    attempt(quiz, "Hai lượt", began=1000)
    granted = attempt(quiz, "Được thêm lượt")
    with quiz.app.app_context(), unit_of_work():
        who = queries.attempt_by_id(granted).attempt.entrant_id
        rounds.allow_attempts(round_id=quiz.round_id, account_id=who, attempts=2, **signed(quiz))
    for began in (1000, 2000, 3000):
        attempt(quiz, "Được thêm lượt", began=began)
    desk = quiz.app.test_client()
    sign_in(desk, quiz.organizer_id)

    with pytest.raises(Refused, match="lượt thứ 2"):
        rules_change(quiz, attempts=1)
    asked = filled(questions="10", attempts="1", step="look")
    page = desk.post(f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/dieu-chinh-the-le", data=asked)
    assert (page.status_code, "Đã có người vào thi lượt thứ 2" in page.text) == (422, True)
    rules_change(quiz, attempts=2)


def test_other_rules_of_a_round_closed_early_can_be_changed(make_quiz: Make) -> None:
    quiz = make_quiz(prediction="none", minutes=15, tie_breaks=["score"])
    attempt(quiz, "Một")
    with quiz.app.app_context(), unit_of_work():
        found = contests.round_by_id(quiz.round_id)
        found.opens_at, found.closes_at = clock.now() - timedelta(minutes=5), clock.now()

    rules_change(quiz, tie_breaks=["score", "duration"])

    with pytest.raises(BadInput, match="dài hơn cả đợt thi"):
        rules_change(quiz, minutes=20)
