"""Questions of the bank that repeat each other, as kept: which pairs, in what state of the bank, and how far a comparison has come; the desk and the service ask.

A comparison lives in Redis, by numbers alone: words are read when it is shown.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from contest.core.db import db
from contest.quiz.models import Question, QuestionVersion
from contest.quiz.queries.bank import QuestionRow
from contest.quiz.waiting import Waiting
from question_bank.findings import Kind

WAITING = Waiting("kv:twins", lasts=timedelta(hours=1))  # the numbers of contests


@dataclass(frozen=True)
class Twin:
    """Two versions that say the same, or nearly; `earlier` and `later` are their ids."""

    kind: Kind
    earlier: int
    later: int


@dataclass(frozen=True)
class Twins:
    """What comparing the bank found, the gravest first; `total` counts the pairs where not all are kept, `stamp` is the state of the bank."""

    stamp: str
    at: datetime
    looked_at: int
    total: int
    pairs: tuple[Twin, ...]


@dataclass(frozen=True)
class Progress:
    """How many questions a running comparison has come past; 0 while it waits for a worker."""

    done: int
    total: int


def bank_stamp(contest_id: int) -> str:
    """The state of the questions in use: another after every question that is added, edited, retired or brought back."""
    return _state(contest_id)[1]


def in_use(contest_id: int) -> int:
    """How many questions are in use."""
    return _state(contest_id)[0]


def versions_in_use(contest_id: int) -> frozenset[int]:
    """The ids of the newest versions of all questions in use."""
    query = select(QuestionVersion.id).join(
        Question, (Question.id == QuestionVersion.question_id) & QuestionVersion.newest
    )
    return frozenset(db.session.scalars(query.where(Question.contest_id == contest_id, Question.retired_at.is_(None))))


def rows_of(version_ids: Iterable[int]) -> dict[int, QuestionRow]:
    """These versions with their questions, by their ids; some hundreds at most."""
    query = select(Question, QuestionVersion).join(QuestionVersion, QuestionVersion.question_id == Question.id)
    found = db.session.execute(query.where(QuestionVersion.id.in_(set(version_ids))))
    return {version.id: QuestionRow(question, version) for question, version in found}


def kept_twins(contest_id: int) -> Twins | None:
    """What was found last, however old; None where there is nothing or Redis is silent."""
    content = WAITING.kept(str(contest_id))
    return unpacked(content) if content else None


def twins_progress(contest_id: int) -> Progress | None:
    """How far the comparison that was asked for has come; None when none was."""
    word = str(contest_id)
    return Progress(int(WAITING.told(word) or 0), in_use(contest_id)) if WAITING.waits(word) else None


def packed(found: Twins) -> bytes:
    """The pairs as JSON."""
    body = asdict(found) | {"at": found.at.isoformat()}
    body["pairs"] = [[pair.kind, pair.earlier, pair.later] for pair in found.pairs]
    return json.dumps(body).encode()


def unpacked(content: bytes) -> Twins:
    """The reverse of `packed`."""
    body: dict[str, Any] = json.loads(content)
    at = datetime.fromisoformat(body.pop("at"))
    return Twins(at=at, pairs=tuple(Twin(*pair) for pair in body.pop("pairs")), **body)


def _state(contest_id: int) -> tuple[int, str]:
    version = QuestionVersion.id
    # A sum alone would not see two questions leave while two others come back whose numbers add up to the same.
    query = select(func.count(), func.max(version), func.sum(version), func.sum(version * 7919 % 65521))
    row = db.session.execute(
        query.select_from(QuestionVersion)
        .join(Question, (Question.id == QuestionVersion.question_id) & QuestionVersion.newest)
        .where(Question.contest_id == contest_id, Question.retired_at.is_(None))
    ).one()
    return int(row[0]), "-".join(str(int(figure or 0)) for figure in row)
