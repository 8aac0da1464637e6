"""What the job that settles predictions costs: it comes every few seconds, for all the rounds that were ever held."""

from collections.abc import Callable

import pytest

from contest.core.db import unit_of_work
from contest.quiz import service
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close
from tests.statements import sent

Make = Callable[..., Quiz]


def closed_without_a_guess(make_quiz: Make) -> Quiz:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"])
    attempt(quiz, "Người Dự Thi")
    close(quiz)
    return quiz


@pytest.mark.both_databases
def test_closed_round_without_a_guess_is_neither_counted_nor_locked_again(make_quiz: Make) -> None:
    quiz = closed_without_a_guess(make_quiz)

    with quiz.app.app_context(), sent(quiz.app) as statements, unit_of_work():
        assert service.settle_predictions() == 0

    assert not [statement for statement in statements if "FROM attempt" in statement or "FOR KEY SHARE" in statement]
