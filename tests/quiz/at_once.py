"""Acts at the same moment: many let go together, or one begun while another has written and not yet committed; tests of races call it."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import select, text

from contest.contests import service as rounds
from contest.core import audit
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import DomainError
from contest.quiz import service
from contest.quiz.models import QuizRound
from tests.quiz.conftest import Quiz

WHY = "Theo Công văn số 12-CV/BTC"
THREADS = 6
Act = Callable[[], Any]
Make = Callable[..., Quiz]


def at_once(quiz: Quiz, *acts: Act) -> list[Any]:
    """Run every act in a thread and a unit of work of its own, all let go together; what one raises is raised."""
    return _let_go(quiz, acts, ())


def tried_at_once(quiz: Quiz, *acts: Act) -> list[Any]:
    """The same for acts that may be refused; the refusal is given back."""
    return _let_go(quiz, acts, DomainError)


def _let_go(quiz: Quiz, acts: Sequence[Act], given_back: type[DomainError] | tuple[()]) -> list[Any]:
    barrier = Barrier(len(acts))

    def run(act: Act) -> Any:
        with quiz.app.app_context():
            barrier.wait(20)
            try:
                with unit_of_work():
                    return act()
            except given_back as refused:
                return refused
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def beside(quiz: Quiz, first: Act, second: Act) -> Any:
    """Begin `second` while `first` has written and not yet committed; what `second` returns, or how it was refused."""
    found: list[Any] = []

    def run() -> None:
        found.extend(tried_at_once(quiz, second))

    with quiz.app.app_context():
        with unit_of_work():
            first()
            runner = threading.Thread(target=run)
            runner.start()
            while runner.is_alive() and not _waits():
                runner.join(0.02)
        runner.join(20)
    return found[0]


def _waits() -> bool:
    """Whether somebody waits for a lock; on SQLite the second writer waits before it has read anything."""
    if db.session.get_bind().dialect.name != "postgresql":
        return True
    waiting = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database OR database IS NULL OR database = 0"
    waiting += " WHERE NOT granted AND datname = current_database()"
    return bool(db.session.scalar(text(waiting)))


def signed(quiz: Quiz) -> dict[str, Any]:
    """Who acts, and why."""
    return {"actor_id": quiz.organizer_id, "reason": WHY}


def acts_of(quiz: Quiz, action: str) -> int:
    """How often the record, which must be whole, has that act."""
    with quiz.app.app_context():
        assert audit.verify() is None
        return len(db.session.scalars(select(AuditRow.id).where(AuditRow.action == action)).all())


def frozen_at(quiz: Quiz) -> Any:
    """When the round's paper was frozen."""
    with quiz.app.app_context():
        return db.session.scalar(select(QuizRound.frozen_at).where(QuizRound.round_id == quiz.round_id))


def delete_unused(*, round_id: int, actor_id: int, reason: str) -> None:
    """What the desk does to a round that nobody has begun."""
    service.forget_paper(round_id=round_id)
    rounds.delete(round_id=round_id, actor_id=actor_id, reason=reason)
