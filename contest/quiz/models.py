"""Tables of the quiz: questions and their versions, what a round draws from and how often it drew it, attempts."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.core.db import BigKey, Model, enum_column
from contest.quiz.rules import AttemptState, NoteKind


class Question(Model):
    """A question of the contest's bank through all its versions; new rounds draw the newest, and none of a retired question."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[str] = mapped_column(String(60))
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    versions: Mapped[list["QuestionVersion"]] = relationship(
        back_populates="question", order_by="QuestionVersion.number"
    )


class QuestionVersion(Model):
    """One wording of a question, never changed once written but for `newest`, which passes to the next version.

    `choices` is a list of texts and `feedbacks` says something to each; `key` is the bit mask of the right ones in that order. `source` is the
    document and `locator` the place in it. `picture` is an address in storage of a WebP image. `folded` is what searching looks at, without
    accents; `findings` are the kinds of what `question_bank.checks` says of this question alone, with blanks between.
    """

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        Index(
            "uq_question_version_newest",
            "question_id",
            unique=True,
            sqlite_where=text("newest"),
            postgresql_where=text("newest"),
        ),
        Index(None, "digest"),
        Index(None, "picture"),
        CheckConstraint("key > 0", name="key"),
        CheckConstraint("picture IS NULL OR picture_alt <> ''", name="picture_alt"),
        CheckConstraint("picture IS NULL OR (picture_width > 0 AND picture_height > 0)", name="picture_size"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    number: Mapped[int]
    newest: Mapped[bool] = mapped_column(default=True)
    stem: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[str]] = mapped_column(JSON)
    key: Mapped[int]
    pinned: Mapped[bool] = mapped_column(default=False)
    chapter: Mapped[str] = mapped_column(String(200), default="")
    difficulty: Mapped[int] = mapped_column(default=2)
    source: Mapped[str] = mapped_column(Text, default="")
    locator: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    feedback: Mapped[str] = mapped_column(Text, default="")
    feedbacks: Mapped[list[str]] = mapped_column(JSON, default=list)
    picture: Mapped[str | None] = mapped_column(String(64))
    picture_alt: Mapped[str] = mapped_column(Text, default="")
    picture_width: Mapped[int | None]
    picture_height: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    folded: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]

    question: Mapped[Question] = relationship(back_populates="versions")

    @property
    def cited(self) -> str:
        """The source as it is shown: the document and the place in it."""
        return ", ".join(part for part in (self.source, self.locator) if part)


class QuizRound(Model):
    """What a quiz round draws from: the blueprint and the frozen list of question version ids, in drawing order; fixed once the first attempt starts."""

    __tablename__ = "quiz_round"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    blueprint: Mapped[dict[str, Any]] = mapped_column(JSON)
    version_ids: Mapped[list[int]] = mapped_column(JSON)
    actual: Mapped[int | None]
    frozen_at: Mapped[datetime | None]


class RoundExposure(Model):
    """How often each version was drawn in a round: `drawn` is {version id as text: times} over the attempts up to `last_id`."""

    __tablename__ = "round_exposure"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    drawn: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    last_id: Mapped[int] = mapped_column(BigInteger, default=0)
    counted_at: Mapped[datetime]


class Attempt(Model):
    """One sitting. The paper follows from `seed` and the round's frozen bank; `answers` is one compact text, a character a question.

    At most one attempt of an entrant is open in a round (partial unique index), and numbers do not repeat: a race to start finds the first.
    `duration_ms` runs from start to hand-in without the round's pauses (`paused_ms`), in milliseconds; `points` and `correct` are empty until graded.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("round_id", "entrant_id", "number"),
        Index(
            "uq_attempt_one_open",
            "round_id",
            "entrant_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_attempt_open_deadline",
            "deadline",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_attempt_ungraded",
            "id",
            sqlite_where=text("graded_at IS NULL AND state IN ('handed_in', 'expired')"),
            postgresql_where=text("graded_at IS NULL AND state IN ('handed_in', 'expired')"),
        ),
        Index(None, "round_id", "graded_at"),
        Index(None, "entrant_id"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(state = 'open') = (handed_in_at IS NULL) OR state = 'annulled'", name="handed_in"),
        CheckConstraint("graded_at IS NULL OR points IS NOT NULL", name="graded"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entrant_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[AttemptState] = mapped_column(enum_column(AttemptState), default=AttemptState.OPEN)
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    extra_seconds: Mapped[int] = mapped_column(default=0)
    paused_ms: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    shape: Mapped[str] = mapped_column(String(64), default="", server_default="")
    answers: Mapped[str] = mapped_column(String(64))
    marked: Mapped[str] = mapped_column(String(64), default="")
    prediction: Mapped[int | None]
    sequence: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(String(30), unique=True)
    digest: Mapped[str | None] = mapped_column(String(64))
    duration_ms: Mapped[int | None] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"))
    correct: Mapped[int | None]
    points: Mapped[int | None]
    graded_at: Mapped[datetime | None]


class AttemptNote(Model):
    """One step of an objection about an attempt, never changed: a complaint as it came in, or what was decided, by whom and when."""

    __tablename__ = "attempt_note"
    __table_args__ = (Index(None, "attempt_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    kind: Mapped[NoteKind] = mapped_column(enum_column(NoteKind))
    body: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
