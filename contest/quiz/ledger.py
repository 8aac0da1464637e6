"""Tables of what is made of attempts: places of a closed round, keys changed after the fact, which attempt drew which question, signals."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import BigKey, Model, enum_column


class KeyRule(enum.StrEnum):
    """How a question is marked after its key was changed: by another key, right whatever was ticked, or right for everybody who drew it."""

    KEY = "key"
    ANY = "any"
    DROPPED = "dropped"


class SignalKind(enum.StrEnum):
    """What is put before people to judge."""

    FAST = "fast"
    ALIKE = "alike"
    SAME_PERSON = "same_person"


class SignalState(enum.StrEnum):
    """Where people stand with a signal."""

    NEW = "new"
    SEEN = "seen"
    CLEARED = "cleared"
    ACTED = "acted"


class RoundLedger(Model):
    """What is kept of a round as a whole.

    `lot_seed` is drawn once, after the close; a round that opens again has neither lot nor `ranked_at`. `standing_due` says that places must be
    counted anew; `ranked_by` is the digest of the rules by which they were counted at `ranked_at`. Papers of attempts up to `indexed_to` are in
    `paper_block`. `tables` holds the boards of units, occupations, blocs, and under `ranked` how many of each bloc have a place.
    """

    __tablename__ = "round_ledger"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    lot_seed: Mapped[str | None] = mapped_column(String(64))
    lot_drawn_at: Mapped[datetime | None]
    standing_due: Mapped[bool] = mapped_column(default=True)
    ranked_at: Mapped[datetime | None]
    ranked_by: Mapped[str] = mapped_column(String(64), default="")
    total: Mapped[int] = mapped_column(default=0)
    tables: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    indexed_to: Mapped[int] = mapped_column(BigInteger, default=0)
    searched_at: Mapped[datetime | None]


class Standing(Model):
    """One entrant's place in a closed round. `position` runs without gaps; who is equal by every criterion shares a `place`.

    `depths` holds for each criterion "first-last": between which positions everybody is equal up to and including it.
    """

    __tablename__ = "standing"
    __table_args__ = (UniqueConstraint("round_id", "entrant_id"), Index(None, "round_id", "bloc", "bloc_position"))

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int]
    entrant_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    bloc: Mapped[int]
    bloc_position: Mapped[int]
    bloc_place: Mapped[int]
    prediction_error: Mapped[int | None] = mapped_column(BigInteger)
    perfect: Mapped[int]
    lot: Mapped[str] = mapped_column(String(64), default="")
    depths: Mapped[str] = mapped_column(Text)


class KeyChange(Model):
    """One question of one round marked by another rule from now on, and how far the marking anew has come; the newest of a question holds."""

    __tablename__ = "key_change"
    __table_args__ = (
        Index(None, "round_id", "version_id"),
        CheckConstraint("rule <> 'key' OR key > 0", name="key"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    rule: Mapped[KeyRule] = mapped_column(enum_column(KeyRule))
    key: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    total: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    passed_id: Mapped[int] = mapped_column(BigInteger, default=0)
    done_at: Mapped[datetime | None]


class PaperBlock(Model):
    """Which attempts drew a question: their ids within one block of 65,536, as 16-bit numbers, the low byte first."""

    __tablename__ = "paper_block"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), primary_key=True)
    block: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    attempts: Mapped[bytes] = mapped_column(LargeBinary)


class Signal(Model):
    """Something about attempts of a closed round that people should look at; nothing follows from it by itself.

    `mark` names what was found, so that searching again finds the same row. `evidence` is plain JSON without personal data.
    """

    __tablename__ = "quiz_signal"
    __table_args__ = (UniqueConstraint("round_id", "mark"), Index(None, "round_id", "state"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[SignalKind] = mapped_column(enum_column(SignalKind))
    mark: Mapped[str] = mapped_column(String(80))
    attempt_ids: Mapped[list[int]] = mapped_column(JSON)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[SignalState] = mapped_column(enum_column(SignalState), default=SignalState.NEW)
    note: Mapped[str] = mapped_column(Text, default="")
    found_at: Mapped[datetime]
    judged_at: Mapped[datetime | None]
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
