"""What the desk and the operator do with somebody's account, each with its reason on the record; `actor_id` None is the operator's command."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, update

from contest.accounts import rules
from contest.accounts.models import Account, Consent, RecoveryCode
from contest.accounts.rules import Role
from contest.accounts.service.sessions import revoke_other_sessions
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, Forbidden, NotFound, Refused

NOTHING = "Chưa có gì thay đổi."
# Held until the commit, and read anew however the session knew it.
_FRESH = select(Account).with_for_update().execution_options(populate_existing=True)


def give_recovery_code(
    *, account_id: int, code_hash: str, checked: Collection[str], actor_id: int | None, reason: str
) -> None:
    """Keep the hash of a one-time code with which this person may set a new password; a code given before is over.

    `checked` names of `rules.CHECKED_DATA` what the caller said rightly: the desk needs two, the operator knows whom they serve.
    """
    account = _governed(account_id, actor_id, alone=False)
    known = [name for name in rules.CHECKED_DATA if name in checked]
    if actor_id is not None and len(known) < rules.DATA_TO_CHECK:
        raise BadInput(
            f"Cần kiểm tra ít nhất {rules.DATA_TO_CHECK} thông tin của người này.",
            kept="Chưa có mã nào được cấp.",
            todo="Bạn quay lại, đánh dấu những thông tin người gọi đã nói đúng.",
        )
    if account.disabled_at:
        raise Refused("Tài khoản đang bị khóa.", kept="Chưa có mã nào được cấp.", todo="Bạn mở khóa trước.")
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    now = clock.now()
    db.session.add(
        RecoveryCode(
            account_id=account_id,
            code_hash=code_hash,
            guesses_left=rules.RECOVERY_GUESSES,
            given_at=now,
            expires_at=now + rules.RECOVERY_LASTS,
        )
    )
    _record("account.give_code", account_id, actor_id, reason, {"checked": known})


def end_sessions(*, account_id: int, actor_id: int | None, reason: str) -> int:
    """Sign the account out everywhere; says of how many browsers."""
    _governed(account_id, actor_id)
    ended = revoke_other_sessions(account_id=account_id, keep_session_id=None)
    _record("account.end_sessions", account_id, actor_id, reason, {"sessions": ended})
    return ended


def disable(*, account_id: int, actor_id: int | None, reason: str) -> bool:
    """Let nobody sign in to the account any more, and sign it out everywhere; False when it was so already."""
    account = _governed(account_id, actor_id)
    if account.disabled_at:
        return False
    _spare_the_last_admin(account)
    account.disabled_at = clock.now()
    _close_doors(account_id)
    _record("account.disable", account_id, actor_id, reason)
    return True


def enable(*, account_id: int, actor_id: int | None, reason: str) -> bool:
    """Let the account be used again, by somebody who thereby consents again; False when it could be already."""
    account = _governed(account_id, actor_id)
    if not account.disabled_at:
        return False
    account.disabled_at = None
    restored = db.session.execute(
        update(Consent)
        .where(Consent.account_id == account_id, Consent.withdrawn_at.is_not(None))
        .values(withdrawn_at=None)
    )
    _record("account.enable", account_id, actor_id, reason, {"consents_restored": restored.rowcount})  # type: ignore[attr-defined]
    return True


def release_phone(*, account_id: int, actor_id: int | None, reason: str) -> bool:
    """Free the phone of an account for whom it belongs to, and sign the account out; one without an e-mail is disabled, for nobody can sign in to it.

    False when there was no phone. The number itself is not on the record, only its last three digits.
    """
    account = _governed(account_id, actor_id)
    if not account.phone:
        return False
    alone = not account.email
    if alone:
        _spare_the_last_admin(account)
        account.email = rules.unreachable(account_id)
        account.disabled_at = account.disabled_at or clock.now()
    ending, account.phone = account.phone[-3:], None
    _close_doors(account_id)
    _record("account.release_phone", account_id, actor_id, reason, {"ending": ending, "disabled": alone})
    return True


def set_role(*, account_id: int, role: Role, actor_id: int | None, reason: str, had: Role | None = None) -> bool:
    """Give the account another role, and sign it out everywhere; False when it has that role already.

    `had` is the role that the page showed where the button was pressed: Refused when somebody else gave another since.
    """
    account = _governed(account_id, actor_id, least=Role.ADMIN)
    if account.role is role:
        return False
    if had not in (None, account.role):
        raise Refused(
            f"Người khác vừa đổi vai trò của tài khoản này thành {rules.ROLE_NAMES[account.role].lower()} sau khi bạn mở trang.",
            kept="Vai trò đó giữ nguyên.",
            todo="Bạn mở lại trang của tài khoản để xem, rồi đổi lại nếu vẫn cần.",
        )
    _spare_the_last_admin(account)
    was, account.role = account.role, role
    _close_doors(account_id)
    _record("account.set_role", account_id, actor_id, reason, {"from": was.value, "to": role.value})
    return True


def withdraw_consent(*, account_id: int, actor_id: int | None, reason: str) -> int:
    """Write down that a person takes their consent back: nothing more is processed in their name, so that the account is disabled too."""
    account = _governed(account_id, actor_id)
    withdrawn = db.session.execute(
        update(Consent)
        .where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    number: int = withdrawn.rowcount  # type: ignore[attr-defined]
    if not number:
        raise Refused("Người này không còn sự đồng ý nào đang có hiệu lực.", kept=NOTHING)
    account.disabled_at = account.disabled_at or clock.now()
    _close_doors(account_id)
    _record("account.withdraw_consent", account_id, actor_id, reason, {"consents": number})
    return number


def _governed(account_id: int, actor_id: int | None, *, least: Role = Role.ORGANIZER, alone: bool = True) -> Account:
    """The account, held until the commit, where the actor may do this with it; `alone` forbids it to its own bearer."""
    if db.session.scalar(select(Account.role).where(Account.id == account_id)) is Role.ADMIN:
        _hold_admins()  # In their order, so that two who disable each other wait instead of deadlocking.
    account = db.session.scalar(_FRESH.where(Account.id == account_id))
    if account is None:
        raise NotFound("Không có tài khoản này.")
    if actor_id is None:
        return account
    actor = db.session.get(Account, actor_id, populate_existing=True)
    if (
        actor is None
        or actor.disabled_at
        or not rules.may_act_as(actor.role, least)
        or not rules.may_govern(actor.role, account.role)
    ):
        raise Forbidden("Việc này với tài khoản này dành cho quản trị hệ thống.")
    if alone and actor_id == account_id:
        raise Refused("Không tự làm việc này với tài khoản của mình.", kept=NOTHING, todo="Bạn nhờ một quản trị khác.")
    return account


def _spare_the_last_admin(account: Account) -> None:
    if account.role is not Role.ADMIN or account.disabled_at:
        return
    if sum(not admin.disabled_at for admin in _hold_admins()) < 2:
        raise Refused("Đây là quản trị hệ thống cuối cùng.", kept=NOTHING, todo="Lập một quản trị khác trước.")


def _hold_admins() -> Sequence[Account]:
    return db.session.scalars(_FRESH.where(Account.role == Role.ADMIN).order_by(Account.id)).all()


def _close_doors(account_id: int) -> None:
    revoke_other_sessions(account_id=account_id, keep_session_id=None)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _record(
    action: str, account_id: int, actor_id: int | None, reason: str, detail: dict[str, object] | None = None
) -> None:
    if not reason.strip():
        raise BadInput("Thiếu lý do.", kept=NOTHING)
    audit.record(action, actor_id=actor_id, subject=f"account:{account_id}", reason=reason, detail=detail)
