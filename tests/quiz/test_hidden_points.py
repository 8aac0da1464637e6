"""What the rules hide until the close is nowhere on the live board, and the regulations say hidden only of what is."""

from collections.abc import Callable

import pytest

from contest.contests import queries as contests
from contest.core import clock, queue
from contest.quiz import jobs, labels, queries
from contest.quiz.rules import sentences
from tests.quiz.conftest import Quiz
from tests.quiz.places import close
from tests.quiz.test_regrade import run

Make = Callable[..., Quiz]
BOARD = "/thi-trac-nghiem/bang-xep-hang"
HIDDEN = "Số người và số lượt dự thi được giấu đến khi đợt thi đóng."


@pytest.mark.both_databases
@pytest.mark.parametrize("with_redis", [False, True])
def test_points_shown_after_the_close_are_not_on_the_live_board(make_quiz: Make, with_redis: bool) -> None:
    quiz = make_quiz(prediction="none", reveal_score="after_close", tie_breaks=["score", "duration"])
    own = quiz.begin()
    quiz.hand_in(own, answers=quiz.key(own))
    run(quiz, jobs.sweep)
    if with_redis:
        run(quiz, jobs.rebuild_boards)

    for seen in (quiz.client().get(BOARD).text, quiz.app.test_client().get(BOARD).text):
        assert "Nguyễn Thử Hạnh</b>" not in seen
        assert "người có điểm" not in seen
        assert "Bảng xếp hạng hiện khi đợt đóng" in seen
        assert "Theo thể lệ, điểm của đợt này chỉ hiện sau khi đợt đóng" in seen
    with quiz.app.app_context():
        found = contests.round_by_id(quiz.round_id)
        assert queries.my_place(found, quiz.entrant_id, clock.now()) is None
        assert queries.my_rank(found, quiz.entrant_id, clock.now()) is None
        queue.connection().flushall()

    close(quiz)
    assert "Nguyễn Thử Hạnh</b>" in quiz.client().get(BOARD).text


@pytest.mark.parametrize(("asked", "hidden"), [("participants", True), ("none", False)])
def test_regulations_say_hidden_only_where_a_guess_is_asked(make_quiz: Make, asked: str, hidden: bool) -> None:
    order = ["score", "prediction"] if hidden else ["score"]
    quiz = make_quiz(prediction=asked, hide_counters=True, tie_breaks=order)

    with quiz.app.app_context():
        found = contests.round_by_id(quiz.round_id)
        params = queries.ranking.params_of(found)
        assert (HIDDEN in sentences(params)) is hidden
        assert ("Số người, lượt" in dict(labels.in_words(params))) is hidden
        assert queries.board_page(found, clock.now()).veiled is hidden
