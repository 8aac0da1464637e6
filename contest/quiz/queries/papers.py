"""Papers: a round's frozen questions, kept in the process, and the paper that a seed draws from them; start, sitting and grading use them."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, bindparam, func, select

from contest.accounts.access import live_entrant
from contest.contests.models import Accommodation, Contest, Round, Track
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.db import db
from contest.core.errors import NotFound
from contest.quiz import rules
from contest.quiz.drafts import Picture, picture_of
from contest.quiz.models import Attempt, QuestionVersion, QuizRound
from contest.quiz.rules import AttemptState
from question_bank import answers as codes
from question_bank.draw import BankItem, Blueprint, Paper, PreparedBank, draw
from question_bank.schema import LETTERS

_SLOT = "kv_frozen_banks"
_KEPT = 16


@dataclass(frozen=True, slots=True)
class FrozenQuestion:
    """One version as a paper shows and grades it: choices in their original order, `key` a character of the answer code."""

    stem: str
    choices: tuple[str, ...]
    key: str
    source: str
    picture: Picture | None = None

    @property
    def multiple(self) -> bool:
        """Whether several choices are right, so that several may be ticked."""
        return len(codes.chosen(self.key)) > 1


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """One choice as shown: its letter, its answer character, its words, whether it is ticked, whether it is right."""

    letter: str
    char: str
    text: str
    ticked: bool
    right: bool


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """One question of a sitting, in the paper's order; `number` counts from 1, `position` from 0."""

    number: int
    position: int
    stem: str
    choices: tuple[SheetChoice, ...]
    multiple: bool
    answered: bool
    correct: bool
    marked: bool
    source: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Organised:
    """What a sitting's page says of the contest."""

    title: str
    phone: str


@dataclass(frozen=True, slots=True)
class Sitting(rules.Clocked):
    """One's own attempt as its page needs it, read in one statement."""

    contest: Organised
    id: int
    round_id: int
    state: AttemptState
    seed: int
    deadline: datetime
    answers: str
    marked: str
    sequence: int
    saved_at: datetime | None
    frozen_at: datetime | None
    paused_at: datetime | None
    large_print: bool
    prediction: int | None
    round_title: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FrozenBank:
    """What a round draws from, read once in a process: nothing of it changes after the freeze."""

    prepared: PreparedBank
    blueprint: Blueprint
    questions: dict[int, FrozenQuestion]

    def paper(self, seed: int) -> Paper:
        """The paper of that seed, the same for ever."""
        return draw(self.blueprint, self.prepared, seed)

    def key(self, seed: int) -> str:
        """The answer code that has everything right on the paper of that seed."""
        return "".join(self.questions[item.key].key for item in self.paper(seed).items)

    def shape(self, seed: int) -> str:
        """How many choices each question on the paper of that seed has, a digit a question, "a" for ten."""
        return "".join(f"{len(self.questions[item.key].choices):x}" for item in self.paper(seed).items)

    def sheet(self, seed: int, *, answers: str, marked: str) -> list[SheetQuestion]:
        """The paper of that seed as it is shown, with what is answered and marked."""
        shown = []
        for position, item in enumerate(self.paper(seed).items):
            question = self.questions[item.key]
            char = answers[position]
            ticked, right = codes.chosen(char), codes.chosen(question.key)
            choices = tuple(
                SheetChoice(
                    letter=LETTERS[place],
                    char=codes.char((original,)),
                    text=question.choices[original],
                    ticked=original in ticked,
                    right=original in right,
                )
                for place, original in enumerate(item.choice_order)
            )
            shown.append(
                SheetQuestion(
                    number=position + 1,
                    position=position,
                    stem=question.stem,
                    choices=choices,
                    multiple=question.multiple,
                    answered=char != codes.BLANK,
                    correct=char == question.key,
                    marked=marked[position : position + 1] == "1",
                    source=question.source,
                    picture=question.picture,
                )
            )
        return shown


def sitting(attempt_id: int, token: str) -> Sitting:
    """The attempt of whoever's live session has the token hash; raises NotFound, also for another's attempt and an ended session."""
    row = db.session.execute(_SITTING, {"which": attempt_id, "token": token, "now": clock.now()}).first()
    if row is None:
        raise NotFound("Không có lượt thi này.")
    *values, title, phone = row
    return Sitting(Organised(title, phone), *values)


_ATTEMPT, _ROUND, _TRACK = (cast("Table", model.__table__) for model in (Attempt, Round, Track))
_DRAWN, _CONTEST, _NEEDS = (cast("Table", model.__table__) for model in (QuizRound, Contest, Accommodation))
_SITTING = (
    select(
        *(_ATTEMPT.c[name] for name in ("id", "round_id", "state", "seed", "deadline")),
        *(_ATTEMPT.c[name] for name in ("answers", "marked", "sequence", "saved_at")),
        _DRAWN.c.frozen_at,
        _ROUND.c.paused_at,
        func.coalesce(_NEEDS.c.large_print, False),
        _ATTEMPT.c.prediction,
        _ROUND.c.title.label("round_title"),
        _ROUND.c.params,
        _CONTEST.c.title,
        _CONTEST.c.phone,
    )
    .join_from(_ATTEMPT, _ROUND, _ROUND.c.id == _ATTEMPT.c.round_id)
    .join(_TRACK, _TRACK.c.id == _ROUND.c.track_id)
    .join(_CONTEST, _CONTEST.c.id == _TRACK.c.contest_id)
    .outerjoin(_DRAWN, _DRAWN.c.round_id == _ROUND.c.id)
    .outerjoin(_NEEDS, _NEEDS.c.account_id == _ATTEMPT.c.entrant_id)
    .where(_ATTEMPT.c.id == bindparam("which"), _ATTEMPT.c.entrant_id == live_entrant())
)


def frozen_bank(round_id: int, frozen_at: datetime | None = None) -> FrozenBank:
    """The questions of a round from this process's memory; raises NotFound for a round without a frozen paper.

    Who has already read the moment of the freeze gives it and spares a query; a new freeze is another moment, so what is kept is never stale.
    """
    if frozen_at is None:
        frozen_at = db.session.scalar(select(QuizRound.frozen_at).where(QuizRound.round_id == round_id))
    if frozen_at is None:
        raise NotFound("Đợt này chưa có đề.", todo="Bạn liên hệ Ban Tổ chức.")
    kept: OrderedDict[tuple[int, datetime], FrozenBank] = current_app.extensions.setdefault(_SLOT, OrderedDict())
    found = kept.get((round_id, frozen_at))
    if found is None:
        found = kept[round_id, frozen_at] = _read(round_id)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return found


def _read(round_id: int) -> FrozenBank:
    blueprint, version_ids, params = db.session.execute(
        select(QuizRound.blueprint, QuizRound.version_ids, Round.params)
        .join(Round, Round.id == QuizRound.round_id)
        .where(QuizRound.round_id == round_id)
    ).one()
    rows = db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(version_ids))).all()
    items = [BankItem(v.id, v.chapter, v.difficulty, len(v.choices), v.pinned) for v in rows]
    return FrozenBank(
        prepared=PreparedBank(items),
        blueprint=rules.blueprint_of(blueprint, shuffle=QuizParams.read(params).shuffle),
        questions={
            v.id: FrozenQuestion(
                stem=v.stem, choices=tuple(v.choices), key=codes.of_mask(v.key), source=v.cited, picture=picture_of(v)
            )
            for v in rows
        },
    )
