"""Reads about the question bank, for the organisers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import selectinload

from contest.core import vietnamese
from contest.core.db import db
from contest.core.errors import NotFound
from contest.quiz.models import Question, QuestionVersion, QuizRound


@dataclass(frozen=True)
class QuestionRow:
    """A question with its newest version."""

    question: Question
    version: QuestionVersion


@dataclass(frozen=True)
class QuestionPage:
    """One page of the bank; `page` counts from 1."""

    rows: Sequence[QuestionRow]
    page: int
    pages: int
    total: int
    first: int
    last: int


def questions_page(
    contest_id: int,
    *,
    page: int = 1,
    per_page: int = 20,
    search: str = "",
    chapter: str = "",
    difficulty: int | None = None,
) -> QuestionPage:
    """The bank's questions in the order in which they came; `search` ignores accents and looks at stems and codes."""
    query = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.contest_id == contest_id, QuestionVersion.number == _newest())
        .order_by(Question.id)
    )
    if chapter:
        query = query.where(QuestionVersion.chapter == chapter)
    if difficulty:
        query = query.where(QuestionVersion.difficulty == difficulty)
    found = [QuestionRow(question, version) for question, version in db.session.execute(query)]
    if search.strip():
        wanted = vietnamese.fold(search)
        found = [row for row in found if wanted in vietnamese.fold(f"{row.question.code} {row.version.stem}")]
    pages = max(1, -(-len(found) // per_page))
    page = min(max(1, page), pages)
    rows = found[(page - 1) * per_page : page * per_page]
    first = (page - 1) * per_page + 1 if found else 0
    return QuestionPage(
        rows=rows, page=page, pages=pages, total=len(found), first=first, last=first + len(rows) - 1 if rows else 0
    )


def chapters(contest_id: int) -> Sequence[tuple[str, int]]:
    """The bank's chapters with how many questions are in use in each, by name."""
    rows = db.session.execute(
        select(QuestionVersion.chapter, func.count())
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.contest_id == contest_id, Question.retired_at.is_(None), QuestionVersion.number == _newest())
        .group_by(QuestionVersion.chapter)
    )
    return sorted(((chapter, count) for chapter, count in rows), key=lambda row: vietnamese.sort_key(row[0]))


def question_by_id(question_id: int) -> Question:
    """A question with all its versions; raises NotFound."""
    found = db.session.scalar(
        select(Question).options(selectinload(Question.versions)).where(Question.id == question_id)
    )
    if found is None:
        raise NotFound("Không có câu hỏi này.")
    return found


def digests(contest_id: int) -> frozenset[str]:
    """The digests of every version in the bank, to know a question again."""
    return frozenset(
        db.session.scalars(
            select(QuestionVersion.digest)
            .join(Question, Question.id == QuestionVersion.question_id)
            .where(Question.contest_id == contest_id)
        )
    )


def quiz_round(round_id: int) -> QuizRound | None:
    """What a round draws from; None while nothing is prepared."""
    return db.session.get(QuizRound, round_id)


def _newest() -> ScalarSelect[int]:
    later = QuestionVersion.__table__.alias()
    return (
        select(func.max(later.c.number)).where(later.c.question_id == Question.id).correlate(Question).scalar_subquery()
    )
