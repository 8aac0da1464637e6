"""Reads behind item analysis: which attempts are counted, batch by batch, and what was worked out before; the desk and the operator's report ask."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from contest.core.db import db
from contest.quiz.analysis import RoundAnalysis, Scope, unpacked
from contest.quiz.ledger import KeyChange
from contest.quiz.models import Attempt, Question, QuestionVersion
from contest.quiz.rules import FINISHED
from contest.quiz.waiting import Waiting

WAITING = Waiting("kv:analysis", lasts=timedelta(hours=1), silent=120, believed=600)
BATCH = 10_000
_RECIPE = 2  # rises when the figures or the flags of the same attempts would be others


@dataclass(frozen=True)
class Counted:
    """How many attempts the scope holds now, and the stamp of what an analysis of them would rest on."""

    attempts: int
    stamp: str


@dataclass(frozen=True)
class Progress:
    """How far a running analysis has come, in attempts."""

    done: int
    total: int


@dataclass(frozen=True)
class Asked:
    """The words of one question as it stood in the round, and the question of the bank that it is a version of."""

    question_id: int
    code: str
    stem: str
    choices: tuple[str, ...]


def counted(scope: Scope) -> Counted:
    """What an analysis would count now."""
    number, which = db.session.execute(select(func.count(), func.sum(Attempt.id)).where(*_within(scope))).one()
    changes = select(func.count(), func.count(KeyChange.done_at)).where(KeyChange.round_id == scope.round_id)
    made, done = db.session.execute(changes).one()
    return Counted(number, f"{_RECIPE}-{number}-{int(which or 0)}-{made}-{done}")


def analysed_attempts(scope: Scope) -> Iterator[list[Any]]:
    """Rows of seed, answers and unit, some thousands at a time, in the order of their ids."""
    after = 0
    while True:
        query = select(Attempt.id, Attempt.seed, Attempt.answers, Attempt.unit_id).where(*_within(scope))
        rows = db.session.execute(query.where(Attempt.id > after).order_by(Attempt.id).limit(BATCH)).all()
        if not rows:
            return
        after = rows[-1].id
        yield list(rows)


def kept_analysis(scope: Scope) -> RoundAnalysis | None:
    """What was worked out last, however old; None where there is nothing or Redis is silent."""
    content = WAITING.kept(word_of(scope))
    return unpacked(content) if content else None


def analysis_progress(scope: Scope) -> Progress | None:
    """How far the running analysis has come; None when none runs."""
    content = WAITING.told(word_of(scope))
    if content is None:
        return None
    done, _, total = content.decode().partition("/")
    return Progress(int(done), int(total))


def asked_questions(version_ids: Iterable[int]) -> dict[int, Asked]:
    """What these versions ask, by their numbers; unknown ones are left out."""
    ids = sorted(set(version_ids))
    query = (
        select(QuestionVersion.id, Question.id, Question.code, QuestionVersion.stem, QuestionVersion.choices)
        .join(Question, Question.id == QuestionVersion.question_id)
        .order_by(QuestionVersion.id)
    )
    found: dict[int, Asked] = {}
    for start in range(0, len(ids), 500):
        rows = db.session.execute(query.where(QuestionVersion.id.in_(ids[start : start + 500])))
        found |= {id_: Asked(which, code, stem, tuple(choices)) for id_, which, code, stem, choices in rows}
    return found


def word_of(scope: Scope) -> str:
    """How a scope is written among those that wait."""
    return f"{scope.round_id}:{scope.word}"


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    limits = [
        Attempt.round_id == scope.round_id,
        Attempt.state.in_(FINISHED),
        Attempt.graded_at.is_not(None),
    ]
    if not scope.first_only:
        return limits
    earlier = aliased(Attempt)
    before = (
        (earlier.round_id == Attempt.round_id)
        & (earlier.entrant_id == Attempt.entrant_id)
        & (earlier.number < Attempt.number)
        & earlier.state.in_(FINISHED)
    )
    # A person whose first attempt was annulled is counted by the first that was not.
    return [*limits, (Attempt.number == 1) | ~exists().where(before)]
