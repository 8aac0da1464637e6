"""A contest whose quiz round is prepared from a small bank, with entrants who may sit it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.rules import Role
from contest.contests.rules import RoundState, TrackKind
from contest.core.db import db, unit_of_work
from contest.quiz import queries, rules, service
from contest.quiz.ledger import KeyRule
from question_bank.schema import Choice, Question
from tests.factories import make_account, make_contest, round_of
from tests.signed_in import sign_in

QUESTIONS = 10


def bank_of(count: int) -> list[Question]:
    """Questions whose right choice moves along."""
    return [
        Question(
            stem=f"Câu hỏi thử số {n}?",
            choices=tuple(
                Choice(f"Phương án {letter} của câu {n}", correct=place == n % 4) for place, letter in enumerate("ABCD")
            ),
            code=f"T{n:03d}",
            chapter=f"Chương {n % 3}",
        )
        for n in range(count)
    ]


@dataclass
class Quiz:
    """The prepared round and what a test does with it; every method opens the context that it needs."""

    app: Flask
    contest_id: int
    round_id: int
    entrant_id: int
    organizer_id: int

    def begin(self, entrant_id: int | None = None) -> int:
        with self.app.app_context(), unit_of_work():
            return service.begin(round_id=self.round_id, who=entrant_id or self.entrant_id).attempt_id

    def entrants(self, count: int) -> list[int]:
        with self.app.app_context(), unit_of_work():
            return [make_account().id for _ in range(count)]

    def key(self, attempt_id: int) -> str:
        with self.app.app_context():
            return queries.frozen_bank(self.round_id).key(queries.attempt_by_id(attempt_id).attempt.seed)

    def attempt(self, attempt_id: int) -> Any:
        with self.app.app_context():
            found = queries.attempt_by_id(attempt_id).attempt
            db.session.expunge(found)
            return found

    def numbers(self) -> list[int]:
        with self.app.app_context():
            return [row.attempt.number for row in queries.my_attempts(self.entrant_id, self.round_id)]

    def hand_in(self, attempt_id: int, **packet: Any) -> service.HandedIn:
        with self.app.app_context(), unit_of_work():
            who = queries.attempt_by_id(attempt_id).attempt.entrant_id
            return service.hand_in(attempt_id=attempt_id, who=who, packet=service.Packet(**packet))

    def change_key(self, version_id: int, rule: KeyRule = KeyRule.ANY, key: int = 0) -> int:
        with self.app.app_context(), unit_of_work():
            return service.change_key(
                round_id=self.round_id,
                version_id=version_id,
                rule=rule,
                key=key,
                actor_id=self.organizer_id,
                reason="Đáp án in nhầm",
            ).id

    def client(self, entrant_id: int | None = None) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, entrant_id or self.entrant_id)
        return client


@pytest.fixture
def make_quiz(app: Flask) -> Callable[..., Quiz]:
    """Makes a quiz with other rule parameters or in another state."""

    def make(state: RoundState = RoundState.OPEN, **params: Any) -> Quiz:
        with app.app_context(), unit_of_work():
            wanted = {"questions": QUESTIONS, "minutes": 15, "attempts": 2, "hide_counters": False, **params}
            contest = make_contest(quiz=state, params={TrackKind.QUIZ: wanted})
            round_ = round_of(contest, TrackKind.QUIZ)
            organizer = make_account(role=Role.ORGANIZER)
            entrant = make_account(full_name="Nguyễn Thử Hạnh")
            service.import_questions(contest_id=contest.id, questions=bank_of(24), actor_id=organizer.id)
            service.prepare_round(round_id=round_.id, actor_id=organizer.id)
            return Quiz(app, contest.id, round_.id, entrant.id, organizer.id)

    return make


@pytest.fixture
def quiz(make_quiz: Callable[..., Quiz]) -> Quiz:
    """An open round: ten questions, fifteen minutes, two attempts."""
    return make_quiz()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round with an attempt is a large one, whose sums are left to a job."""
    monkeypatch.setattr(rules, "LARGE", 1)
