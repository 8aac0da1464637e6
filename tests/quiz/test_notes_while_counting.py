"""A complaint about an attempt while the places of its round are counted, which may last a minute: it is written at once."""

from collections.abc import Callable

import pytest

from contest.core.db import db
from contest.quiz import service
from contest.quiz.rules import NoteKind
from tests.quiz.at_once import beside
from tests.quiz.conftest import Quiz
from tests.quiz.places import attempt, close


@pytest.mark.both_databases
def test_complaint_does_not_wait_for_a_count_of_places(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz(prediction="none", tie_breaks=["score", "submitted"])
    attempt_id = attempt(quiz, "Người Dự Thi")
    close(quiz)

    def complain() -> int:
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.execute(db.text("SET LOCAL lock_timeout = '1ms'"))
        made = service.note(
            attempt_id=attempt_id, kind=NoteKind.COMPLAINT, body="Máy tắt giữa giờ", actor_id=quiz.organizer_id
        )
        return made.id

    assert beside(quiz, lambda: service.rank_round(quiz.round_id), complain)
