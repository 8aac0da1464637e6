"""Y-lb, the leaderboard as an able team writes it by the book: the first hundred of an indexed table, by the ORM, in a template."""

import os

import sqlalchemy as sa
from flask import Flask, render_template
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column

app = Flask(__name__)
app.config.update(SECRET_KEY="only-for-measuring-0123456789", SQLALCHEMY_DATABASE_URI=os.environ["BENCH_DATABASE_URL"])
db = SQLAlchemy(app)


class Line(db.Model):  # type: ignore[name-defined, misc]
    """One person's best attempt."""

    __table_args__ = (sa.Index("ix_line_order", sa.text("score DESC"), "took", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit: Mapped[str]
    score: Mapped[int]
    took: Mapped[int]


@app.get("/")
def board() -> str:
    """The first hundred."""
    rows = db.session.scalars(sa.select(Line).order_by(Line.score.desc(), Line.took, Line.id).limit(100)).all()
    return render_template("board.html", rows=rows)


def seed(count: int) -> None:
    """Make the table and fill it."""
    db.create_all()
    db.session.execute(
        sa.text(
            "INSERT INTO line (name, unit, score, took) SELECT 'Thí Sinh ' || n, 'Huyện số ' || mod(n, 10), "
            "5 * (random() * 20)::int, (random() * 900000)::int FROM generate_series(1, :count) n"
        ),
        {"count": count},
    )
    db.session.commit()
    db.session.execute(sa.text("ANALYZE line"))
    db.session.commit()
