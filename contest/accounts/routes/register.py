"""Registering; HTTP only."""

from flask import flash, redirect, render_template, session
from flask.typing import ResponseReturnValue

from contest.accounts import access, kept_password, passwords, queries, service, weak_passwords
from contest.accounts.access import public
from contest.accounts.forms import RegisterForm
from contest.accounts.routes.blueprint import already_in, asked_next, begin_session, bp, hashed, way_on
from contest.core.db import db, unit_of_work
from contest.core.security import address, limiter, when_stale


def browser_session() -> str:
    """The key of the small limit on registrations: the cookie of one browser, else the address."""
    return session.get("csrf_token") or address()


@bp.route("/dang-ky", methods=["GET", "POST"])
@public
@when_stale(already_in)
@limiter.limit("2000 per hour", methods=["POST"], key_func=address)
@limiter.limit("30 per 10 minutes", methods=["POST"], key_func=browser_session)
def register() -> ResponseReturnValue:
    """Open an account and be signed in; a password that was right waits on the server while the rest is mended."""
    if access.visit():
        return redirect(way_on())
    kept = kept_password.kept()
    form = RegisterForm(queries.asked(), password_is_kept=kept is not None)
    taken: frozenset[str] = frozenset()
    password_hash = ""
    if form.is_submitted():
        right = form.validate()
        password_hash = _password_hash(form, kept)
        if right and password_hash:
            try:
                return _registered(form, password_hash)
            except service.AlreadyRegistered as error:
                taken = error.taken
                for name in taken:
                    form[name].errors = [error.happened]
        form.password_is_kept = bool(password_hash) and kept_password.keep(password_hash, own=form.own_words())
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/register.html", form=form, taken=taken, next=asked_next()), status


def _password_hash(form: RegisterForm, kept: kept_password.Kept | None) -> str:
    """The hash of the password that was typed, or of the one kept where none was; empty when there is none that may be had."""
    if form.password.errors:
        kept_password.forget()
        return ""
    if form.password.data or kept is None:
        return hashed(form.password.data) if form.password.data else ""
    if kept.held_against != kept_password.held_against(form.own_words()) and _is_own(form, kept.password_hash):
        form.password.errors = [weak_passwords.OWN]
        kept_password.forget()
        return ""
    return kept.password_hash


def _is_own(form: RegisterForm, password_hash: str) -> bool:
    """Whether the password kept is the name or the number that was typed since: only its hash is left, so that their spellings are tried."""
    db.session.rollback()  # No connection is held while passwords are checked.
    typed = (form.full_name.data or "", form.phone.data or "", form.email.data or "")
    return any(passwords.matches(password_hash, word) for word in {*form.own_words(), *typed} if word)


def _registered(form: RegisterForm, password_hash: str) -> ResponseReturnValue:
    identity, phone, email = form.identity(), form.kept_phone, form.kept_email
    with unit_of_work():
        account = service.register(
            identity=identity, phone=phone, email=email, password_hash=password_hash, consents=form.agreed()
        )
        kept_password.forget()
        begin_session(account.id, password_hash=password_hash)
    said = "Đã đăng ký xong. Bạn đã đăng nhập."
    if form.name_was_put_right:
        said += f" Họ tên được ghi là {identity.full_name}; muốn viết khác, bạn sửa trong mục Tài khoản."
    flash(said, "success")
    return redirect(way_on())
