"""The database yardsticks as an able team writes them by the book: Flask-SQLAlchemy, Flask-Login, Flask-WTF, one row per answer.

Y1 saves one answer (SELECT, UPDATE, COMMIT); Y-start inserts an attempt and its twenty rows and renders a 25 KB page; Y-submit locks
the attempt, joins twenty answers to the key and stores the score. BENCH_DATABASE_URL says where.
"""

import os
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, jsonify, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy.orm import Mapped, mapped_column

from bench.yardsticks import pages

QUESTIONS = 20
PAGE_BYTES = 25_000

app = Flask(__name__)
app.config.update(
    SECRET_KEY="only-for-measuring-0123456789",
    SQLALCHEMY_DATABASE_URI=os.environ["BENCH_DATABASE_URL"],
    WTF_CSRF_TIME_LIMIT=None,
)
db = SQLAlchemy(app)
CSRFProtect(app)
login = LoginManager(app)


class User(UserMixin, db.Model):  # type: ignore[name-defined, misc]
    """A citizen."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Key(db.Model):  # type: ignore[name-defined, misc]
    """The right choice of a question."""

    question_id: Mapped[int] = mapped_column(primary_key=True)
    choice: Mapped[int]


class Attempt(db.Model):  # type: ignore[name-defined, misc]
    """One sitting."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    score: Mapped[int | None]


class Answer(db.Model):  # type: ignore[name-defined, misc]
    """One answer of a sitting."""

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(primary_key=True)
    choice: Mapped[int | None]


if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
    with app.app_context():

        @sa.event.listens_for(db.engine, "connect")
        def _settle(connection: Any, record: object) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
                connection.execute(f"PRAGMA {pragma}")


ROWS = pages.rows_for(app, PAGE_BYTES)


@login.user_loader
def _user(key: str) -> User | None:
    return db.session.get(User, int(key))


@app.get("/enter/<int:user_id>")
def enter(user_id: int) -> Any:
    """Sign in and tell the CSRF token and the open attempt; the load generator calls it beforehand."""
    login_user(db.get_or_404(User, user_id))
    attempt = db.session.scalar(sa.select(Attempt.id).where(Attempt.user_id == user_id).order_by(Attempt.id).limit(1))
    return jsonify(csrf=generate_csrf(), attempt=attempt)


@app.post("/save")
@login_required
def save() -> Any:
    """Y1."""
    data = request.get_json()
    wanted = (
        sa.select(Answer)
        .join(Attempt)
        .where(
            Attempt.id == data["attempt"], Attempt.user_id == current_user.id, Answer.question_id == data["question"]
        )
    )
    answer = db.session.scalar(wanted)
    if answer is None:
        abort(404)
    answer.choice = data["choice"]
    db.session.commit()
    return jsonify(saved=True)


@app.post("/start")
@login_required
def start() -> str:
    """Y-start."""
    attempt = Attempt(user_id=current_user.id)
    db.session.add(attempt)
    db.session.flush()
    db.session.add_all(Answer(attempt_id=attempt.id, question_id=number) for number in range(1, QUESTIONS + 1))
    db.session.commit()
    return pages.page(ROWS)


@app.post("/submit/<int:attempt_id>")
@login_required
def submit(attempt_id: int) -> Any:
    """Y-submit."""
    attempt = db.session.scalar(sa.select(Attempt).where(Attempt.id == attempt_id).with_for_update())
    if attempt is None or attempt.user_id != current_user.id:
        abort(404)
    right = (
        sa.select(sa.func.count())
        .select_from(Answer)
        .join(Key, Key.question_id == Answer.question_id)
        .where(Answer.attempt_id == attempt_id, Answer.choice == Key.choice)
    )
    attempt.score = db.session.scalar(right)
    db.session.commit()
    return jsonify(score=attempt.score)


def seed(*, users: int, attempts_each: int) -> None:
    """Create the tables and rows: users 1..n, and for each of them attempts with twenty answers."""
    with app.app_context():
        db.create_all()
        db.session.execute(sa.insert(Key), [{"question_id": n, "choice": n % 4} for n in range(1, QUESTIONS + 1)])
        db.session.execute(sa.insert(User), [{"id": n, "name": f"Thí sinh {n}"} for n in range(1, users + 1)])
        total = users * attempts_each
        db.session.execute(sa.insert(Attempt), [{"user_id": n % users + 1} for n in range(total)])
        db.session.flush()
        ids = list(db.session.scalars(sa.select(Attempt.id).order_by(Attempt.id)))
        for begin in range(0, total, 2000):
            rows = [
                {"attempt_id": attempt, "question_id": number, "choice": (attempt + number) % 4}
                for attempt in ids[begin : begin + 2000]
                for number in range(1, QUESTIONS + 1)
            ]
            db.session.execute(sa.insert(Answer), rows)
        db.session.commit()
        db.engine.dispose()
