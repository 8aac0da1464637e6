"""Use cases of one's own account: registering, what one says of oneself, the password, leaving; passwords arrive already hashed."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from contest.accounts import names
from contest.accounts.models import Account, Consent
from contest.accounts.rules import Role
from contest.accounts.service.sessions import revoke_other_sessions
from contest.core import audit, clock, vietnamese
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused


class AlreadyRegistered(Refused):
    """The phone or the e-mail belongs to an account; `taken` names which of "phone" and "email"."""

    title = "Bạn đã có tài khoản"
    happened = "Số điện thoại hoặc thư điện tử này đã có tài khoản."
    todo = "Bạn đăng nhập bằng tài khoản đã có."

    def __init__(self, taken: frozenset[str]) -> None:
        self.taken = taken
        super().__init__()


@dataclass(frozen=True)
class Identity:
    """What a person says of themselves, already tidied and checked; `unit_id` names a unit that may be chosen."""

    full_name: str
    birth_date: date | None = None
    sex: str = ""
    occupation: str = ""
    address: str = ""
    workplace: str = ""
    unit_id: int | None = None
    guardian_name: str = ""
    guardian_phone: str = ""


@dataclass(frozen=True)
class Agreed:
    """One consent given: the purpose, and the words as they were shown."""

    purpose: str
    text: str
    by_guardian: bool = field(default=False)


def register(
    *,
    identity: Identity,
    phone: str | None,
    email: str | None,
    password_hash: str,
    consents: tuple[Agreed, ...] = (),
    role: Role = Role.ENTRANT,
) -> Account:
    """Open an account; the tables' constraints decide who was first. Raises AlreadyRegistered, and BadInput without phone and e-mail."""
    if not phone and not email:
        raise BadInput("Cần số điện thoại hoặc thư điện tử.")
    account = Account(role=role, phone=phone, email=email, password_hash=password_hash, created_at=clock.now())
    _write(account, identity)
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError:
        taken = _taken(phone=phone, email=email)
        if not taken:
            raise
        raise AlreadyRegistered(taken) from None
    for agreed in consents:
        digest = hashlib.sha256(agreed.text.encode()).hexdigest()
        db.session.add(
            Consent(
                account_id=account.id,
                purpose=agreed.purpose,
                text=agreed.text,
                text_digest=digest,
                by_guardian=agreed.by_guardian,
                given_at=clock.now(),
            )
        )
    db.session.flush()
    return account


def create_account(
    *, identity: Identity, phone: str | None, email: str | None, password_hash: str, role: Role
) -> Account:
    """Open an account from the command line, on the record; raises as `register`."""
    account = register(identity=identity, phone=phone, email=email, password_hash=password_hash, role=role)
    audit.record(
        "account.create",
        actor_id=None,
        subject=f"account:{account.id}",
        reason="Lệnh của người vận hành",
        detail={"role": role.value},
    )
    return account


def change_identity(*, account_id: int, identity: Identity) -> Account:
    """Write what a person says of themselves anew; entries keep the unit that they were handed in with."""
    account = _account(account_id)
    _write(account, identity)
    db.session.flush()
    return account


def change_password(*, account_id: int, password_hash: str, keep_session_id: int | None) -> None:
    """Set a new password and end every other session."""
    _account(account_id).password_hash = password_hash
    revoke_other_sessions(account_id=account_id, keep_session_id=keep_session_id)


def renew_hash(*, account_id: int, kept: str, password_hash: str) -> None:
    """Replace a hash of old parameters by one of the same password, unless the password has changed meanwhile."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.password_hash == kept)
        .values(password_hash=password_hash)
    )


def delete_account(*, account_id: int) -> None:
    """Forget a person who has no attempts, entries or acts on the record; the tables' foreign keys refuse the others. Raises Refused."""
    account = _account(account_id)
    if account.role is not Role.ENTRANT:
        raise Refused("Tài khoản của cán bộ không tự xóa được.", todo="Bạn liên hệ quản trị hệ thống.")
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Account).where(Account.id == account_id))
    except IntegrityError:
        raise Refused(
            "Tài khoản đã có lượt thi hoặc bài dự thi nên không tự xóa được.",
            kept="Tài khoản và bài của bạn vẫn còn nguyên.",
            todo="Nếu không muốn dự thi tiếp, bạn gọi Ban Tổ chức theo số ở cuối trang để rút lại đồng ý: tài khoản bị khóa.",
        ) from None
    db.session.expunge(account)


def _account(account_id: int) -> Account:
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound("Không có tài khoản này.")
    return account


def _write(account: Account, identity: Identity) -> None:
    name = vietnamese.tidy_name(identity.full_name)
    wrong = names.fault(name)
    if wrong:
        raise BadInput(wrong)
    account.full_name = name
    account.name_folded = vietnamese.fold(name)
    account.name_key = vietnamese.name_sort_key(name)
    account.birth_date = identity.birth_date
    account.sex = identity.sex
    account.occupation = identity.occupation
    account.address = identity.address
    account.workplace = identity.workplace
    account.unit_id = identity.unit_id
    account.guardian_name = identity.guardian_name
    account.guardian_phone = identity.guardian_phone


def _taken(*, phone: str | None, email: str | None) -> frozenset[str]:
    wanted = {"phone": (Account.phone, phone), "email": (Account.email, email)}
    return frozenset(
        name
        for name, (column, value) in wanted.items()
        if value and db.session.scalar(select(Account.id).where(column == value)) is not None
    )
