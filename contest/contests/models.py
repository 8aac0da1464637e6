"""Tables of a contest: the edition, its tracks, their rounds; what became of a round while it ran, and what one person is allowed beyond the rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.rules import (
    PARAMS,
    EssayParams,
    Letterhead,
    PhotoParams,
    QuizParams,
    RoundState,
    TrackKind,
    state_of,
)
from contest.core.db import BigKey, Model, enum_column


class Contest(Model):
    """One edition. Organiser, parent body and contacts are data, for they change during a contest; `letterhead` says whose way its papers are set in. `regulations` is Markdown."""

    __tablename__ = "contest"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    organizer_name: Mapped[str] = mapped_column(String(200))
    parent_body: Mapped[str] = mapped_column(String(200), default="")
    letterhead: Mapped[Letterhead] = mapped_column(
        enum_column(Letterhead), default=Letterhead.STATE, server_default=Letterhead.STATE.value
    )
    phone: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    regulations: Mapped[str] = mapped_column(Text, default="")
    min_age: Mapped[int] = mapped_column(default=14)
    guardian_age: Mapped[int] = mapped_column(default=16)
    identity_fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    tracks: Mapped[list["Track"]] = relationship(back_populates="contest", order_by="Track.position")


class Track(Model):
    """One of the three tracks of a contest."""

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("contest_id", "kind"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    kind: Mapped[TrackKind] = mapped_column(enum_column(TrackKind))
    title: Mapped[str] = mapped_column(String(100))
    summary: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)

    contest: Mapped[Contest] = relationship(back_populates="tracks")
    rounds: Mapped[list["Round"]] = relationship(back_populates="track", order_by="Round.number")


class Round(Model):
    """A period in which a track takes entries or attempts, with its rule parameters as JSON (see `Round.rules`)."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("track_id", "number"),
        CheckConstraint("closes_at > opens_at", name="order"),
        Index(None, "closes_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    gallery_released_at: Mapped[datetime | None]

    track: Mapped[Track] = relationship(back_populates="rounds")

    def state(self, now: datetime) -> RoundState:
        """Where the round stands at `now`."""
        return state_of(opens_at=self.opens_at, closes_at=self.closes_at, paused_at=self.paused_at, now=now)

    def is_open(self, now: datetime) -> bool:
        """True while it takes entries or attempts."""
        return self.state(now) is RoundState.OPEN

    @property
    def rules(self) -> QuizParams | EssayParams | PhotoParams:
        """The parameters of the round's own kind; raises ValueError for a parameter that does not exist."""
        return PARAMS[self.track.kind].read(self.params)


class RoundPause(Model):
    """A stretch in which a round stood still; at most one of a round has no end, and then the round's `paused_at` is its beginning."""

    __tablename__ = "round_pause"
    __table_args__ = (
        Index(None, "round_id"),
        Index(
            "uq_round_pause_one_open",
            "round_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at >= began_at", name="order"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class RuleChange(Model):
    """A change of a round's parameters after it opened, shown to everybody: `before` and `after` hold the parameters that differ."""

    __tablename__ = "rule_change"
    __table_args__ = (Index(None, "round_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    changed_at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class Allowance(Model):
    """Attempts that one person has in one round beyond those of the rules."""

    __tablename__ = "allowance"
    __table_args__ = (
        UniqueConstraint("round_id", "account_id"),
        Index(None, "account_id"),
        CheckConstraint("extra_attempts >= 1", name="extra_attempts"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    extra_attempts: Mapped[int]


class Accommodation(Model):
    """What one person needs in every round: so much more time than the rules give, in per cent, and large print."""

    __tablename__ = "accommodation"
    __table_args__ = (CheckConstraint("extra_percent BETWEEN 0 AND 300", name="extra_percent"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    extra_percent: Mapped[int] = mapped_column(default=0)
    large_print: Mapped[bool] = mapped_column(default=False)
    set_at: Mapped[datetime]
