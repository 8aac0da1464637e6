"""Why a key was changed tells the key: the board says so once nobody sits any more, and before that only that it was done."""

from collections.abc import Callable

from contest.core.db import db, unit_of_work
from contest.quiz import jobs
from contest.quiz.ledger import KeyChange
from contest.quiz.queries import frozen_bank
from tests.quiz.conftest import Quiz
from tests.quiz.places import close

BOARD = "/thi-trac-nghiem/bang-xep-hang"
WHY = "Đáp án đúng là B, đề in nhầm"


def changed_while_running(make_quiz: Callable[..., Quiz]) -> Quiz:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"])
    with quiz.app.app_context():
        version_id = min(frozen_bank(quiz.round_id).questions)
    quiz.change_key(version_id)
    with quiz.app.app_context(), unit_of_work():
        db.session.execute(db.update(KeyChange).values(reason=WHY))
    with quiz.app.app_context():
        jobs.regrade()
    return quiz


def test_running_round_tells_that_a_question_was_marked_anew_but_not_why(make_quiz: Callable[..., Quiz]) -> None:
    quiz = changed_while_running(make_quiz)
    quiz.begin()

    for client in (quiz.app.test_client(), quiz.client()):
        seen = client.get(BOARD).text
        assert "Đã chấm lại ngày" in seen
        assert WHY not in seen
        assert "Lý do hiện khi đợt đã đóng và không còn ai làm bài." in seen


def test_round_that_is_over_tells_why(make_quiz: Callable[..., Quiz]) -> None:
    quiz = changed_while_running(make_quiz)
    close(quiz)

    assert f"Lý do: {WHY}" in quiz.app.test_client().get(BOARD).text
