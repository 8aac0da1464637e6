"""Reads about the question bank, for the organisers: the list with its filters, one question, what is known of all."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select
from sqlalchemy.orm import selectinload

from contest.core import storage, vietnamese
from contest.core.db import db
from contest.core.errors import NotFound
from contest.core.paging import Page, page_of
from contest.quiz.drafts import WORDLESS, Draft, Picture, draft_of, picture_of
from contest.quiz.models import Question, QuestionVersion, QuizRound
from contest.quiz.pictures import portable
from question_bank.schema import Choice
from question_bank.schema import Picture as BankPicture
from question_bank.schema import Question as BankQuestion

FAULTS = ("no_key", "all_keys", "repeated_choice")


@dataclass(frozen=True)
class QuestionRow:
    """A question with its newest version."""

    question: Question
    version: QuestionVersion


@dataclass(frozen=True)
class Wanted:
    """What a list of questions is asked for; empty means any. `state` is "active" or "retired", `finding` "no_source", "faulty" or "any"."""

    search: str = ""
    chapter: str | None = None
    difficulty: int | None = None
    tag: str = ""
    state: str = ""
    finding: str = ""

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self != Wanted()


def questions_page(
    contest_id: int,
    *,
    page: int = 1,
    per_page: int = 20,
    search: str = "",
    chapter: str | None = None,
    difficulty: int | None = None,
    wanted: Wanted | None = None,
) -> Page[QuestionRow]:
    """The bank's questions in the order in which they came; searching ignores accents and looks at words, choices, codes, tags and sources."""
    wanted = wanted or Wanted(search=search, chapter=chapter or None, difficulty=difficulty)
    query = _found(contest_id, wanted)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Question.id).subquery())) or 0
    query = query.order_by(Question.id)

    def read(offset: int, most: int) -> list[QuestionRow]:
        return [QuestionRow(*row) for row in db.session.execute(query.offset(offset).limit(most))]

    return page_of(read, total=total, page=page, per_page=per_page)


def question_ids(contest_id: int, wanted: Wanted) -> Sequence[int]:
    """The numbers of all questions that are asked for, in their order."""
    return db.session.scalars(_found(contest_id, wanted).with_only_columns(Question.id).order_by(Question.id)).all()


def questions(contest_id: int, question_ids: Iterable[int] | None = None) -> list[QuestionRow]:
    """These questions of the contest, or all that are in use, each with its newest version, in their order; unknown numbers are left out."""
    query = select(Question, QuestionVersion).join(
        QuestionVersion, (QuestionVersion.question_id == Question.id) & QuestionVersion.newest
    )
    query = query.where(Question.contest_id == contest_id).order_by(Question.id)
    if question_ids is None:
        return [QuestionRow(q, v) for q, v in db.session.execute(query.where(Question.retired_at.is_(None)))]
    ids = sorted(set(question_ids))
    return [
        QuestionRow(q, v)
        for start in range(0, len(ids), 500)
        for q, v in db.session.execute(query.where(Question.id.in_(ids[start : start + 500])))
    ]


def drafts(rows: Iterable[QuestionRow]) -> list[Draft]:
    """What the rows hold, as drafts with their codes."""
    return [draft_of(row.version, row.question.code) for row in rows]


def compared(contest_id: int) -> list[tuple[int, BankQuestion]]:
    """What the words, keys and pictures of all questions in use are compared by, with the ids of their newest versions; quicker than their drafts, for very many."""
    version = QuestionVersion
    found = db.session.execute(
        select(
            version.id,
            Question.code,
            version.stem,
            version.choices,
            version.key,
            version.picture,
        )
        .join(version, (version.question_id == Question.id) & version.newest)
        .where(Question.contest_id == contest_id, Question.retired_at.is_(None))
        .order_by(Question.id)
    )
    return [
        (
            id_,
            BankQuestion(
                stem,
                tuple(Choice(text, bool(key >> place & 1)) for place, text in enumerate(choices)),
                code=code,
                picture=BankPicture(picture.encode()) if picture else None,
            ),
        )
        for id_, code, stem, choices, key, picture in found
    ]


def chapters(contest_id: int) -> Sequence[tuple[str, int]]:
    """The bank's chapters with how many questions are in use in each, by name."""
    rows = db.session.execute(
        select(QuestionVersion.chapter, func.count())
        .join(Question, (Question.id == QuestionVersion.question_id) & QuestionVersion.newest)
        .where(Question.contest_id == contest_id, Question.retired_at.is_(None))
        .group_by(QuestionVersion.chapter)
    )
    return sorted(((chapter, count) for chapter, count in rows), key=lambda row: vietnamese.sort_key(row[0]))


def tags(contest_id: int) -> list[str]:
    """The tags in use, by the Vietnamese alphabet."""
    rows = db.session.scalars(
        select(QuestionVersion.tags)
        .join(Question, (Question.id == QuestionVersion.question_id) & QuestionVersion.newest)
        .where(
            Question.contest_id == contest_id,
            Question.retired_at.is_(None),
            cast(QuestionVersion.tags, Text) != "[]",
        )
    )
    return sorted({tag for row in rows for tag in row}, key=vietnamese.sort_key)


def question_by_id(question_id: int) -> Question:
    """A question with all its versions; raises NotFound."""
    found = db.session.scalar(
        select(Question).options(selectinload(Question.versions)).where(Question.id == question_id)
    )
    if found is None:
        raise NotFound("Không có câu hỏi này.")
    return found


@dataclass
class Known:
    """What the bank holds in all its versions, by digest and picture, to know a question again."""

    digests: set[str]
    pictured: set[tuple[str, str]]

    def holds(self, digest: str, picture: Picture | None = None) -> bool:
        """Whether the bank has these words, and under them this picture where there is one."""
        return digest in self.digests if picture is None else (digest, picture.address) in self.pictured

    def add(self, digest: str, picture: Picture | None = None) -> None:
        """Count a question as held from here on."""
        self.digests.add(digest)
        if picture is not None:
            self.pictured.add((digest, picture.address))


def known(contest_id: int) -> Known:
    """What every version in the contest's bank holds."""
    rows = db.session.execute(
        select(QuestionVersion.digest, QuestionVersion.picture)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.contest_id == contest_id)
    ).all()
    return Known({digest for digest, _ in rows}, {(digest, address) for digest, address in rows if address})


def codes(contest_id: int) -> dict[str, int]:
    """The codes of the bank's questions, retired ones too, with their numbers."""
    rows = db.session.execute(select(Question.code, Question.id).where(Question.contest_id == contest_id))
    return {row.code: row.id for row in rows}


def coded(contest_id: int, codes: Collection[str]) -> dict[str, int]:
    """The numbers of the questions that have these codes."""
    rows = db.session.execute(
        select(Question.code, Question.id).where(Question.contest_id == contest_id, Question.code.in_(codes))
    )
    return {row.code: row.id for row in rows}


def has_picture(address: str) -> bool:
    """Whether a question's version bears the picture at this address in storage."""
    return db.session.scalar(select(QuestionVersion.id).where(QuestionVersion.picture == address).limit(1)) is not None


def picture_at(address: str) -> Picture | None:
    """The picture at this address in storage as a version bears it; None where none does."""
    found = db.session.scalar(select(QuestionVersion).where(QuestionVersion.picture == address).limit(1))
    return picture_of(found) if found is not None else None


def pictures_under(digest: str) -> list[Picture]:
    """The pictures that questions of these words bear, in all their versions."""
    found = db.session.scalars(
        select(QuestionVersion).where(QuestionVersion.digest == digest, QuestionVersion.picture.is_not(None))
    )
    pictures = {version.picture: picture_of(version) for version in found}
    return [picture for picture in pictures.values() if picture is not None]


def whole(drafts: Iterable[Draft], *, pictures: Collection[str]) -> Iterator[BankQuestion]:
    """The questions of drafts as files carry them, their pictures read from storage and of these kinds; without kinds only the words of pictures go with them."""
    for draft in drafts:
        if draft.picture is None:
            yield draft.question
            continue
        content = storage.get(draft.picture.address) if pictures else b""
        if pictures and BankPicture(content).kind not in pictures:
            content = portable(content)
        alt = "" if draft.picture.alt == WORDLESS else draft.picture.alt
        yield replace(draft.question, picture=BankPicture(content, alt))


def quiz_round(round_id: int) -> QuizRound | None:
    """What a round draws from; None while nothing is prepared."""
    return db.session.get(QuizRound, round_id)


def _found(contest_id: int, wanted: Wanted) -> Select[Question, QuestionVersion]:
    version = QuestionVersion
    query = (
        select(Question, version)
        .join(version, (version.question_id == Question.id) & version.newest)
        .where(Question.contest_id == contest_id)
    )
    limits: list[ColumnElement[bool]] = [
        version.folded.contains(word, autoescape=True) for word in vietnamese.fold(wanted.search).split()
    ]
    if wanted.chapter is not None:
        limits.append(version.chapter == wanted.chapter)
    if wanted.difficulty:
        limits.append(version.difficulty == wanted.difficulty)
    if wanted.tag:
        limits.append(_has_tag(wanted.tag))
    if wanted.state:
        limits.append(Question.retired_at.is_(None) if wanted.state == "active" else Question.retired_at.is_not(None))
    if wanted.finding == "any":
        limits.append(version.findings != "")
    elif wanted.finding == "faulty":
        limits.append(or_(*(version.findings.contains(kind) for kind in FAULTS)))
    elif wanted.finding:
        limits.append(version.findings.contains(wanted.finding, autoescape=True))
    return query.where(*limits)


def _has_tag(tag: str) -> ColumnElement[bool]:
    """Both databases keep a JSON list as the text that was written, so the tag with its quotes is found in it."""
    return cast(QuestionVersion.tags, Text).contains(json.dumps(tag), autoescape=True)
