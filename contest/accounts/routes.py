"""Pages of the accounts room: registering, signing in and out, one's own account; HTTP only."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access, contacts, passwords, queries, rules, service, throttle
from contest.accounts.access import public, signed_in
from contest.accounts.forms import DeletionForm, IdentityForm, NewPasswordForm, RegisterForm, SignInForm
from contest.accounts.models import Account
from contest.core.db import db, single_statement, unit_of_work
from contest.core.display import vn_date
from contest.core.errors import TooMany
from contest.core.security import address, limiter
from contest.units import queries as units

bp = Blueprint("accounts", __name__)
PARKED = "parked-"
WRONG = "Số điện thoại, thư điện tử hoặc mật khẩu chưa đúng."


def browser_session() -> str:
    """The key of the small limit on registrations: the cookie of one browser, else the address."""
    return session.get("csrf_token") or address()


@bp.route("/dang-ky", methods=["GET", "POST"])
@public
@limiter.limit("2000 per hour", methods=["POST"], key_func=address)
@limiter.limit("30 per 10 minutes", methods=["POST"], key_func=browser_session)
def register() -> ResponseReturnValue:
    """Open an account and be signed in."""
    if access.visit():
        return redirect(_way_on())
    form = RegisterForm(queries.asked())
    taken: frozenset[str] = frozenset()
    if form.validate_on_submit():
        try:
            return _registered(form)
        except service.AlreadyRegistered as error:
            taken = error.taken
            for name in taken:
                form[name].errors = [error.happened]
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/register.html", form=form, taken=taken, next=_next()), status


def _registered(form: RegisterForm) -> ResponseReturnValue:
    identity, phone, email = form.identity(), form.kept_phone, form.kept_email
    password_hash = _hashed(form.password.data)
    with unit_of_work():
        account = service.register(
            identity=identity, phone=phone, email=email, password_hash=password_hash, consents=form.agreed()
        )
        _begin_session(account.id)
    flash("Đã đăng ký xong. Bạn đã đăng nhập.", "success")
    return redirect(_way_on())


@bp.route("/dang-nhap", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in by phone or e-mail; a text that an ended session had refused is shown again afterwards."""
    if request.method == "GET" and access.visit():
        return redirect(_way_on())
    form = SignInForm()
    wrong, later, heads = False, None, {}
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            account_id = _recognised(form.identifier.data, form.password.data)
        except TooMany as told:  # The page stays, with what was typed and what an ended session had refused.
            later, status, heads = told, told.status, {"Retry-After": str(told.retry_after)}
        else:
            if account_id and _signed_in(account_id):
                return _after_sign_in()
            wrong = True
    page = render_template("accounts/sign_in.html", form=form, wrong=wrong, later=later, next=_next(), parked=_parked())
    return page, status, heads


def _recognised(typed: str, password: str) -> int | None:
    """The account that these belong to; as much work for an unknown account as for a known one."""
    identifier = queries.identifier_of(typed)
    throttle.refuse_guessing(identifier=identifier, address=address())
    with single_statement():  # No connection is held while the password is checked.
        found = queries.candidate(identifier)
    if not passwords.matches(found.password_hash if found else None, password) or not found:
        throttle.count_failure(identifier=identifier, address=address())
        return None
    if passwords.is_outdated(found.password_hash):
        renewed = passwords.hashed(password)
        with unit_of_work():
            service.renew_hash(account_id=found.account_id, kept=found.password_hash, password_hash=renewed)
    return found.account_id


def _signed_in(account_id: int) -> bool:
    with single_statement():
        return _begin_session(account_id)


def _after_sign_in() -> ResponseReturnValue:
    parked = _parked()
    if not parked:
        return redirect(_way_on())
    return render_template(
        "errors/csrf.html",
        fields=parked,
        action=_way_on(),
        lost_files=bool(request.form.get("lost-files")),
        again=True,
    )


@bp.post("/dang-xuat")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    with unit_of_work():
        access.end_session()
    flash("Bạn đã đăng xuất.", "success")
    return redirect(url_for("public.home"))


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
    flash("Đã đăng xuất mọi thiết bị khác.", "success")
    return redirect(url_for("accounts.sessions"))


@bp.route("/tai-khoan/mat-khau", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Change one's password; other sessions end."""
    form = NewPasswordForm()
    if form.validate_on_submit() and _present_is_right(form):
        visit = access.visit()
        password_hash = _hashed(form.password.data)
        with unit_of_work():
            service.change_password(
                account_id=access.actor_id(),
                password_hash=password_hash,
                keep_session_id=visit.session_id if visit else None,
            )
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
    identifier = account.email or account.phone or ""
    throttle.refuse_guessing(identifier=identifier, address=address())
    kept = account.password_hash
    db.session.rollback()
    if passwords.matches(kept, form.present.data):
        return True
    throttle.count_failure(identifier=identifier, address=address())
    form.present.errors = ["Mật khẩu hiện tại chưa đúng."]
    return False


def _hashed(text: str) -> str:
    db.session.rollback()  # No connection is held while the password is hashed.
    return passwords.hashed(text)


def _begin_session(account_id: int) -> bool:
    return access.begin_session(
        account_id,
        device=rules.device_of(request.user_agent.string),
        lasting=timedelta(days=current_app.config["KV"].session_days),
    )


def _next() -> str:
    target = request.values.get("next", "")
    return target if rules.is_local_path(target) else ""


def _way_on() -> str:
    return _next() or url_for("public.home")


def _parked() -> list[tuple[str, str]]:
    """What another form held when its session ended, under its own names."""
    fields = request.form.items(multi=True)
    return [(name.removeprefix(PARKED), value) for name, value in fields if name.startswith(PARKED)]
