"""The head of a round's ranking, as far down as prizes reach and never the whole of a large round; results award by it."""

from collections.abc import Iterator, Sequence
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
from contest.quiz.ranks import ELIGIBLE, criteria


@dataclass(frozen=True)
class RankingHead:
    """The first rows of a ranking in order.

    Of the first `whole` rows everybody who shares a place is there but `rest` more, who share the last of these places; a row after them only tells
    what parts that place from the next. `eligible` counts who may win in the whole round.
    """

    rows: Sequence[RankedAttempt]
    whole: int
    eligible: int
    rest: int


_CHUNK = 2000


def ranking_head(round_: Round, now: datetime, *, least: int, most: int) -> RankingHead:
    """The ranking down to the position `least` (1 or more) and to whoever shares that place, of these as far as the position `most` (at least `least`).

    Read from the kept places while they hold; counted anew before the close, and after a change that the sweep has not followed yet.
    """
    ledger = _holding(round_, now)
    rows = _slice(round_, ledger, offset=0, limit=least + 1)
    whole, rest = len(rows), 0
    if whole > least:
        whole = rows[least - 1].last_equal
        rest = max(0, whole - most)
        if rest:
            rows = _slice(round_, ledger, offset=0, limit=most) + _slice(round_, ledger, offset=whole, limit=1)
        elif whole > least:
            rows = _slice(round_, ledger, offset=0, limit=whole + 1)
    return RankingHead(rows, whole - rest, _eligible(round_, rows, ledger), rest)


def ranking_rows(round_: Round, now: datetime, *, first: int, last: int) -> Iterator[RankedAttempt]:
    """Everybody from the position `first` to `last`, read in parts while the kept places hold."""
    ledger = _holding(round_, now)
    step = _CHUNK if ledger else last - first + 1
    for offset in range(first - 1, last, step):
        yield from _slice(round_, ledger, offset=offset, limit=min(step, last - offset))


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


def _slice(round_: Round, ledger: RoundLedger | None, *, offset: int, limit: int) -> list[RankedAttempt]:
    if ledger:
        return page_of(round_.id, params_of(round_), offset=offset, limit=limit)
    return ranking_slice(round_, final=True, offset=offset, limit=limit)


def _holding(round_: Round, now: datetime) -> RoundLedger | None:
    """The ledger of a closed round whose kept places still hold: nothing changed since they were counted, neither attempts nor rules."""
    found = ledger_of(round_, now)
    return None if found is None or found[0].standing_due else found[0]


def _eligible(round_: Round, rows: Sequence[RankedAttempt], ledger: RoundLedger | None) -> int:
    """How many may win. Where not everybody may, being eligible is compared first: the stretch of those equal in it is all of them."""
    if ELIGIBLE in criteria(params_of(round_)):
        return int(rows[0].depths.split()[0].split("-")[1]) if rows and rows[0].eligible else 0
    return ledger.total if ledger else ranked_count(round_)
