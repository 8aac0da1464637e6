"""What every use case of the question bank shares: one writer at a time, and how a version is written; `bank_import`, `bank_edit` call it."""

import hashlib
import json

from sqlalchemy import func, select, update

from contest.contests.models import Contest
from contest.core import clock, vietnamese
from contest.core.db import db
from contest.quiz.drafts import Draft
from contest.quiz.models import Question, QuestionVersion
from question_bank import checks, shortening
from question_bank.schema import Question as BankQuestion


def digest_of(question: BankQuestion) -> str:
    """SHA-256 in hex over stem, choices and key: the same question has the same digest, whatever its code or chapter."""
    body = [question.stem, [choice.text for choice in question.choices], sorted(question.key)]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def lock(contest_id: int) -> None:
    """Wait until nobody else writes into the contest's bank; the lock is let go with the unit of work. SQLite has one writer anyway."""
    db.session.execute(select(Contest.id).where(Contest.id == contest_id).with_for_update(key_share=True))


def new_question(contest_id: int, code: str) -> Question:
    """A question without a version yet, under a code that is free."""
    row = Question(contest_id=contest_id, code=code, created_at=clock.now())
    db.session.add(row)
    return row


def write_version(question: Question, draft: Draft) -> QuestionVersion:
    """Add the draft as the question's newest version; what was the newest stays for the papers that hold it."""
    last = (
        db.session.scalar(select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == question.id))
        or 0
    )
    if last:
        db.session.execute(
            update(QuestionVersion)
            .where(QuestionVersion.question_id == question.id, QuestionVersion.newest)
            .values(newest=False)
        )
    version = version_of(question, draft, number=last + 1)
    db.session.add(version)
    db.session.flush()
    return version


def version_of(question: Question, draft: Draft, *, number: int) -> QuestionVersion:
    """The row of a draft; the caller adds it."""
    held, picture = draft.question, draft.picture
    source = held.source
    return QuestionVersion(
        question_id=question.id,
        number=number,
        newest=True,
        stem=held.stem,
        choices=[choice.text for choice in held.choices],
        key=sum(1 << position for position in held.key),
        pinned=held.pinned,
        chapter=shortening.chapter(held.chapter),
        difficulty=int(held.difficulty),
        source=source.document if source else "",
        locator=source.locator if source else "",
        tags=list(held.tags),
        note=draft.note,
        feedback=held.feedback,
        feedbacks=[choice.feedback for choice in held.choices] if any(c.feedback for c in held.choices) else [],
        picture=picture.address if picture else None,
        picture_alt=picture.alt if picture else "",
        picture_width=picture.width if picture else None,
        picture_height=picture.height if picture else None,
        digest=digest_of(held),
        folded=folded(question.code, draft),
        findings=" ".join(sorted({finding.kind for finding in checks.check([draft.compared()], multiple=True)})),
        created_at=clock.now(),
    )


def folded(code: str, draft: Draft) -> str:
    """What searching looks at: code, words, choices, chapter, source, tags and note, without accents."""
    held = draft.question
    source = held.source
    words = [code, held.stem, *(choice.text for choice in held.choices), held.chapter, *held.tags, draft.note]
    return vietnamese.fold(" ".join([*words, source.document if source else "", source.locator if source else ""]))
