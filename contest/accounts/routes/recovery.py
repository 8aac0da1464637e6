"""A forgotten password: the page on which the code from the organiser is used; HTTP only."""

from flask import flash, g, redirect, render_template
from flask.typing import ResponseReturnValue

from contest.accounts import passwords, queries, rules, service, throttle, weak_passwords
from contest.accounts.access import public
from contest.accounts.forms import RecoveryForm
from contest.accounts.routes.blueprint import begin_session, bp, hashed, way_on
from contest.core.db import db, single_statement, unit_of_work
from contest.core.errors import TooMany
from contest.core.security import address

WRONG = (
    "Mã chưa đúng với số điện thoại hoặc thư điện tử này, hoặc mã đã hết hạn. "
    "Mã dùng được một lần, trong một giờ, nhập sai 5 lần thì hết hiệu lực; khi đó bạn gọi Ban Tổ chức để lấy mã mới."
)


@bp.route("/dat-lai-mat-khau", methods=["GET", "POST"])
@public
def recover() -> ResponseReturnValue:
    """Set a new password with a one-time code, and be signed in; every other session ends."""
    g.private = True
    form = RecoveryForm()
    later, heads = None, {}
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            recovered = _recovered(form)
        except TooMany as told:  # The page stays, with what was typed.
            later, status, heads = told, told.status, {"Retry-After": str(told.retry_after)}
        else:
            if recovered and _signed_in(recovered):
                flash("Đã đặt mật khẩu mới và đăng xuất mọi thiết bị khác.", "success")
                return redirect(way_on())
    return render_template("accounts/recover.html", form=form, later=later), status, heads


def _recovered(form: RecoveryForm) -> queries.Candidate | None:
    """The account whose password is new now, with its hash; as much work for an unknown account, and for one without a code, as for a wrong code."""
    identifier = queries.identifier_of(form.identifier.data)
    with single_statement():
        found = queries.candidate(identifier)
    # Counted apart from passwords, so that who guesses those keeps nobody from using a code.
    with throttle.guess(identifier=f"code:{identifier}", address=address()) as guess:
        with unit_of_work():
            code_hash = service.take_guess(account_id=found.account_id if found else 0)
        if not passwords.matches(code_hash, rules.recovery_code(form.code.data)) or not found or not code_hash:
            guess.was_wrong(exists=found is not None)
            form.code.data = ""
            form.code.errors = [WRONG]
            return None
    wrong = weak_passwords.fault(form.password.data, queries.own_words(found.account_id))
    if wrong:
        form.password.errors = [wrong]
        with unit_of_work():
            service.give_guess_back(account_id=found.account_id, code_hash=code_hash)
        return None
    password_hash = hashed(form.password.data)
    with unit_of_work():
        service.recover(account_id=found.account_id, code_hash=code_hash, password_hash=password_hash)
    return queries.Candidate(found.account_id, password_hash)


def _signed_in(recovered: queries.Candidate) -> bool:
    db.session.rollback()
    with single_statement():
        return begin_session(recovered.account_id, password_hash=recovered.password_hash)
