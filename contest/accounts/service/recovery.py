"""Using the one-time code that the desk gave for a forgotten password."""

from sqlalchemy import delete, update

from contest.accounts import rules
from contest.accounts.models import Account, RecoveryCode
from contest.accounts.service.sessions import revoke_other_sessions
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import Refused


class CodeIsOver(Refused):
    """The code was used, replaced or out of its time a moment ago."""

    title = "Mã không dùng được nữa"
    happened = "Mã này vừa được dùng, vừa được thay hoặc đã hết hạn."
    kept = "Mật khẩu chưa đổi ở lần bấm này."
    todo = "Bạn thử đăng nhập; chưa được thì gọi Ban Tổ chức để lấy mã mới."


def take_guess(*, account_id: int) -> str | None:
    """Count one guess against the account's code, then say what the code's hash is; None when there is none, or no guess is left."""
    found: str | None = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.guesses_left > 0,
            RecoveryCode.expires_at > clock.now(),
        )
        .values(guesses_left=RecoveryCode.guesses_left - 1)
        .returning(RecoveryCode.code_hash)
    )
    return found


def give_guess_back(*, account_id: int, code_hash: str) -> None:
    """The code was right and only the new password was not: that was no guess."""
    db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.guesses_left < rules.RECOVERY_GUESSES,
        )
        .values(guesses_left=RecoveryCode.guesses_left + 1)
    )


def recover(*, account_id: int, code_hash: str, password_hash: str) -> None:
    """Use the code up, set the password and end every session. Raises CodeIsOver when somebody else used it first."""
    # The account first, as the desk takes them: the other way round each would hold what the other waits for.
    changed = db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
        .values(password_hash=password_hash)
    )
    used = db.session.execute(
        delete(RecoveryCode).where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.expires_at > clock.now(),
        )
    )
    if not used.rowcount or not changed.rowcount:  # type: ignore[attr-defined]
        raise CodeIsOver()
    revoke_other_sessions(account_id=account_id, keep_session_id=None)
    audit.record(
        "account.recover", actor_id=None, subject=f"account:{account_id}", reason="Đặt mật khẩu mới bằng mã một lần"
    )


def purge_codes() -> int:
    """Forget codes that are out of their time; says how many."""
    gone = db.session.execute(delete(RecoveryCode).where(RecoveryCode.expires_at < clock.now()))
    return gone.rowcount  # type: ignore[attr-defined]
