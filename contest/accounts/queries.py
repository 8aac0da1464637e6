"""Reads of accounts and sessions; sign-in, the account pages and the public room use them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from contest.accounts import contacts
from contest.accounts.models import Account, AccountSession, Consent
from contest.accounts.rules import Asked
from contest.core import clock
from contest.core.db import db
from contest.units import queries as units

_ASKED = "kv_asked"


def asked_by(app: Flask, provider: Callable[[], Asked]) -> None:
    """Let `provider` say what the running contest asks; contests stand above accounts, so the wiring hands it down."""
    app.extensions[_ASKED] = provider


def asked() -> Asked:
    """What the running contest asks of those who take part; raises NotFound while there is no contest."""
    provider: Callable[[], Asked] = current_app.extensions[_ASKED]
    return provider()


@dataclass(frozen=True)
class Candidate:
    """Who may be behind an identifier at sign-in."""

    account_id: int
    password_hash: str


def identifier_of(text: str) -> str:
    """A typed phone or e-mail as the tables keep it; what is neither stays as typed, so that it is counted like any other."""
    if "@" in text:
        return text.strip().casefold()
    return contacts.phone(text) or text.strip().casefold()


def candidate(identifier: str) -> Candidate | None:
    """The account that signs in by this kept phone or e-mail, unless it is disabled."""
    column = Account.email if "@" in identifier else Account.phone
    row = db.session.execute(
        select(Account.id, Account.password_hash).where(column == identifier, Account.disabled_at.is_(None))
    ).first()
    return Candidate(row[0], row[1]) if row else None


def live_sessions(account_id: int) -> Sequence[AccountSession]:
    """The browsers in which the account is signed in now, the newest first."""
    return db.session.scalars(
        select(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            AccountSession.revoked_at.is_(None),
            AccountSession.expires_at > clock.now(),
        )
        .order_by(AccountSession.id.desc())
    ).all()


def consents(account_id: int) -> Sequence[Consent]:
    """What the account has agreed to, in order."""
    return db.session.scalars(select(Consent).where(Consent.account_id == account_id).order_by(Consent.id)).all()


def personal_data(account: Account) -> dict[str, Any]:
    """Everything that this room knows of a person, as plain JSON for their download; no password, no token."""
    return {
        "ho_ten": account.full_name,
        "dien_thoai": account.phone,
        "thu_dien_tu": account.email,
        "ngay_sinh": account.birth_date.isoformat() if account.birth_date else None,
        "gioi_tinh": account.sex,
        "nghe_nghiep": account.occupation,
        "dia_chi": account.address,
        "noi_cong_tac": account.workplace,
        "don_vi": units.path(account.unit_id) if account.unit_id else None,
        "nguoi_giam_ho": {"ho_ten": account.guardian_name, "dien_thoai": account.guardian_phone},
        "dang_ky_luc": account.created_at.isoformat(),
        "dong_y": [
            {
                "muc_dich": row.purpose,
                "noi_dung": row.text,
                "sha256": row.text_digest,
                "nguoi_giam_ho": row.by_guardian,
                "luc": row.given_at.isoformat(),
            }
            for row in consents(account.id)
        ],
        "phien_dang_nhap": [
            {"thiet_bi": row.device, "tu": row.created_at.isoformat(), "den": row.expires_at.isoformat()}
            for row in live_sessions(account.id)
        ],
    }
