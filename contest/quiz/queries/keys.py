"""The keys by which a round is marked now, changes after the fact included, and what attempts earn by them; grading, regrading and results pages ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from contest.core.db import db
from contest.core.errors import NotFound
from contest.core.paging import Page, page_of
from contest.core.vietnamese import fold
from contest.quiz.ledger import KeyChange, KeyRule
from contest.quiz.models import Question, QuestionVersion
from contest.quiz.queries.papers import FrozenBank, SheetQuestion, frozen_bank
from question_bank import answers as codes
from question_bank import grading
from question_bank.bulk import draw_places
from question_bank.grading import MarksTable, Scheme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def standing_changes(round_id: int) -> dict[int, KeyChange]:
    """The change that holds for each question whose key was changed, by version id."""
    newest = select(func.max(KeyChange.id)).where(KeyChange.round_id == round_id).group_by(KeyChange.version_id)
    rows = db.session.scalars(select(KeyChange).where(KeyChange.id.in_(newest)))
    return {row.version_id: row for row in rows}


def key_char(rule: KeyRule, key: int) -> str:
    """How a key is written that follows this rule."""
    return {KeyRule.ANY: grading.ANY, KeyRule.DROPPED: grading.FREE}.get(rule) or codes.of_mask(key)


def keys_by_version(round_id: int, bank: FrozenBank) -> dict[int, str]:
    """The key of every question of the round as it holds now."""
    changed = {which: key_char(row.rule, row.key) for which, row in standing_changes(round_id).items()}
    return {which: question.key for which, question in bank.questions.items()} | changed


def masks_by_place(bank: FrozenBank, keys: dict[int, str]) -> "NDArray[np.uint16]":
    """The keys in the order in which papers number the questions of the bank."""
    return grading.key_masks([keys[item.key] for item in bank.prepared.items])[:, 0]


def marks_of(bank: FrozenBank, masks: "NDArray[np.uint16]", seeds: Any, answers: Any, scheme: Scheme) -> MarksTable:
    """What attempts of these seeds and answer codes earn by these keys."""
    places = draw_places(bank.blueprint, bank.prepared, seeds)
    return grading.grade_masks(masks[places], grading.answer_masks(answers), scheme)


def marked_sheet(round_id: int, seed: int, answers: str, marked: str) -> list[SheetQuestion]:
    """The paper of that seed with what was answered, as it is marked now."""
    bank = frozen_bank(round_id)
    sheet = bank.sheet(seed, answers=answers, marked=marked)
    return corrected(round_id, sheet, [item.key for item in bank.paper(seed).items])


def corrected(round_id: int, sheet: Sequence[SheetQuestion], version_ids: Sequence[int]) -> list[SheetQuestion]:
    """A paper as it is marked now: right choices and right answers follow the changed keys. `version_ids` name its questions in order."""
    changes = standing_changes(round_id)
    if not changes:
        return list(sheet)
    found = []
    for question, version_id in zip(sheet, version_ids, strict=True):
        change = changes.get(version_id)
        found.append(_corrected(question, change) if change else question)
    return found


def _corrected(question: SheetQuestion, change: KeyChange) -> SheetQuestion:
    if change.rule is not KeyRule.KEY:
        right = change.rule is KeyRule.DROPPED or question.answered
        return replace(
            question, correct=right, choices=tuple(replace(choice, right=True) for choice in question.choices)
        )
    wanted = {codes.char((place,)) for place in codes.chosen(codes.of_mask(change.key))}
    choices = tuple(replace(choice, right=choice.char in wanted) for choice in question.choices)
    return replace(question, choices=choices, correct=all(c.ticked == c.right for c in choices))


@dataclass(frozen=True)
class RoundQuestion:
    """One question of a round's paper: its version, its code in the bank, the key by which it is marked now, and the change that holds, if any."""

    version: QuestionVersion
    code: str
    change: KeyChange | None

    @property
    def right(self) -> frozenset[int]:
        """The positions of the choices that count as right now; all of them where the key no longer decides."""
        if self.change is None:
            return codes.chosen(codes.of_mask(self.version.key))
        if self.change.rule is not KeyRule.KEY:
            return frozenset(range(len(self.version.choices)))
        return codes.chosen(codes.of_mask(self.change.key))


def round_questions(round_id: int, *, search: str = "", page: int = 1, per_page: int = 25) -> Page[RoundQuestion]:
    """The questions that a round draws from, those whose code or words hold `search`; raises NotFound without a frozen paper."""
    query = (
        select(QuestionVersion, Question.code)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuestionVersion.id.in_(frozen_bank(round_id).questions))
    )
    if search:
        folded = fold(search)
        query = query.where(
            QuestionVersion.folded.contains(folded, autoescape=True) | Question.code.icontains(search, autoescape=True)
        )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Question.code)
    changes = standing_changes(round_id)

    def read(offset: int, most: int) -> list[RoundQuestion]:
        found = db.session.execute(query.offset(offset).limit(most))
        return [RoundQuestion(version, code, changes.get(version.id)) for version, code in found]

    return page_of(read, total=total, page=page, per_page=per_page)


def round_question(round_id: int, version_id: int) -> RoundQuestion:
    """One question of a round's paper; raises NotFound."""
    if version_id not in frozen_bank(round_id).questions:
        raise NotFound("Đề của đợt này không có câu hỏi đó.")
    return changed_questions(round_id, [version_id])[version_id]


def changed_questions(round_id: int, version_ids: Iterable[int]) -> dict[int, RoundQuestion]:
    """Some questions by their versions, read together, as the round marks them; also those that have left its paper since their key was changed."""
    wanted = set(version_ids)
    if not wanted:
        return {}
    query = select(QuestionVersion, Question.code).join(Question, Question.id == QuestionVersion.question_id)
    changes = standing_changes(round_id)
    rows = db.session.execute(query.where(QuestionVersion.id.in_(wanted)))
    return {version.id: RoundQuestion(version, code, changes.get(version.id)) for version, code in rows}
