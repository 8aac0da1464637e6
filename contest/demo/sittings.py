"""The demo's quiz: its bank, what the rounds draw, and the attempts; load.py calls it inside its transaction, but for the boards."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

from sqlalchemy import update

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db
from contest.core.display import vietnam_time
from contest.demo.people import Cast
from contest.demo.timetable import Calendar, Programme
from contest.quiz import queries, service
from contest.quiz.models import Attempt
from contest.quiz.queries import FrozenBank
from contest.quiz.service import Packet
from question_bank import answers, formats
from question_bank.draw import SEED_BITS, Blueprint, Quota
from question_bank.schema import Difficulty

_BANK = "questions.jsonl"
_PER_CHAPTER = {Difficulty.EASY: 1, Difficulty.MEDIUM: 2, Difficulty.HARD: 1}

# How many entrants of a hundred have so many of the twenty right.
_RIGHT = {20: 14, 19: 12, 18: 13, 17: 12, 16: 11, 15: 10, 14: 8, 13: 6, 12: 5, 11: 4, 10: 2, 9: 2, 8: 1}
_RIGHT_OF_VISITOR = 16
_QUESTIONS = 20
_SIT_FIRST, _SIT_SECOND = 0.985, 0.5
_AGAIN, _EXPIRE, _SKIP, _GUESS_NOTHING = 0.18, 0.02, 0.12, 0.04
_RUNNING_NOW = 3
_WAKES, _SLEEPS, _TRIES = 6, 23, 40
_GUESSED_MEDIAN = 3.8  # e to this power


@dataclass(frozen=True)
class _Sitting:
    """One attempt to come: who, when, for how long, how many right; without `seconds` it is still going on."""

    started_at: datetime
    entrant: Account
    right: int
    seconds: float | None
    expires: bool = False


def fill_bank(programme: Programme, cast: Cast, calendar: Calendar) -> None:
    """Import the questions and freeze what each round draws: from every chapter some of each difficulty."""
    content = (resources.files("contest.demo") / _BANK).read_bytes()
    questions = formats.read(_BANK, content).questions
    chapters = list(dict.fromkeys(question.chapter for question in questions))
    quotas = tuple(
        Quota(count, chapter=chapter, difficulty=difficulty)
        for chapter in chapters
        for difficulty, count in _PER_CHAPTER.items()
    )
    with clock.frozen(calendar.announced):
        service.import_questions(
            contest_id=programme.contest.id, questions=questions, actor_id=cast.organizer.id, source=_BANK
        )
        for round_ in programme.quiz:
            service.prepare_round(
                round_id=round_.id,
                actor_id=cast.organizer.id,
                blueprint=Blueprint(quotas=quotas),
                reason="Chuẩn bị đề từ ngân hàng câu hỏi.",
            )


def sit(programme: Programme, cast: Cast, calendar: Calendar, begin: Callable[[int], Callable[[], None]]) -> None:
    """Let the entrants sit the round that is over and the open one, each attempt started, handed in and graded at its hour.

    The visitor has a middling attempt in the first and none in the second. `begin` is told how many attempts there are.
    """
    over, running, _ = programme.quiz
    first = _first_round(over, cast)
    second = _second_round(running, cast, calendar.now)
    step = begin(len(first) + len(second))
    for round_, sittings in ((over, first), (running, second)):
        bank = queries.frozen_bank(round_.id)
        for number, sitting in enumerate(sorted(sittings, key=lambda s: (s.started_at, s.entrant.id))):
            _sit(round_, bank, sitting, random.Random(f"attempt {round_.number} {number}"))
            step()
    with clock.frozen(over.closes_at + timedelta(minutes=1)):
        service.settle_predictions()


def fill_boards() -> None:
    """Write the live boards anew, whatever Redis held; call it after the commit."""
    service.rebuild_boards(all_running=True)


def _first_round(round_: Round, cast: Cast) -> list[_Sitting]:
    rng = random.Random("first round")
    until = round_.closes_at - timedelta(minutes=40)
    sittings = []
    for entrant in cast.entrants:
        if entrant.created_at >= until - timedelta(hours=1) or (
            rng.random() > _SIT_FIRST and entrant is not cast.visitor
        ):
            continue
        start = _between(rng, max(round_.opens_at, entrant.created_at + timedelta(minutes=4)), until)
        if entrant is cast.visitor:
            sittings.append(_Sitting(start, entrant, _RIGHT_OF_VISITOR, 507.318))
            continue
        sittings += _attempts(rng, entrant, start, until)
    return sittings


def _second_round(round_: Round, cast: Cast, now: datetime) -> list[_Sitting]:
    rng = random.Random("second round")
    until = now - timedelta(minutes=40)
    others = [entrant for entrant in cast.entrants if entrant is not cast.visitor]
    chosen = rng.sample(others, round(len(others) * _SIT_SECOND))
    sittings = []
    for entrant in chosen[_RUNNING_NOW:]:
        start = _between(rng, max(round_.opens_at, entrant.created_at + timedelta(minutes=4)), until)
        sittings += _attempts(rng, entrant, start, until)
    for entrant in chosen[:_RUNNING_NOW]:
        start = now - timedelta(seconds=rng.uniform(90, 560))
        sittings.append(_Sitting(start, entrant, _right(rng), None))
    return sittings


def _attempts(rng: random.Random, entrant: Account, start: datetime, until: datetime) -> list[_Sitting]:
    """One attempt, or two for who was not content with the first."""
    found = [_Sitting(start, entrant, _right(rng), _seconds(rng), expires=rng.random() < _EXPIRE)]
    later = start + rng.choice((timedelta(minutes=rng.uniform(25, 50)), timedelta(days=rng.randint(1, 3))))
    if found[0].right < _QUESTIONS and later < until and rng.random() < _AGAIN:
        right = min(_QUESTIONS, found[0].right + rng.randint(0, 4))
        found.append(_Sitting(later, entrant, right, _seconds(rng)))
    return found


def _between(rng: random.Random, start: datetime, end: datetime) -> datetime:
    """A waking moment between the two, likelier near either end, as in such contests."""
    moment = start
    for _ in range(_TRIES):
        moment = start + (end - start) * rng.betavariate(0.7, 0.8)
        if _WAKES <= vietnam_time(moment).hour < _SLEEPS:
            break
    return moment


def _right(rng: random.Random) -> int:
    return rng.choices(list(_RIGHT), list(_RIGHT.values()))[0]


def _seconds(rng: random.Random) -> float:
    return round(rng.triangular(181, 890, 430), 3)


def _sit(round_: Round, bank: FrozenBank, sitting: _Sitting, rng: random.Random) -> None:
    """Start, save, hand in and grade one attempt; its seed is drawn here, so that everybody gets the same paper in every load."""
    who = sitting.entrant.id
    with clock.frozen(sitting.started_at):
        attempt_id = service.begin(round_id=round_.id, who=who).attempt_id
    seed = rng.getrandbits(SEED_BITS)
    db.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(seed=seed))
    if sitting.seconds is None:
        service.save(
            attempt_id=attempt_id, who=who, packet=_packet(bank, seed, sitting.right, rng, upto=rng.randint(4, 13))
        )
        return
    ended = sitting.started_at + timedelta(seconds=sitting.seconds)
    with clock.frozen(ended - timedelta(seconds=rng.uniform(2, 9))):
        service.save(attempt_id=attempt_id, who=who, packet=_packet(bank, seed, sitting.right, rng))
    if sitting.expires:
        ended = service.held(attempt_id=attempt_id, who=who).deadline
    with clock.frozen(ended):
        service.hand_in(attempt_id=attempt_id, who=who)
    with clock.frozen(ended + timedelta(seconds=1)):
        service.grade_batch()


def _packet(bank: FrozenBank, seed: int, right: int, rng: random.Random, upto: int | None = None) -> Packet:
    """The answers of somebody who has `right` of them right, or who has come to question `upto` only."""
    items = bank.paper(seed).items
    wrong = set(rng.sample(range(len(items)), max(0, len(items) - right)))
    code = "".join(
        "0" if upto is not None and place >= upto else _answer(bank, item.key, rng, wrong=place in wrong)
        for place, item in enumerate(items)
    )
    marked = "".join("1" if place in wrong and rng.random() < 0.2 else "0" for place in range(len(items)))
    guess = (
        None
        if upto is not None or rng.random() < _GUESS_NOTHING
        else max(1, round(rng.lognormvariate(_GUESSED_MEDIAN, 0.6)))
    )
    return Packet(sequence=answers.answered(code) + 2, answers=code, marked=marked, prediction=guess)


def _answer(bank: FrozenBank, key: int, rng: random.Random, *, wrong: bool) -> str:
    question = bank.questions[key]
    if not wrong:
        return question.key
    if rng.random() < _SKIP:
        return "0"
    others = [str(mark) for place in range(len(question.choices)) if (mark := answers.char([place])) != question.key]
    return rng.choice(others)
