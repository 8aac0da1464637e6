"""Grading: whatever is handed in and has no marks yet, in batches; the job may run twice, late, or after a crash, with the same outcome."""

from collections import defaultdict
from typing import Any, cast

from sqlalchemy import Table, select

from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.db import db
from contest.quiz.models import Attempt
from contest.quiz.queries.keys import keys_by_version, marks_of, masks_by_place
from contest.quiz.queries.papers import frozen_bank
from contest.quiz.queries.ranking import params_of
from contest.quiz.rules import FINISHED
from contest.quiz.service import board, marks
from contest.quiz.service.locks import places_stand, share_keys
from question_bank.grading import Scheme

BATCH = 2000
_T = cast("Table", Attempt.__table__)


def grade_batch() -> int:
    """Grade up to 2,000 attempts inside the open unit of work and move them on the board after it; returns how many, 0 when nothing waits.

    On PostgreSQL, rows that another worker holds are left to it, and rounds whose places are counted now to the next sweep.
    """
    # NumPy is loaded here so that a web process, which grades nothing, starts without it.
    import numpy as np

    by_round = _waiting()
    now = clock.now()
    for round_id, rows in sorted(by_round.items()):
        share_keys(round_id)
        round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
        bank = frozen_bank(round_id)
        found = marks_of(
            bank,
            masks_by_place(bank, keys_by_version(round_id, bank)),
            [row.seed for row in rows],
            [row.answers for row in rows],
            Scheme(points_per_question=params_of(round_).points),
        )
        marks.write(np.array([row.id for row in rows], dtype=np.int64), found.correct, found.points, graded_at=now)
        board.refresh(round_, {row.entrant_id for row in rows}, batch=now)
    return sum(len(rows) for rows in by_round.values())


def _waiting() -> dict[int, list[Any]]:
    """The next attempts that wait for marks, by round; theirs alone until the end of the unit of work."""
    counted: set[int] = set()
    while True:
        by_round: dict[int, list[Any]] = defaultdict(list)
        for row in db.session.execute(_WAITING.where(_T.c.round_id.not_in(counted)) if counted else _WAITING):
            by_round[row.round_id].append(row)
        passed_over = {round_id for round_id in by_round if not places_stand(round_id)}
        if not passed_over:
            return by_round
        counted |= passed_over


_WAITING = (
    select(_T.c.id, _T.c.round_id, _T.c.entrant_id, _T.c.seed, _T.c.answers)
    .where(_T.c.graded_at.is_(None), _T.c.state.in_(FINISHED))
    .order_by(_T.c.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
