"""Tables of the envelope around essays and photographs: one entry, and the files in it."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core.db import BigKey, Model, enum_column
from contest.entries.rules import EntryState


class Entry(Model):
    """An essay or a photo work of one entrant in one round.

    `slot` counts the entrant's entries in the round from 1; with its unique constraint and the round's limit it makes "at most n entries" hold under any
    race. `digest` is the SHA-256 of what was handed in. `unit_id` is the unit at entry time. `passed` holds the keys of the leaks that a clerk let
    pass, `verdict` what the clerk said last to the author.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("round_id", "entrant_id", "slot"),
        CheckConstraint("slot >= 1", name="slot"),
        CheckConstraint("state = 'draft' OR receipt IS NOT NULL", name="receipt"),
        Index(None, "round_id", "state"),
        Index(None, "entrant_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entrant_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[TrackKind] = mapped_column(enum_column(TrackKind))
    slot: Mapped[int]
    state: Mapped[EntryState] = mapped_column(enum_column(EntryState), default=EntryState.DRAFT)
    theme: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    blind_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    receipt: Mapped[str | None] = mapped_column(String(30), unique=True)
    digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    passed: Mapped[list[str]] = mapped_column(JSON, default=list)
    verdict: Mapped[str] = mapped_column(Text, default="")

    round: Mapped[Round] = relationship(lazy="raise_on_sql")
    entrant: Mapped[Account] = relationship(lazy="raise_on_sql")


class WithdrawnReceipt(Model):
    """A receipt that was good until its author took the entry back. The entry may be handed in again under another, or be gone, as may its author."""

    __tablename__ = "withdrawn_receipt"
    __table_args__ = (Index(None, "entry_id"), Index(None, "entrant_id"))

    receipt: Mapped[str] = mapped_column(String(30), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id", ondelete="SET NULL"))
    entrant_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    handed_in_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime]


class EntryFile(Model):
    """An original that an entrant sent: its address in storage, and what may be known of it. `original_name` is never shown to a judge."""

    __tablename__ = "entry_file"
    __table_args__ = (Index(None, "entry_id"), Index(None, "address"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    original_name: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]


class UploadHour(Model):
    """How many bytes of files an account has sent in the hour that began at `since`."""

    __tablename__ = "upload_hour"
    __table_args__ = (CheckConstraint("sent >= 0", name="sent"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
    sent: Mapped[int] = mapped_column(BigInteger, default=0)
