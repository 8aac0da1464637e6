"""The head of a round's ranking, as far down as prizes reach and never the whole of a large round; results award by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.contests.models import Round
from contest.contests.rules import Predicted
from contest.core.db import db
from contest.quiz.ledger import KeyChange, RoundLedger
from contest.quiz.models import QuizRound
from contest.quiz.queries.places import RankedAttempt, ranking_slice
from contest.quiz.queries.ranking import params_of, ranked_count
from contest.quiz.queries.standings import draws_lots, ledger_of, page_of
from contest.quiz.ranks import ELIGIBLE, criteria, rules_digest


@dataclass(frozen=True)
class RankingHead:
    """The first rows of a ranking in order.

    Of the first `whole` rows everybody who shares a place is there; a row after them only tells what parts the last of them from the next.
    `eligible` counts who may win in the whole round.
    """

    rows: Sequence[RankedAttempt]
    whole: int
    eligible: int


def ranking_head(round_: Round, now: datetime, *, least: int) -> RankingHead:
    """The ranking down to the position `least` (1 or more) and to whoever shares that place.

    Read from the kept places while they hold; counted anew before the close, and after a change that the sweep has not followed yet.
    """
    params = params_of(round_)
    ledger = _holding(round_, now)

    def first(limit: int) -> list[RankedAttempt]:
        if ledger:
            return page_of(round_.id, params, offset=0, limit=limit)
        return ranking_slice(round_, final=True, offset=0, limit=limit)

    rows = first(least + 1)
    whole = len(rows)
    if whole > least:
        whole = rows[least - 1].last_equal
        if whole > least:
            rows = first(whole + 1)
    return RankingHead(rows, whole, _eligible(round_, rows, ledger))


def unsettled(round_: Round) -> list[str]:
    """What the machine has still to do before places can be final, as Vietnamese sentences: a changed key, the prediction's answer, the lot."""
    pending = select(KeyChange.id).where(KeyChange.round_id == round_.id, KeyChange.done_at.is_(None)).limit(1)
    paper = (
        select(QuizRound.actual, RoundLedger.lot_seed)
        .outerjoin(RoundLedger, RoundLedger.round_id == QuizRound.round_id)
        .where(QuizRound.round_id == round_.id)
    )
    drawn = db.session.execute(paper).first()
    unanswered = drawn and drawn.actual is None and params_of(round_).prediction is not Predicted.NONE
    return [
        *(["Máy đang chấm lại theo đáp án mới."] if db.session.scalar(pending) else []),
        *(["Máy chưa tính xong đáp số câu dự đoán."] if unanswered else []),
        *(["Máy chưa bốc thăm để phân hạng."] if drawn and draws_lots(round_) and not drawn.lot_seed else []),
    ]


def _holding(round_: Round, now: datetime) -> RoundLedger | None:
    """The ledger of a closed round whose kept places still hold: nothing changed since they were counted, neither attempts nor rules."""
    found = ledger_of(round_, now)
    if found is None:
        return None
    ledger, actual = found
    digest = rules_digest(params_of(round_), actual=actual, lot_seed=ledger.lot_seed)
    return None if ledger.standing_due or ledger.ranked_by != digest else ledger


def _eligible(round_: Round, rows: Sequence[RankedAttempt], ledger: RoundLedger | None) -> int:
    """How many may win. Where not everybody may, being eligible is compared first: the stretch of those equal in it is all of them."""
    if ELIGIBLE in criteria(params_of(round_)):
        return int(rows[0].depths.split()[0].split("-")[1]) if rows and rows[0].eligible else 0
    return ledger.total if ledger else ranked_count(round_)
