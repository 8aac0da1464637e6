"""A paper that is forgotten or frozen anew while nobody has begun: what was to be done by the old one holds nothing up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.rules import QuizParams
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries, service
from contest.quiz.ledger import RoundLedger
from contest.quiz.models import QuestionVersion
from tests.quiz.conftest import Quiz
from tests.quiz.places import close
from tests.signed_in import sign_in

Make = Callable[..., Quiz]
WHY = "Theo biên bản"


@pytest.fixture
def unsat(make_quiz: Make) -> Quiz:
    """An open round in which nobody has begun."""
    return make_quiz(prediction="none", tie_breaks=["score", "submitted"])


def first_question(quiz: Quiz) -> int:
    with quiz.app.app_context():
        return min(queries.frozen_bank(quiz.round_id).questions)


def ask_fewer_questions(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        before = QuizParams.read(contests.round_by_id(quiz.round_id).params)
        change = rounds.change_rules(
            round_id=quiz.round_id,
            params=replace(before, questions=5),
            actor_id=quiz.organizer_id,
            reason=WHY,
            begun=False,
        )
        service.follow_rules(round_id=quiz.round_id, changed=change.after)


def freeze_without(quiz: Quiz, version_id: int) -> None:
    with quiz.app.app_context(), unit_of_work():
        question_id = db.session.get_one(QuestionVersion, version_id).question_id
        service.retire(question_ids=[question_id], actor_id=quiz.organizer_id, reason=WHY)
        service.prepare_round(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason=WHY)


def seen_at_the_desk(quiz: Quiz, address: str) -> Any:
    client = quiz.app.test_client()
    sign_in(client, quiz.organizer_id)
    return client.get(f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/{address}")


def test_changed_key_of_a_forgotten_paper_is_finished_and_others_follow(unsat: Quiz) -> None:
    unsat.change_key(first_question(unsat))
    ask_fewer_questions(unsat)

    with unsat.app.app_context():
        jobs.regrade()
        assert service.changes_to_apply() == []


def test_changed_key_of_a_question_that_left_the_paper_marks_nobody(unsat: Quiz) -> None:
    version_id = first_question(unsat)
    unsat.change_key(version_id)
    freeze_without(unsat, version_id)
    attempt_id = unsat.begin()
    unsat.hand_in(attempt_id, answers=unsat.key(attempt_id))

    with unsat.app.app_context():
        jobs.grade()
        jobs.regrade()
        assert service.changes_to_apply() == []
    assert unsat.attempt(attempt_id).correct == 10


def test_desk_lists_a_changed_key_of_a_question_that_left_the_paper(unsat: Quiz) -> None:
    version_id = first_question(unsat)
    unsat.change_key(version_id)
    with unsat.app.app_context():
        jobs.regrade()
    freeze_without(unsat, version_id)

    page = seen_at_the_desk(unsat, "cham-lai")

    assert page.status_code == 200
    assert "Đáp án in nhầm" in page.text


def test_desk_lists_a_changed_key_of_a_forgotten_paper(unsat: Quiz) -> None:
    unsat.change_key(first_question(unsat))
    with unsat.app.app_context():
        jobs.regrade()
    ask_fewer_questions(unsat)

    page = seen_at_the_desk(unsat, "cham-lai")

    assert page.status_code == 200
    assert "Đáp án in nhầm" in page.text


def test_round_without_a_paper_is_searched_for_signals_like_any_other(unsat: Quiz) -> None:
    close(unsat)
    ask_fewer_questions(unsat)

    with unsat.app.app_context():
        jobs.look_for_signals()
        assert db.session.get_one(RoundLedger, unsat.round_id).searched_at
        assert service.rounds_to_search() == []
