"""Rules that ask for so many choices, or for one right choice: papers hold such questions alone, and a bank with too few is told so."""

from collections.abc import Callable
from typing import Any

import pytest

from contest.contests import checks
from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.rules import QuizParams, RoundState
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.quiz import queries, service
from question_bank.schema import Choice, Question
from tests.quiz.conftest import Quiz

Make = Callable[..., Quiz]
KINDS = [(choices, right) for choices in (3, 4, 5) for right in (1, 2)]


def questions(count: int, *, choices: int, right: int) -> list[Question]:
    """So many questions of one kind."""
    return [
        Question(
            stem=f"Câu {n} có {choices} phương án, {right} đúng?",
            choices=tuple(Choice(f"Phương án {place} của câu {n}", correct=place < right) for place in range(choices)),
            code=f"K{choices}{right}-{n}",
        )
        for n in range(count)
    ]


def mixed(make_quiz: Make, each: int = 12) -> Quiz:
    """A round that nobody has sat, over a bank of twelve questions of every kind besides the usual ones."""
    quiz = make_quiz(RoundState.SOON, hide_counters=True)
    with quiz.app.app_context(), unit_of_work():
        for choices, right in KINDS:
            service.import_questions(
                contest_id=quiz.contest_id,
                questions=questions(each, choices=choices, right=right),
                actor_id=quiz.organizer_id,
            )
    return quiz


def prepare(quiz: Quiz, **params: Any) -> set[tuple[int, int]]:
    """Freeze the round by these rules; returns the kinds of questions that it may draw: how many choices, how many right."""
    with quiz.app.app_context(), unit_of_work():
        round_ = contests.round_by_id(quiz.round_id)
        round_.params = round_.params | params
        db.session.flush()
        frozen = service.prepare_round(round_id=quiz.round_id, actor_id=quiz.organizer_id)
        held = queries.versions_by_id(frozen.version_ids).values()
        return {(len(version.choices), version.key.bit_count()) for version in held}


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("params", "kinds"),
    [
        ({}, set(KINDS)),
        ({"choices": 4}, {(4, 1), (4, 2)}),
        ({"choices": 5, "several_right": False}, {(5, 1)}),
        ({"several_right": False}, {(3, 1), (4, 1), (5, 1)}),
    ],
)
def test_round_draws_the_kinds_of_questions_that_its_rules_name(
    make_quiz: Make, params: dict[str, Any], kinds: set[tuple[int, int]]
) -> None:
    quiz = mixed(make_quiz)

    assert prepare(quiz, **params) == kinds
    with quiz.app.app_context():
        sample = queries.sample_paper(quiz.contest_id, QuizParams(questions=10, **params), seed=7)
        assert {len(question.choices) for question in sample} <= {choices for choices, _ in kinds}
        assert len(sample) == 10


def test_bank_with_too_few_of_the_kind_is_refused_and_nothing_is_frozen(make_quiz: Make) -> None:
    quiz = mixed(make_quiz, each=4)
    with quiz.app.app_context():
        before = list(queries.quiz_round(quiz.round_id).version_ids)

    with pytest.raises(Refused, match="chưa đủ cho đợt này"):
        prepare(quiz, choices=5, several_right=False)

    with quiz.app.app_context():
        assert queries.quiz_round(quiz.round_id).version_ids == before


@pytest.mark.parametrize("changed", [{"choices": 4}, {"several_right": False}])
def test_a_frozen_paper_is_forgotten_when_the_rules_ask_for_another_kind(
    make_quiz: Make, changed: dict[str, Any]
) -> None:
    quiz = mixed(make_quiz)
    with quiz.app.app_context(), unit_of_work():
        round_ = contests.round_by_id(quiz.round_id)
        names = rounds.edit(
            round_id=quiz.round_id,
            title=round_.title,
            opens_at=round_.opens_at,
            closes_at=round_.closes_at,
            params=QuizParams.read(round_.params | changed),
            actor_id=quiz.organizer_id,
        )
        service.follow_rules(round_id=quiz.round_id, changed=names)

    with quiz.app.app_context():
        assert queries.quiz_round(quiz.round_id) is None


@pytest.mark.parametrize("choices", [-1, 1, 11])
def test_a_number_of_choices_that_no_question_has_is_explained(choices: int) -> None:
    assert checks.problems(QuizParams(choices=choices))


@pytest.mark.parametrize("choices", [0, 2, 4, 10])
def test_a_number_of_choices_that_a_question_may_have_is_taken(choices: int) -> None:
    assert checks.problems(QuizParams(choices=choices)) == []
