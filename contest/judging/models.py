"""Tables of judging: stages, their rubric and panel, assignments, scorecards."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.core.db import BigKey, Model, enum_column
from contest.judging.rules import AssignmentState


class Stage(Model):
    """A judging round over the entries of one round, with how many judges score each entry; one at a time is open."""

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("judges_per_entry >= 1", name="judges"),
        Index(
            "uq_stage_round_id_open",
            "round_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(100))
    judges_per_entry: Mapped[int] = mapped_column(default=2)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    criteria: Mapped[list["Criterion"]] = relationship(back_populates="stage", order_by="Criterion.position")


class Criterion(Model):
    """One weighted criterion of a stage's rubric; the weights (most points) of a stage sum to 100."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("stage_id", "position"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[int]

    stage: Mapped[Stage] = relationship(back_populates="criteria")


class PanelMember(Model):
    """A judge on a stage's panel."""

    __tablename__ = "panel_member"
    __table_args__ = (UniqueConstraint("stage_id", "judge_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Assignment(Model):
    """One entry given to one judge in one stage."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("stage_id", "entry_id", "judge_id"),
        Index(None, "judge_id", "state"),
        Index(None, "entry_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    state: Mapped[AssignmentState] = mapped_column(enum_column(AssignmentState), default=AssignmentState.OPEN)
    conflict_reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class Scorecard(Model):
    """One judge's marks for one entry: one per assignment. `marks` maps criterion id, as text, to whole points; `total` is their sum once all are given."""

    __tablename__ = "scorecard"
    __table_args__ = (
        CheckConstraint("signed_at IS NULL OR total IS NOT NULL", name="signed"),
        CheckConstraint("total IS NULL OR total BETWEEN 0 AND 100", name="total"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), unique=True)
    marks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[int | None]
    sequence: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
