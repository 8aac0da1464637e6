"""Reads of accounts and sessions; sign-in, the account pages and the public room use them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, Table, bindparam, func, or_, select

from contest.accounts import contacts, weak_passwords
from contest.accounts.models import Account, AccountSession, Consent, RecoveryCode
from contest.accounts.rules import DESK_ACTS, Asked, Role
from contest.core import clock, vietnamese
from contest.core.audit import AuditRow
from contest.core.db import db, execute
from contest.core.display import taken_time
from contest.core.errors import NotFound
from contest.core.paging import Page, page_of
from contest.units import queries as units

_ASKED = "kv_asked"
FEWEST_DIGITS = 4  # of a phone, for it to be searched for by a part
_PEOPLE = cast("Table", Account.__table__).c
# Built once, of tables: a rush of sign-ins runs them.
_CANDIDATE_BY = {
    name: select(_PEOPLE.id, _PEOPLE.password_hash).where(
        _PEOPLE[name] == bindparam("identifier"), _PEOPLE.disabled_at.is_(None)
    )
    for name in ("email", "phone")
}


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
    """A typed phone or e-mail as the tables keep it; what is neither stays as typed, so that it is counted like any other.

    A mobile number of eleven digits, as they were until 2018, means the one that came of it.
    """
    kept = contacts.email(text) if "@" in text else contacts.phone(text) or contacts.renumbered(text)
    return kept or text.strip().casefold()


def candidate(identifier: str) -> Candidate | None:
    """The account that signs in by this kept phone or e-mail, unless it is disabled."""
    row = execute(_CANDIDATE_BY["email" if "@" in identifier else "phone"], {"identifier": identifier}).first()
    return Candidate(row.id, row.password_hash) if row else None


def own_words(account_id: int) -> frozenset[str]:
    """What is known of a person and may not be their password."""
    row = db.session.execute(
        select(Account.full_name, Account.phone, Account.email, Account.birth_date).where(Account.id == account_id)
    ).first()
    if row is None:
        return frozenset()
    return weak_passwords.own_words(full_name=row[0], phone=row[1], email=row[2], born=row[3])


def account(account_id: int) -> Account:
    """An account of any role for the desk; raises NotFound."""
    found = db.session.get(Account, account_id)
    if found is None:
        raise NotFound("Không có tài khoản này.")
    return found


def account_id_of(typed: str) -> int:
    """The account that signs in by this phone or e-mail, disabled ones too; raises NotFound."""
    identifier = identifier_of(typed)
    found = db.session.scalar(
        select(Account.id).where((Account.email if "@" in identifier else Account.phone) == identifier)
    )
    if found is None:
        raise NotFound(f"Không có tài khoản nào của {typed}.")
    return found


def staff() -> Sequence[Account]:
    """Everybody who is no entrant, by role and name."""
    return db.session.scalars(
        select(Account).where(Account.role != Role.ENTRANT).order_by(Account.role, Account.name_key, Account.id)
    ).all()


def recovery_code(account_id: int) -> RecoveryCode | None:
    """The code that the account may still use."""
    return db.session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.guesses_left > 0,
            RecoveryCode.expires_at > clock.now(),
        )
    )


def desk_acts(account_id: int, most: int = 10) -> list[tuple[str, datetime]]:
    """What staff did with the account, in words, and when, the newest first; why is for the record alone."""
    rows = db.session.execute(
        select(AuditRow.action, AuditRow.at)
        .where(AuditRow.subject == f"account:{account_id}", AuditRow.action.in_(DESK_ACTS))
        .order_by(AuditRow.id.desc())
        .limit(most)
    )
    return [(DESK_ACTS[action], at) for action, at in rows]


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
        "Họ và tên": account.full_name,
        "Điện thoại": account.phone,
        "Thư điện tử": account.known_email,
        "Ngày sinh": account.birth_date.isoformat() if account.birth_date else None,
        "Giới tính": account.sex,
        "Nghề nghiệp": account.occupation,
        "Địa chỉ": account.address,
        "Nơi công tác": account.workplace,
        "Đơn vị": units.path(account.unit_id) if account.unit_id else None,
        "Người giám hộ": {"Họ và tên": account.guardian_name, "Điện thoại": account.guardian_phone},
        "Đăng ký lúc": taken_time(account.created_at),
        "Những điều đã đồng ý": [
            {
                "Mục đích": row.purpose,
                "Nội dung": row.text,
                "SHA-256 của nội dung": row.text_digest,
                "Do người giám hộ": row.by_guardian,
                "Lúc": taken_time(row.given_at),
                "Rút lại lúc": taken_time(row.withdrawn_at) if row.withdrawn_at else None,
            }
            for row in consents(account.id)
        ],
        "Phiên đăng nhập": [
            {"Thiết bị": row.device, "Từ": taken_time(row.created_at), "Đến": taken_time(row.expires_at)}
            for row in live_sessions(account.id)
        ],
    }


def found_entrants(
    *, search: str = "", holder_id: int | None = None, unit_ids: Collection[int] | None = None
) -> Select[Account]:
    """The entrants that organisers ask for, by name, for a list and for its sheet alike. `search` finds part of a name (accents ignored) or of an
    e-mail, or a phone however it is typed; `holder_id` is found besides, for a receipt that the caller has looked up; `unit_ids` narrows to those units."""
    query = select(Account).where(Account.role == Role.ENTRANT)
    if search:
        query = query.where(or_(*_meant_by(search), Account.id == (holder_id or 0)))
    if unit_ids is not None:
        query = query.where(Account.unit_id.in_(unit_ids))
    return query.order_by(Account.name_key, Account.id)


def entrants_page(*, page: int = 1, per_page: int = 20, **asked: Any) -> Page[Account]:
    """Entrants for the organisers, as `found_entrants` finds them."""
    query = found_entrants(**asked)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0

    def read(offset: int, most: int) -> Sequence[Account]:
        return db.session.scalars(query.offset(offset).limit(most)).all()

    return page_of(read, total=total, page=page, per_page=per_page)


def entrant(account_id: int) -> Account:
    """An entrant's row for the organisers; raises NotFound, also for staff."""
    found = db.session.get(Account, account_id)
    if found is None or found.role is not Role.ENTRANT:
        raise NotFound("Không có người dự thi này.")
    return found


def judges() -> Sequence[Account]:
    """Everybody who may sit on a panel, by name."""
    return db.session.scalars(
        select(Account)
        .where(Account.role == Role.JUDGE, Account.disabled_at.is_(None))
        .order_by(Account.name_key, Account.id)
    ).all()


def _meant_by(search: str) -> list[ColumnElement[bool]]:
    """What a person of whom one knows these words may match by."""
    found = [Account.name_folded.contains(vietnamese.fold(search), autoescape=True)] if vietnamese.fold(search) else []
    if "@" in search:
        found.append(Account.email.contains(contacts.email(search) or search.casefold(), autoescape=True))
    number = contacts.phone(search) or contacts.renumbered(search)
    digits = "".join(sign for sign in search if sign.isascii() and sign.isdigit())
    if number:
        found.append(Account.phone == number)
    elif len(digits) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in search):
        found.append(Account.phone.contains(digits.removeprefix("0")))
    return found or [Account.id == 0]
