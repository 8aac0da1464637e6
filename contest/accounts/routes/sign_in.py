"""Signing in and out; HTTP only."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access, known_device, passwords, queries, service, throttle
from contest.accounts.access import public, signed_in
from contest.accounts.forms import SignInForm
from contest.accounts.queries import Candidate
from contest.accounts.routes.blueprint import already_in, asked_next, begin_session, bp, way_on
from contest.core.db import single_statement, unit_of_work
from contest.core.errors import TooMany
from contest.core.security import address, when_stale

PARKED = "parked-"


def _already_in() -> ResponseReturnValue | None:
    return _after_sign_in() if access.visit() and _parked() else already_in()


def _already_out() -> ResponseReturnValue | None:
    if access.visit():
        return None
    flash("Bạn đã đăng xuất.", "success")
    return redirect(url_for("public.home"))


@bp.route("/dang-nhap", methods=["GET", "POST"])
@public
@when_stale(_already_in)
def sign_in() -> ResponseReturnValue:
    """Sign in by phone or e-mail; a text that an ended session had refused is shown again afterwards."""
    if request.method == "GET" and access.visit():
        return redirect(way_on())
    form = SignInForm()
    wrong, later, heads = False, None, {}
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            found = _recognised(form.identifier.data, form.password.data)
        except TooMany as told:  # The page stays, with what was typed and what an ended session had refused.
            later, status, heads = told, told.status, {"Retry-After": str(told.retry_after)}
        else:
            if found and _signed_in(found):
                return _after_sign_in()
            wrong = True
    page = render_template(
        "accounts/sign_in.html", form=form, wrong=wrong, later=later, next=asked_next(), parked=_parked()
    )
    return page, status, heads


def _recognised(typed: str, password: str) -> Candidate | None:
    """The account that these belong to; as much work for an unknown account as for a known one."""
    identifier = queries.identifier_of(typed)
    with single_statement():  # No connection is held while the password is checked.
        found = queries.candidate(identifier)
    device = known_device.token_for(found.account_id) if found else None
    with throttle.guess(identifier=identifier, address=address(), device=device) as guess:
        if not passwords.matches(found.password_hash if found else None, password) or not found:
            guess.was_wrong(exists=found is not None)
            return None
    if passwords.is_outdated(found.password_hash):
        renewed = passwords.hashed(password)
        with unit_of_work():
            service.renew_hash(account_id=found.account_id, kept=found.password_hash, password_hash=renewed)
        return Candidate(found.account_id, renewed)
    return found


def _signed_in(found: Candidate) -> bool:
    with single_statement():
        return begin_session(found.account_id, password_hash=found.password_hash)


def _after_sign_in() -> ResponseReturnValue:
    parked = _parked()
    if not parked:
        return redirect(way_on())
    return render_template(
        "errors/csrf.html",
        fields=parked,
        action=way_on(),
        lost_files=bool(request.form.get("lost-files")),
        again=True,
    )


@bp.post("/dang-xuat")
@signed_in
@when_stale(_already_out)
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    with unit_of_work():
        access.end_session()
    flash("Bạn đã đăng xuất.", "success")
    return redirect(url_for("public.home"))


def _parked() -> list[tuple[str, str]]:
    """What another form held when its session ended, under its own names."""
    fields = request.form.items(multi=True)
    return [(name.removeprefix(PARKED), value) for name, value in fields if name.startswith(PARKED)]
