"""What a round draws from: checking a blueprint against the bank, freezing both, and counting how often each question was drawn."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from sqlalchemy import select

from contest.contests import queries as contests
from contest.contests import service as rounds
from contest.contests.rules import QuizParams, TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import Refused
from contest.quiz import queries
from contest.quiz.models import Attempt, QuizRound, RoundExposure
from contest.quiz.rules import MOST_QUESTIONS, blueprint_json
from question_bank.draw import BankItem, Blueprint, Quota, feasibility

COUNTED_AT_ONCE = 10_000


def shortcomings(plan: Blueprint, items: Sequence[BankItem], *, questions: int) -> list[str]:
    """Why papers cannot be drawn by this plan, in Vietnamese sentences; an empty list means that they can. `questions` is what the rules ask."""
    found = []
    if plan.count > MOST_QUESTIONS:
        found.append(f"Một đề có nhiều nhất {MOST_QUESTIONS} câu.")
    else:
        found += [shortfall.message for shortfall in feasibility(plan, items)]
    if plan.count != questions:
        found.append(f"Ma trận đề có {plan.count} câu, thể lệ cần {questions} câu.")
    return found


def prepare_round(
    *, round_id: int, actor_id: int | None, blueprint: Blueprint | None = None, reason: str = ""
) -> QuizRound:
    """Freeze the bank and the blueprint of a round; without a blueprint its questions are drawn from the whole bank.

    Raises Refused when somebody has begun an attempt already, or when the bank cannot fill the blueprint.
    """
    rounds.locked(round_id)
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    rules = round_.rules
    assert isinstance(rules, QuizParams)
    if db.session.scalar(select(Attempt.id).where(Attempt.round_id == round_id).limit(1)):
        raise Refused("Đợt này đã có người vào thi nên không đổi đề được.", kept="Đề của đợt giữ nguyên.")
    plan = blueprint or Blueprint(
        quotas=(Quota(count=rules.questions),), shuffle_questions=rules.shuffle, shuffle_choices=rules.shuffle
    )
    if plan.count > MOST_QUESTIONS:
        raise Refused(f"Một đề có nhiều nhất {MOST_QUESTIONS} câu.", todo="Bạn giảm số câu của đề.")
    items = queries.stock(round_.track.contest_id, rules)
    missing = shortcomings(plan, items, questions=rules.questions)
    if missing:
        raise Refused(
            f"Ngân hàng câu hỏi chưa đủ cho đợt này. {' '.join(missing)}",
            todo="Bạn nạp thêm câu hỏi, sửa ma trận đề, hoặc sửa thể lệ cho rút thêm loại câu khác.",
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


def count_exposure(*, round_id: int, most: int = COUNTED_AT_ONCE, begun_before: datetime | None = None) -> int:
    """Add the papers of up to `most` attempts that were not counted yet; returns how many that were. Papers follow from their seeds.

    It stops at the first attempt that was not `begun_before`: beside it others may begin that have lower numbers and are not there to be seen yet.
    """
    one_counter = select(QuizRound.frozen_at).where(QuizRound.round_id == round_id).with_for_update(key_share=True)
    if db.session.scalar(one_counter) is None:
        return 0
    row = db.session.get(RoundExposure, round_id)
    if row is None:
        row = RoundExposure(round_id=round_id, drawn={}, attempts=0, last_id=0, counted_at=clock.now())
        db.session.add(row)
    waiting = db.session.execute(
        select(Attempt.id, Attempt.seed, Attempt.started_at)
        .where(Attempt.round_id == round_id, Attempt.id > row.last_id)
        .order_by(Attempt.id)
        .limit(most)
    )
    begun = list(takewhile(lambda found: begun_before is None or found.started_at < begun_before, waiting.all()))
    if begun:
        bank = queries.frozen_bank(round_id)
        drawn = Counter(row.drawn)
        for found in begun:
            drawn.update(str(item.key) for item in bank.paper(found.seed).items)
        row.drawn, row.attempts, row.last_id = dict(drawn), row.attempts + len(begun), begun[-1].id
    row.counted_at = clock.now()
    db.session.flush()
    return len(begun)
