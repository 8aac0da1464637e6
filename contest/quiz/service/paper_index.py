"""The index of papers of a large closed round: which attempts drew which question, so that one changed key touches them alone; the sweep builds it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, func, insert, select, update

from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db
from contest.quiz.ledger import PaperBlock, RoundLedger
from contest.quiz.models import Attempt
from contest.quiz.queries.papers import frozen_bank
from contest.quiz.service.standings import ledger_for_change
from question_bank.bulk import draw_places

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORTH_IT = 50_000
_BITS = 16
_T = cast("Table", Attempt.__table__)
_BLOCKS = cast("Table", PaperBlock.__table__)
_QUIET = timedelta(minutes=1)


def rounds_to_index() -> list[int]:
    """The large rounds, closed for a while, that hold attempts beyond the index."""
    query = (
        select(RoundLedger.round_id, RoundLedger.indexed_to)
        .join(Round, Round.id == RoundLedger.round_id)
        .where(Round.closes_at < clock.now() - _QUIET, RoundLedger.total >= WORTH_IT)
    )
    newest = select(func.max(_T.c.id))
    return [
        round_id
        for round_id, upto in db.session.execute(query).all()
        if (db.session.scalar(newest.where(_T.c.round_id == round_id)) or 0) > upto
    ]


def index_papers(round_id: int) -> int:
    """Add the next block of attempts to the index, a transaction each; returns how many, 0 when all are in."""
    import numpy as np

    ledger = ledger_for_change(round_id)
    beyond = (_T.c.round_id == round_id) & (_T.c.id > ledger.indexed_to)
    first = db.session.scalar(select(func.min(_T.c.id)).where(beyond))
    if first is None:
        return 0
    block = first >> _BITS
    rows = db.session.execute(
        select(_T.c.id, _T.c.seed).where(beyond, _T.c.id < (block + 1) << _BITS).order_by(_T.c.id)
    ).all()
    ids, seeds = (np.asarray(column, dtype=np.int64) for column in zip(*rows, strict=True))
    bank = frozen_bank(round_id)
    places = draw_places(bank.blueprint, bank.prepared, seeds)
    flat = places.reshape(-1)
    order = np.argsort(flat, kind="stable")
    low = np.repeat((ids & 0xFFFF).astype("<u2"), places.shape[1])[order]
    starts = np.searchsorted(flat[order], np.arange(len(bank.prepared.items) + 1))
    kept = _block_before(round_id, block) if ledger.indexed_to >> _BITS == block else {}
    new: list[dict[str, Any]] = []
    more: list[dict[str, Any]] = []
    for place, item in enumerate(bank.prepared.items):
        part = low[starts[place] : starts[place + 1]].tobytes()
        if not part:
            continue
        line = {
            "round_id": round_id,
            "version_id": item.key,
            "block": block,
            "attempts": kept.get(item.key, b"") + part,
        }
        (more if item.key in kept else new).append(line)
    if new:
        db.session.execute(insert(_BLOCKS), new)
    for line in more:
        which = (_BLOCKS.c.round_id == round_id) & (_BLOCKS.c.version_id == line["version_id"])
        db.session.execute(update(_BLOCKS).where(which, _BLOCKS.c.block == block).values(attempts=line["attempts"]))
    ledger.indexed_to = int(ids[-1])
    return len(ids)


def attempts_with(round_id: int, version_id: int) -> "tuple[NDArray[np.int64], int]":
    """The indexed attempts that drew a question, in rising order, and the id up to which the index reaches."""
    import numpy as np

    upto = db.session.scalar(select(RoundLedger.indexed_to).where(RoundLedger.round_id == round_id)) or 0
    blocks = db.session.execute(
        select(PaperBlock.block, PaperBlock.attempts)
        .where(PaperBlock.round_id == round_id, PaperBlock.version_id == version_id)
        .order_by(PaperBlock.block)
    ).all()
    parts: list[Any] = [(block << _BITS) + np.frombuffer(raw, dtype="<u2").astype(np.int64) for block, raw in blocks]
    return (np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)), upto


def _block_before(round_id: int, block: int) -> dict[int, bytes]:
    query = select(PaperBlock.version_id, PaperBlock.attempts).where(
        PaperBlock.round_id == round_id, PaperBlock.block == block
    )
    return dict(db.session.execute(query).all())
