"""Grading: whatever is handed in and has no marks yet, in batches; the job may run twice, late, or after a crash, with the same outcome."""

from collections import defaultdict
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, select, update

from contest.contests import queries as contests
from contest.contests.rules import QuizParams, TrackKind
from contest.core import clock
from contest.core.db import db
from contest.quiz.models import Attempt
from contest.quiz.queries.papers import frozen_bank
from contest.quiz.rules import FINISHED
from contest.quiz.service import board
from question_bank.grading import Scheme, grade_many

BATCH = 500
_T = cast("Table", Attempt.__table__)


def grade_batch() -> int:
    """Grade up to 500 attempts inside the open unit of work and move them on the board after it; returns how many, 0 when nothing waits.

    On PostgreSQL, rows that another worker holds are left to it.
    """
    waiting = db.session.execute(_WAITING).all()
    by_round: dict[int, list[Any]] = defaultdict(list)
    for row in waiting:
        by_round[row.round_id].append(row)
    now = clock.now()
    for round_id, rows in by_round.items():
        round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
        params, bank = round_.rules, frozen_bank(round_id)
        assert isinstance(params, QuizParams)
        marks = grade_many(
            [bank.key(row.seed) for row in rows],
            [row.answers for row in rows],
            Scheme(points_per_question=params.points),
        )
        graded = zip(rows, marks.correct.tolist(), marks.points.tolist(), strict=True)
        db.session.connection().execute(
            _GRADE,
            [{"which": row.id, "right": correct, "worth": points, "at": now} for row, correct, points in graded],
        )
        board.refresh(round_, {row.entrant_id for row in rows})
    return len(waiting)


_WAITING = (
    select(_T.c.id, _T.c.round_id, _T.c.entrant_id, _T.c.seed, _T.c.answers)
    .where(_T.c.graded_at.is_(None), _T.c.state.in_(FINISHED))
    .order_by(_T.c.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_GRADE = (
    update(_T)
    .where(_T.c.id == bindparam("which"), _T.c.graded_at.is_(None))
    .values(
        correct=bindparam("right", type_=Integer()),
        points=bindparam("worth", type_=Integer()),
        graded_at=bindparam("at", type_=_T.c.deadline.type),
    )
)
