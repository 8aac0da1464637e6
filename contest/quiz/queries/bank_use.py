"""Reads about how the bank is used: what a new paper may draw, which rounds hold a version, how often each question was drawn."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.contests.models import Round, Track
from contest.contests.rules import QuizParams
from contest.core.db import db
from contest.quiz.models import Attempt, Question, QuestionVersion, QuizRound, RoundExposure
from question_bank.draw import BankItem


@dataclass(frozen=True)
class Exposure:
    """How often questions were drawn, all their versions together; `counted_at` is the oldest count among the rounds, None for none."""

    drawn: dict[int, int]
    attempts: int
    counted_at: datetime | None


def stock(contest_id: int, params: QuizParams | None = None) -> list[BankItem]:
    """What a paper that is frozen now may draw, by the rules of its round: the newest version of every question that is in use, in their order."""
    version = QuestionVersion
    rows = db.session.execute(
        select(version.id, version.chapter, version.difficulty, version.choices, version.pinned, version.key)
        .join(Question, (Question.id == version.question_id) & version.newest)
        .where(Question.contest_id == contest_id, Question.retired_at.is_(None))
        .order_by(version.question_id)
    )
    return [
        BankItem(id_, chapter, level, len(choices), pinned)
        for id_, chapter, level, choices, pinned, key in rows
        if params is None or params.admits(choices=len(choices), right=key.bit_count())
    ]


def versions_by_id(version_ids: Iterable[int]) -> dict[int, QuestionVersion]:
    """Versions by their numbers; unknown ones are left out."""
    found = db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(list(version_ids))))
    return {version.id: version for version in found}


def rounds_holding(version_ids: Iterable[int]) -> dict[int, list[Round]]:
    """For each version, the rounds whose frozen bank holds it."""
    wanted = set(version_ids)
    held: dict[int, list[Round]] = {version_id: [] for version_id in wanted}
    rows = db.session.execute(
        select(Round, QuizRound.version_ids).join(QuizRound, QuizRound.round_id == Round.id).order_by(Round.id)
    )
    for round_, frozen in rows:
        for version_id in wanted.intersection(frozen):
            held[version_id].append(round_)
    return held


def is_sat(round_id: int) -> bool:
    """Whether anybody has begun an attempt of the round, so that its paper stands."""
    return db.session.scalar(select(Attempt.id).where(Attempt.round_id == round_id).limit(1)) is not None


def drawing_rounds() -> list[int]:
    """The rounds that have a frozen paper."""
    query = select(QuizRound.round_id).where(QuizRound.frozen_at.is_not(None))
    return list(db.session.scalars(query.order_by(QuizRound.round_id)))


def exposure(contest_id: int, question_ids: Iterable[int]) -> Exposure:
    """How often these questions were drawn in all rounds, as last counted."""
    counts = db.session.scalars(
        select(RoundExposure)
        .join(Round, Round.id == RoundExposure.round_id)
        .join(Track, Track.id == Round.track_id)
        .where(Track.contest_id == contest_id)
    ).all()
    by_version: Counter[str] = Counter()
    for count in counts:
        by_version.update(count.drawn)
    ids = list(question_ids)
    versions = db.session.execute(
        select(QuestionVersion.id, QuestionVersion.question_id).where(QuestionVersion.question_id.in_(ids))
    )
    drawn = dict.fromkeys(ids, 0)
    for version_id, question_id in versions:
        drawn[question_id] += by_version[str(version_id)]
    return Exposure(
        drawn=drawn,
        attempts=sum(count.attempts for count in counts),
        counted_at=min((count.counted_at for count in counts), default=None),
    )
