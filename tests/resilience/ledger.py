"""Holds what was acknowledged against what the database and the board hold; the tests of this folder call it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import redis
from flask import Flask
from sqlalchemy import func, select

from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.quiz import queries as quiz
from contest.quiz.models import Attempt
from contest.quiz.queries.places import ranking_slice
from contest.quiz.rules import AttemptState
from question_bank.grading import Scheme, grade
from tests.addresses import attempt_at
from tests.resilience.player import Player, Sitting


def nothing_lost(app: Flask, seen: Iterable[Sitting]) -> None:
    """Every acknowledged packet is in the database, or a newer one of the same sitting; told receipts are the ones kept."""
    with app.app_context():
        for sitting in seen:
            row = db.session.get_one(Attempt, attempt_at(app, sitting.address))
            assert row.sequence >= sitting.sequence
            if row.sequence == sitting.sequence or sitting.receipts:
                assert row.answers == sitting.answers
            assert sitting.receipts <= {row.receipt}
        db.session.remove()


def each_handed_in_once(app: Flask, round_id: int, players: Sequence[Player]) -> None:
    """The attempts are those that were acknowledged, no more, each handed in with the one receipt that was told."""
    sittings = [sitting for player in players for sitting in player.seen()]
    nothing_lost(app, sittings)
    with app.app_context():
        rows = _attempts(round_id)
        assert {row.id for row in rows} == {attempt_at(app, sitting.address) for sitting in sittings}
        assert len(rows) == len(sittings)
        assert all(row.state is AttemptState.HANDED_IN for row in rows)
        assert {row.receipt for row in rows} == {receipt for s in sittings for receipt in s.receipts}
        assert len({row.receipt for row in rows}) == len(rows)
        db.session.remove()


def attempt(app: Flask, attempt_id: int) -> Attempt:
    """The attempt as the database has it now."""
    with app.app_context():
        found = db.session.get_one(Attempt, attempt_id)
        db.session.remove()
        return found


def waiting(app: Flask) -> int:
    """How many handed-in attempts have no marks yet."""
    with app.app_context():
        found = db.session.scalar(
            select(func.count()).where(Attempt.handed_in_at.is_not(None), Attempt.graded_at.is_(None))
        )
        db.session.remove()
        return found or 0


def each_graded_right(app: Flask, round_id: int) -> dict[int, datetime | None]:
    """Every attempt has the marks of its own paper; returns when each was graded, which a second grading may not move."""
    with app.app_context():
        bank = quiz.frozen_bank(round_id)
        round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
        rows = _attempts(round_id)
        for row in rows:
            marks = grade(bank.key(row.seed), row.answers, Scheme(points_per_question=round_.rules.points))  # type: ignore[union-attr]
            assert (row.points, row.correct) == (marks.points, marks.correct)
            assert row.graded_at is not None
        db.session.remove()
        return {row.id: row.graded_at for row in rows}


def board_is_live_and_right(app: Flask, round_id: int) -> bool:
    """Whether Redis has the board and it says, place by place, what the database says."""
    with app.app_context():
        round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
        try:
            board = quiz.board_page(round_, clock.now(), per_page=10_000)
        except redis.RedisError:
            return False
        told = [(row.place, row.entrant_id, row.points, row.duration_ms) for row in board.rows]
        ranked = ranking_slice(round_, final=False, offset=0, limit=10_000)
        db.session.remove()
        return board.live and told == [(row.place, row.entrant_id, row.points, row.duration_ms) for row in ranked]


def record_is_unbroken(app: Flask) -> bool:
    """Whether the chain of the record of acts holds."""
    with app.app_context():
        breach = audit.verify()
        db.session.remove()
        return breach is None


def _attempts(round_id: int) -> Sequence[Attempt]:
    return db.session.scalars(select(Attempt).where(Attempt.round_id == round_id).order_by(Attempt.id)).all()
