"""One's own account: what one said of oneself, sessions, password, deletion; HTTP only."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access, contacts, passwords, queries, rules, service, throttle
from contest.accounts.access import signed_in
from contest.accounts.forms import DeletionForm, IdentityForm, NewPasswordForm
from contest.accounts.models import Account
from contest.accounts.routes.blueprint import bp, hashed
from contest.core.db import db, unit_of_work
from contest.core.display import vn_date
from contest.core.security import address
from contest.units import queries as units


@bp.get("/tai-khoan")
@signed_in
def security() -> ResponseReturnValue:
    """One's own account at a glance."""
    account = access.me()
    return render_template(
        "accounts/account.html",
        account=account,
        role=rules.ROLE_NAMES[account.role],
        phone=contacts.shown_phone(account.phone) if account.phone else "",
        unit=units.path(account.unit_id) if account.unit_id else "",
        desk_acts=queries.desk_acts(account.id),
    )


@bp.route("/tai-khoan/thong-tin", methods=["GET", "POST"])
@signed_in
def identity() -> ResponseReturnValue:
    """Mend what one has said of oneself."""
    account = access.me()
    form = IdentityForm(queries.asked(), data=_said(account))
    if form.validate_on_submit():
        said = form.identity()
        with unit_of_work():
            service.change_identity(account_id=access.actor_id(), identity=said)
        flash("Đã lưu thông tin của bạn.", "success")
        return redirect(url_for("accounts.security"))
    return render_template("accounts/identity.html", form=form), 422 if form.is_submitted() else 200


def _said(account: Account) -> dict[str, object]:
    names = ("full_name", "sex", "occupation", "address", "workplace", "guardian_name", "guardian_phone")
    return {name: getattr(account, name) for name in names} | {
        "birth_date": vn_date(account.birth_date) if account.birth_date else "",
        "unit": str(account.unit_id or ""),
    }


@bp.get("/tai-khoan/phien")
@signed_in
def sessions() -> ResponseReturnValue:
    """Where the account is signed in."""
    visit = access.visit()
    return render_template(
        "accounts/sessions.html",
        sessions=queries.live_sessions(access.actor_id()),
        this_one=visit.session_id if visit else None,
    )


@bp.post("/tai-khoan/phien/<int:session_id>/thu-hoi")
@signed_in
def revoke_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    with unit_of_work():
        service.revoke_session(account_id=access.actor_id(), session_id=session_id)
    flash("Đã đăng xuất thiết bị đó.", "success")
    return redirect(url_for("accounts.sessions"))


@bp.post("/tai-khoan/phien/thu-hoi-cac-phien-khac")
@signed_in
def revoke_other_sessions() -> ResponseReturnValue:
    """End all of one's own sessions but this."""
    visit = access.visit()
    with unit_of_work():
        service.revoke_other_sessions(account_id=access.actor_id(), keep_session_id=visit.session_id if visit else None)
        access.renew_session()
    flash("Đã đăng xuất mọi thiết bị khác.", "success")
    return redirect(url_for("accounts.sessions"))


@bp.route("/tai-khoan/mat-khau", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Change one's password; other sessions end."""
    form = NewPasswordForm(queries.own_words(access.actor_id()))
    if form.validate_on_submit() and _present_is_right(form):
        visit = access.visit()
        password_hash = hashed(form.password.data)
        with unit_of_work():
            service.change_password(
                account_id=access.actor_id(),
                password_hash=password_hash,
                keep_session_id=visit.session_id if visit else None,
            )
            access.renew_session()
        flash("Đã đổi mật khẩu và đăng xuất mọi thiết bị khác.", "success")
        return redirect(url_for("accounts.security"))
    return render_template("accounts/password.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/tai-khoan/xoa", methods=["GET", "POST"])
@signed_in
def delete() -> ResponseReturnValue:
    """Delete one's account, where nothing has been handed in yet."""
    form = DeletionForm()
    if form.validate_on_submit() and _present_is_right(form):
        with unit_of_work():
            service.delete_account(account_id=access.actor_id())
            access.end_session()
        flash("Đã xóa tài khoản và dữ liệu của bạn.", "success")
        return redirect(url_for("public.home"))
    return render_template("accounts/delete.html", form=form), 422 if form.is_submitted() else 200


def _present_is_right(form: NewPasswordForm | DeletionForm) -> bool:
    account = access.me()
    kept, own = account.password_hash, f"account:{account.id}"
    db.session.rollback()
    # Who is signed in meets a limit of their own: what strangers guess at the door keeps nobody from changing their password.
    with throttle.guess(identifier=own, address=address(), device=own) as guess:
        if passwords.matches(kept, form.present.data):
            return True
        guess.was_wrong()
    form.present.errors = ["Mật khẩu hiện tại chưa đúng."]
    return False
