"""Use cases of the question bank: import, and freezing what a round draws from; the organisers' desk and commands call them in a unit of work."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.contests import queries as contests
from contest.contests.rules import QuizParams, TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import Refused
from contest.quiz import queries
from contest.quiz.models import Attempt, Question, QuestionVersion, QuizRound
from contest.quiz.rules import MOST_QUESTIONS, blueprint_json
from question_bank import checks
from question_bank.draw import BankItem, Blueprint, Quota, feasibility
from question_bank.schema import Question as BankQuestion

_CODE_LENGTH = 60


@dataclass(frozen=True)
class Imported:
    """How many questions were added, and how many were there already, word for word."""

    added: int
    known: int


def digest_of(question: BankQuestion) -> str:
    """SHA-256 in hex over stem, choices and key: the same question has the same digest, whatever its code or chapter."""
    body = [question.stem, [choice.text for choice in question.choices], sorted(question.key)]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def import_questions(
    *, contest_id: int, questions: Sequence[BankQuestion], actor_id: int | None, source: str = ""
) -> Imported:
    """Add questions to the bank; those already there word for word are passed over, so that an import may be repeated.

    A question whose code is taken by another becomes that question's next version.
    """
    known = set(queries.digests(contest_id))
    codes = {
        code: id_
        for id_, code in db.session.execute(select(Question.id, Question.code).where(Question.contest_id == contest_id))
    }
    added = 0
    for question in checks.pin_all(questions):
        digest = digest_of(question)
        if digest in known:
            continue
        known.add(digest)
        code = (question.code or f"Q-{digest[:10]}")[:_CODE_LENGTH]
        if code not in codes:
            row = Question(contest_id=contest_id, code=code, created_at=clock.now())
            db.session.add(row)
            db.session.flush()
            codes[code] = row.id
        _add_version(codes[code], question, digest)
        added += 1
    db.session.flush()
    audit.record(
        "bank.import",
        actor_id=actor_id,
        subject=f"contest:{contest_id}",
        reason=source[:200],
        detail={"added": added, "known": len(questions) - added},
    )
    return Imported(added=added, known=len(questions) - added)


def prepare_round(
    *, round_id: int, actor_id: int | None, blueprint: Blueprint | None = None, reason: str = ""
) -> QuizRound:
    """Freeze the bank and the blueprint of a round; without a blueprint its questions are drawn from the whole bank.

    Raises Refused when somebody has begun an attempt already, or when the bank cannot fill the blueprint.
    """
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    rules = round_.rules
    assert isinstance(rules, QuizParams)
    if db.session.scalar(select(Attempt.id).where(Attempt.round_id == round_id).limit(1)):
        raise Refused("Đợt này đã có người vào thi nên không đổi đề được.", kept="Đề của đợt giữ nguyên.")
    versions = db.session.scalars(
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.contest_id == round_.track.contest_id, Question.retired_at.is_(None))
        .order_by(QuestionVersion.question_id, QuestionVersion.number)
    ).all()
    newest = {version.question_id: version for version in versions}
    plan = blueprint or Blueprint(
        quotas=(Quota(count=rules.questions),), shuffle_questions=rules.shuffle, shuffle_choices=rules.shuffle
    )
    items = [
        BankItem(key=v.id, chapter=v.chapter, difficulty=v.difficulty, choice_count=len(v.choices), pinned=v.pinned)
        for v in newest.values()
    ]
    if plan.count > MOST_QUESTIONS:
        raise Refused(f"Một đề có nhiều nhất {MOST_QUESTIONS} câu.", todo="Bạn giảm số câu của đề.")
    shortfalls = feasibility(plan, items)
    if shortfalls or plan.count != rules.questions:
        words = (
            " ".join(s.message for s in shortfalls)
            or f"Ma trận đề có {plan.count} câu, thể lệ cần {rules.questions} câu."
        )
        raise Refused(
            f"Ngân hàng câu hỏi chưa đủ cho đợt này. {words}", todo="Bạn nạp thêm câu hỏi hoặc sửa ma trận đề."
        )
    frozen = db.session.get(QuizRound, round_id) or QuizRound(round_id=round_id)
    frozen.blueprint = blueprint_json(plan)
    frozen.version_ids = [item.key for item in items]
    frozen.frozen_at = clock.now()
    db.session.add(frozen)
    db.session.flush()
    audit.record(
        "quiz.prepare",
        actor_id=actor_id,
        subject=f"round:{round_id}",
        reason=reason,
        detail={"questions": len(items)},
    )
    return frozen


def _add_version(question_id: int, question: BankQuestion, digest: str) -> None:
    last = (
        db.session.scalar(select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == question_id))
        or 0
    )
    source = (
        ", ".join(part for part in (question.source.document, question.source.locator) if part)
        if question.source
        else ""
    )
    db.session.add(
        QuestionVersion(
            question_id=question_id,
            number=last + 1,
            stem=question.stem,
            choices=[choice.text for choice in question.choices],
            key=sum(1 << position for position in question.key),
            pinned=question.pinned,
            chapter=question.chapter[:200],
            difficulty=int(question.difficulty),
            source=source,
            digest=digest,
            created_at=clock.now(),
        )
    )
