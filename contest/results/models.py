"""Tables of results: prizes offered, publications, awards given."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.core.db import BigKey, Model


class Prize(Model):
    """A prize of a round: how many places, how much each, in VND. `position` orders prizes from the highest."""

    __tablename__ = "prize"
    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        CheckConstraint("places >= 0", name="places"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    places: Mapped[int]
    amount: Mapped[int]


class Publication(Model):
    """A frozen, numbered, public result of one round. `body` is all that the page and the files show; `digest` its SHA-256."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("contest_id", "number"), Index(None, "round_id"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(Text, default="")

    awards: Mapped[list["Award"]] = relationship(back_populates="publication", order_by="Award.place")


class Award(Model):
    """The place given: one person, one place in one publication, with the prize it won."""

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("publication_id", "place"),
        UniqueConstraint("publication_id", "attempt_id"),
        UniqueConstraint("publication_id", "entry_id"),
        Index(None, "account_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    prize_id: Mapped[int] = mapped_column(ForeignKey("prize.id"))
    place: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))

    publication: Mapped[Publication] = relationship(back_populates="awards")
