"""A changed key, looked at first: what tests of previews ask, see and confirm."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from contest.core.db import db, unit_of_work
from contest.quiz import service
from contest.quiz.ledger import KeyChange, KeyRule
from contest.quiz.queries.previews import Preview, Wanted
from contest.quiz.waiting import Waiting
from tests.quiz.conftest import Quiz
from tests.quiz.places import close
from tests.quiz.test_regrade import other_key, sit_all, versions_of

Make = Callable[..., Quiz]


def wanted_of(quiz: Quiz, version_id: int, rule: KeyRule = KeyRule.KEY) -> Wanted:
    """A change of that question's key, or of how it is marked."""
    return Wanted(quiz.round_id, version_id, rule, other_key(quiz, version_id) if rule is KeyRule.KEY else 0, prizes=1)


def seen(quiz: Quiz, wanted: Wanted) -> Preview:
    """What the change would do."""
    with quiz.app.app_context():
        return service.preview(wanted)


def confirm(quiz: Quiz, wanted: Wanted, token: str) -> int:
    """Make the change that was seen under that token; the id of what was made."""
    with quiz.app.app_context(), unit_of_work():
        return service.confirm_change(wanted, seen=token, actor_id=quiz.organizer_id, reason="Đáp án in nhầm").id


def ask(quiz: Quiz, wanted: Wanted) -> bool:
    """Ask the job for it; whether it was needed."""
    with quiz.app.app_context():
        return service.ask_for_preview(wanted)


def changes(quiz: Quiz) -> list[int]:
    """The ids of all changes that were made."""
    with quiz.app.app_context():
        return list(db.session.scalars(db.select(KeyChange.id)))


def still_open(make_quiz: Make) -> Quiz:
    """An open round in which everybody draws ten of twenty-four questions; nothing is guessed."""
    return make_quiz(prediction="none", tie_breaks=["score", "submitted"], attempts=5)


def over(make_quiz: Make, **rules: Any) -> tuple[Quiz, list[int], Wanted]:
    """A closed round of six people and a change that takes points from those who drew a question."""
    quiz = make_quiz(**{"prediction": "none", "tie_breaks": ["score", "submitted"], "attempts": 1} | rules)
    attempts = sit_all(quiz)
    close(quiz)
    return quiz, attempts, wanted_of(quiz, versions_of(quiz, attempts[0])[0])


def break_off(waiting: Waiting) -> None:
    """A worker takes the word that waits longest, and its work breaks off."""
    word = waiting.take()
    assert word
    with suppress(RuntimeError), waiting.at_work(word):
        raise RuntimeError
