"""Tables of people: accounts, what they consented to, and the sessions in which they are signed in."""

from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.rules import Role, unreachable
from contest.core.db import BigKey, Model, enum_column
from contest.units.models import Unit


class Account(Model, UserMixin):  # type: ignore[misc]
    """A person who signs in by phone or e-mail. `phone` is E.164, `email` casefolded; at least one is set, each belongs to one account."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("phone IS NOT NULL OR email IS NOT NULL", name="reachable"),
        Index(None, "name_folded"),
        Index(None, "name_key", "id"),
        Index(None, "unit_id"),
        Index(None, "role", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.ENTRANT)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    full_name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(600))
    birth_date: Mapped[date | None]
    sex: Mapped[str] = mapped_column(String(10), default="")
    occupation: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    workplace: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    guardian_name: Mapped[str] = mapped_column(String(100), default="")
    guardian_phone: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)

    unit: Mapped[Unit | None] = relationship(lazy="raise_on_sql")

    @property
    def known_email(self) -> str | None:
        """The e-mail address, but for the one that stands for none after the phone was released."""
        return None if self.email == unreachable(self.id) else self.email


class Consent(Model):
    """Proof of one consent: to what purpose, to which words (by digest), when given, when withdrawn."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("account_id", "purpose", "text_digest", name="uq_consent_account_purpose_text"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(64))
    by_guardian: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class AccountSession(Model):
    """One browser in which an account is signed in; the cookie holds its token, the table only the token's SHA-256."""

    __tablename__ = "account_session"
    __table_args__ = (Index(None, "account_id", "revoked_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """The one-time code with which an account may set a new password: its Argon2 hash, and how many guesses are left; at most one an account."""

    __tablename__ = "recovery_code"
    __table_args__ = (CheckConstraint("guesses_left >= 0", name="guesses_counted"),)

    account_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code_hash: Mapped[str] = mapped_column(String(200))
    guesses_left: Mapped[int]
    given_at: Mapped[datetime]
    expires_at: Mapped[datetime]
