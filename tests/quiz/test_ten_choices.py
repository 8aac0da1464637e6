"""Papers of questions with ten choices: sat, saved, handed in, graded, marked anew and analysed, on both databases."""

from collections.abc import Callable

import pytest

from contest.contests import queries as contests
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput
from contest.quiz import jobs, queries, service
from contest.quiz.analysis import Scope
from contest.quiz.ledger import KeyRule
from contest.quiz.service import analysis
from question_bank import answers as codes
from question_bank.schema import LETTERS, Choice, Question
from tests.addresses import of_attempt
from tests.quiz.conftest import QUESTIONS, Quiz
from tests.quiz.test_pages import token_in

pytestmark = pytest.mark.both_databases


@pytest.fixture
def quiz(make_quiz: Callable[..., Quiz]) -> Quiz:
    """An open round whose ten questions have ten choices each, the right one among the last four."""
    quiz = make_quiz(RoundState.SOON, prediction="none", tie_breaks=["score", "submitted"], attempts=5)
    asked = [
        Question(
            f"Câu {n} có mười phương án?",
            tuple(
                Choice(f"Phương án {letter} của câu {n}", place == 6 + n % 4) for place, letter in enumerate(LETTERS)
            ),
            code=f"M{n}",
        )
        for n in range(QUESTIONS)
    ]
    with quiz.app.app_context(), unit_of_work():
        service.import_questions(contest_id=quiz.contest_id, questions=asked, actor_id=quiz.organizer_id)
        round_ = contests.round_by_id(quiz.round_id)
        round_.params = round_.params | {"choices": 10}
        db.session.flush()
        service.prepare_round(round_id=quiz.round_id, actor_id=quiz.organizer_id)
        round_.opens_at = clock.now()
    return quiz


def save(quiz: Quiz, attempt_id: int, sequence: int, changes: dict[int, str]) -> service.Saved | None:
    with quiz.app.app_context(), unit_of_work():
        who = queries.attempt_by_id(attempt_id).attempt.entrant_id
        packet = service.Packet(sequence=sequence, changes=changes)
        return service.save(attempt_id=attempt_id, who=who, packet=packet)


def test_late_choices_are_saved_graded_marked_anew_and_counted(quiz: Quiz) -> None:
    attempts = [quiz.begin(who) for who in quiz.entrants(3)]
    key = quiz.key(attempts[0])
    assert not key.isascii()
    for attempt_id, right in zip(attempts, (QUESTIONS, 6, 0), strict=True):
        own = quiz.key(attempt_id)
        for place, char in enumerate(own[:right]):
            saved = save(quiz, attempt_id, place + 1, {place: char})
            assert saved
            assert saved.answers == own[: place + 1].ljust(QUESTIONS, codes.BLANK)
        quiz.hand_in(attempt_id)
    with quiz.app.app_context():
        jobs.grade()
        found = analysis.analysis_of(Scope(quiz.round_id))
        version_id = queries.frozen_bank(quiz.round_id).paper(quiz.attempt(attempts[0]).seed).items[0].key
    assert [quiz.attempt(attempt_id).correct for attempt_id in attempts] == [QUESTIONS, 6, 0]
    assert found
    assert sum(choice.count for item in found.items for choice in item.choices) == QUESTIONS + 6
    assert all(len(item.choices) == 10 for item in found.items)

    quiz.change_key(version_id, KeyRule.KEY, 1)
    with quiz.app.app_context():
        jobs.regrade()
    assert quiz.attempt(attempts[0]).correct == QUESTIONS - 1


def test_a_choice_beyond_the_question_is_refused(make_quiz: Callable[..., Quiz]) -> None:
    quiz = make_quiz()
    attempt_id = quiz.begin()
    assert save(quiz, attempt_id, 1, {0: codes.char([9])}) is None
    with pytest.raises(BadInput):
        quiz.hand_in(attempt_id, sequence=2, changes={0: codes.char([6])})


def test_the_paper_and_its_form_offer_ten_choices(quiz: Quiz) -> None:
    client = quiz.client()
    attempt_id = quiz.begin()
    address = of_attempt(quiz.app, attempt_id)
    body = client.get(address).text
    assert body.count("Phương án J của câu") == QUESTIONS
    assert f'value="{codes.char([9])}"' in body

    form = {"csrf_token": token_in(body), "questions": str(QUESTIONS), "q0": codes.char([9]), "then": "save"}
    client.post(f"{address}/luu", data=form)
    assert quiz.attempt(attempt_id).answers == codes.char([9]).ljust(QUESTIONS, codes.BLANK)
