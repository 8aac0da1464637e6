"""The desk's page of one account, whatever its role, with what staff may do with it, and the list of those who are no entrants."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access, passwords, queries, rules, service
from contest.accounts.access import admin, organizer
from contest.accounts.contacts import shown_phone
from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.backoffice import asking, words
from contest.backoffice.blueprint import ID, bp
from contest.backoffice.queries import acts_on, sessions_of
from contest.core import audit, clock
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, Forbidden, Refused
from contest.entries import queries as entries
from contest.quiz import queries as quiz


@bp.get("/can-bo")
@organizer
def staff() -> ResponseReturnValue:
    """Judges, organisers and admins."""
    return render_template(
        "backoffice/staff.html", people=queries.staff(), role_names=rules.ROLE_NAMES, shown_phone=shown_phone
    )


@bp.get(f"/tai-khoan/<{ID}:account_id>")
@organizer
def accounts_show(account_id: int) -> ResponseReturnValue:
    """One account; that it was looked at is on the record."""
    person = queries.account(account_id)
    with unit_of_work():
        audit.record("account.view", actor_id=access.actor_id(), subject=f"account:{account_id}")
    return render_template("backoffice/account.html", **_shown(person))


def _shown(person: Account) -> dict[str, object]:
    me = access.me()
    governs = rules.may_govern(me.role, person.role)
    return {
        "person": person,
        "own": me.id == person.id,
        "governs": governs and me.id != person.id,
        "may_set_role": me.role is Role.ADMIN and me.id != person.id,
        "role_names": rules.ROLE_NAMES,
        "checked_data": {name: said for name, said in rules.CHECKED_DATA.items() if _may_be_asked(person, name)},
        "data_to_check": rules.DATA_TO_CHECK,
        "sessions": sessions_of(person.id, clock.now()),
        "consents": [row for row in queries.consents(person.id) if not row.withdrawn_at],
        "code_waiting": queries.recovery_code(person.id),
        "acts": [act for act in acts_on(f"account:{person.id}") if act.row.action != "account.view"],
        "of_action": words.of_action,
        "shown_phone": shown_phone,
    }


def _may_be_asked(person: Account, name: str) -> bool:
    """Whether the record holds this of the person; papers and receipts are looked at when they are shown or read out."""
    column = {"unit": "unit_id", "guardian": "guardian_name", "email": "known_email"}.get(name, name)
    return bool(getattr(person, column, True))


@bp.post(f"/tai-khoan/<{ID}:account_id>/ma-dat-lai")
@organizer
def accounts_give_code(account_id: int) -> ResponseReturnValue:
    """Give a one-time code for a forgotten password; this reply is the only place where it is ever shown."""
    reason = asking.reason()
    person = queries.account(account_id)
    if not rules.may_govern(access.me().role, person.role):
        raise Forbidden("Việc này với tài khoản này dành cho quản trị hệ thống.")
    code = rules.new_recovery_code()
    db.session.rollback()  # No connection is held while the code is hashed.
    code_hash = passwords.hashed(code)
    with unit_of_work():
        service.give_recovery_code(
            account_id=account_id,
            code_hash=code_hash,
            checked=request.form.getlist("checked"),
            actor_id=access.actor_id(),
            reason=reason,
        )
    return render_template("backoffice/account_code.html", person=queries.account(account_id), code=code)


@bp.post(f"/tai-khoan/<{ID}:account_id>/dang-xuat")
@organizer
def accounts_end_sessions(account_id: int) -> ResponseReturnValue:
    """Sign the account out everywhere."""
    reason = asking.reason()
    with unit_of_work():
        ended = service.end_sessions(account_id=account_id, actor_id=access.actor_id(), reason=reason)
    return _back(account_id, f"Đã đăng xuất tài khoản khỏi {ended} thiết bị.")


@bp.post(f"/tai-khoan/<{ID}:account_id>/khoa")
@organizer
def accounts_disable(account_id: int) -> ResponseReturnValue:
    """Let nobody sign in to the account."""
    reason = asking.reason()
    with unit_of_work():
        done = service.disable(account_id=account_id, actor_id=access.actor_id(), reason=reason)
    return _back(account_id, "Đã khóa tài khoản." if done else "Tài khoản đã khóa từ trước.")


@bp.post(f"/tai-khoan/<{ID}:account_id>/mo-khoa")
@organizer
def accounts_enable(account_id: int) -> ResponseReturnValue:
    """Let a disabled account be used again."""
    reason = asking.reason()
    with unit_of_work():
        done = service.enable(account_id=account_id, actor_id=access.actor_id(), reason=reason)
    return _back(account_id, "Đã mở khóa tài khoản." if done else "Tài khoản không bị khóa.")


@bp.post(f"/tai-khoan/<{ID}:account_id>/thu-hoi-so")
@organizer
def accounts_release_phone(account_id: int) -> ResponseReturnValue:
    """Free the account's phone for whom it belongs to."""
    reason = asking.reason()
    with unit_of_work():
        done = service.release_phone(account_id=account_id, actor_id=access.actor_id(), reason=reason)
    said = "Đã thu hồi số điện thoại: chủ của số nay đăng ký được. Bạn báo cho cả hai người."
    return _back(account_id, said if done else "Tài khoản không có số điện thoại.")


@bp.post(f"/tai-khoan/<{ID}:account_id>/rut-dong-y")
@organizer
def accounts_withdraw_consent(account_id: int) -> ResponseReturnValue:
    """Write down that the person takes their consent back; the account is disabled with it."""
    reason = asking.reason()
    with unit_of_work():
        service.withdraw_consent(account_id=account_id, actor_id=access.actor_id(), reason=reason)
    return _back(account_id, "Đã ghi việc rút lại đồng ý và khóa tài khoản.")


@bp.post(f"/tai-khoan/<{ID}:account_id>/vai-tro")
@admin
def accounts_set_role(account_id: int) -> ResponseReturnValue:
    """Give the account another role."""
    reason = asking.reason()
    word = request.form.get("role", "")
    role = next((member for member in Role if member.value == word), None)
    if role is None:
        raise BadInput("Không rõ vai trò.", kept="Chưa có gì thay đổi.")
    with unit_of_work():
        if role is Role.JUDGE and (quiz.my_attempts(account_id) or entries.my_entries(account_id)):
            raise Refused(
                "Người này đã dự thi nên không làm giám khảo của cuộc thi.",
                kept="Chưa có gì thay đổi.",
                todo="Người chấm dùng một tài khoản riêng do người vận hành lập.",
            )
        done = service.set_role(
            account_id=account_id,
            role=role,
            actor_id=access.actor_id(),
            reason=reason,
            had=next((member for member in Role if member.value == request.form.get("seen", "")), None),
        )
    return _back(account_id, f"Vai trò từ nay: {rules.ROLE_NAMES[role]}." if done else "Tài khoản đã có vai trò này.")


def _back(account_id: int, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("backoffice.accounts_show", account_id=account_id))
