"""Access marks: every route bears exactly one, directly under its route line; and the signed-in person behind a request.

The cookie holds a session token. A mark checks the session and the role in one indexed query; a view that needs nothing else of the person
never loads the account.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy import ScalarSelect, Table, bindparam, func, insert, select, update
from sqlalchemy.sql.dml import ReturningInsert

from contest.accounts import known_device, passwords
from contest.accounts.models import Account, AccountSession
from contest.accounts.rules import Role, may_act_as
from contest.core import clock
from contest.core.db import db, execute
from contest.core.errors import Forbidden, NotFound, error_reply, wants_json
from contest.core.security import kept_fields

login_manager = LoginManager()
# The name of a field in the cookie, not a secret.
SESSION_TOKEN = "kv_token"  # nosec B105
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Visit:
    """Who is behind this request, without their account row."""

    account_id: int
    session_id: int
    role: Role


def token_hash(token: str) -> str:
    """What the table keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def visit() -> Visit | None:
    """The live session behind this request, read once; None for a stranger, an expired or revoked session, a disabled account."""
    if "kv_visit" not in g:
        g.kv_visit = _read_visit(session.get(SESSION_TOKEN), clock.now())
        if g.kv_visit is not None:
            g.private = True  # A page that knows its visitor is kept by no browser: on a shared computer the next one presses Back.
    found: Visit | None = g.kv_visit
    return found


def _read_visit(token: str | None, now: datetime) -> Visit | None:
    if not token:
        return None
    row = db.session.execute(
        select(Account.id, AccountSession.id, Account.role)
        .join(AccountSession, AccountSession.account_id == Account.id)
        .where(
            AccountSession.token_hash == token_hash(token),
            AccountSession.revoked_at.is_(None),
            AccountSession.expires_at > now,
            Account.disabled_at.is_(None),
        )
    ).first()
    return Visit(account_id=row[0], session_id=row[1], role=row[2]) if row else None


def _beginning() -> ReturningInsert[Any]:
    people, sessions = cast("Table", Account.__table__), cast("Table", AccountSession.__table__)
    given = ("token_hash", "device", "created_at", "last_seen_at", "expires_at")
    values = (bindparam(name, type_=sessions.c[name].type) for name in given)
    same = people.c.password_hash == func.coalesce(
        bindparam("kept", type_=people.c.password_hash.type), people.c.password_hash
    )
    lives = (people.c.id == bindparam("account")) & people.c.disabled_at.is_(None) & same
    # Held while it is read: a deletion, a new password or a closing of the account comes before, or waits and then ends this session too.
    person = select(people.c.id, *values).where(lives).with_for_update(read=True)
    return insert(sessions).from_select(["account_id", *given], person).returning(sessions.c.id)


# Built once, of tables: a rush of sign-ins runs it.
_BEGINNING = _beginning()


def begin_session(account_id: int, *, device: str, lasting: timedelta, password_hash: str | None = None) -> bool:
    """Sign the account in on this browser, inside the open unit of work or single statement; whatever was in the cookie before is dropped.

    False, and nothing changed, when the account was deleted or disabled a moment ago, or has no longer the password of `password_hash`.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    begun = execute(
        _BEGINNING,
        {
            "account": account_id,
            "kept": password_hash,
            "token_hash": token_hash(token),
            "device": device[:60],
            "created_at": now,
            "last_seen_at": now,
            "expires_at": now + lasting,
        },
    )
    if begun.first() is None:
        return False
    session.clear()
    session.permanent = True
    session[SESSION_TOKEN] = token
    session["_user_id"] = str(account_id)
    session["_fresh"] = True
    known_device.remember(account_id)
    for kept in ("kv_visit", "_login_user", "csrf_token"):
        g.pop(kept, None)
    return True


def renew_session() -> None:
    """Give this browser's session another token, inside the open unit of work: a copy of its cookie is worth nothing any more."""
    found = visit()
    if found is None:
        return
    token = secrets.token_urlsafe(32)
    db.session.execute(
        update(AccountSession).where(AccountSession.id == found.session_id).values(token_hash=token_hash(token))
    )
    session[SESSION_TOKEN] = token


def end_session() -> None:
    """Sign out on this browser, inside the open unit of work."""
    found = visit()
    if found:
        row = db.session.get(AccountSession, found.session_id)
        if row:
            row.revoked_at = clock.now()
    session.clear()
    for kept in ("kv_visit", "_login_user", "csrf_token"):
        g.pop(kept, None)


def public(view: View) -> View:
    """Anybody may open it."""
    return _mark(view, "public", None)


def signed_in(view: View) -> View:
    """Whoever is signed in may open it."""
    return _mark(view, "signed_in", ())


def entrant(view: View) -> View:
    """Entrants only."""
    return _mark(view, "entrant", (Role.ENTRANT,))


def entrant_token(view: View) -> View:
    """Entrants only, where every query counts: the view's own statement checks the session, by `live_entrant()` and `token()`.

    The mark itself only turns away a cookie without a token. When the view's statement finds nothing (NotFound), the mark reads the session to
    tell a stranger and a wrong role from a wrong address.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not session.get(SESSION_TOKEN):
            return ask_to_sign_in()
        g.private = True
        try:
            return view(*args, **kwargs)
        except NotFound:
            found = visit()
            if found is None:
                return ask_to_sign_in()
            if not may_act_as(found.role, Role.ENTRANT):
                raise Forbidden(_FORBIDDEN["entrant"]) from None
            raise

    guarded.access_marks = ["entrant_token"]  # type: ignore[attr-defined]
    return guarded


def token() -> str:
    """The hash of this request's session token, for a statement that holds `live_entrant()`."""
    return token_hash(session.get(SESSION_TOKEN) or "")


def live_entrant() -> ScalarSelect[int]:
    """The id of the entrant whose live session has the token `:token` at `:now`; part of a statement of a view marked `entrant_token`."""
    people, sessions = cast("Table", Account.__table__).c, cast("Table", AccountSession.__table__).c
    return (
        select(people.id)
        .join_from(Account.__table__, AccountSession.__table__, sessions.account_id == people.id)
        .where(
            sessions.token_hash == bindparam("token"),
            sessions.revoked_at.is_(None),
            sessions.expires_at > bindparam("now", type_=sessions.expires_at.type),
            people.disabled_at.is_(None),
            people.role == Role.ENTRANT,
        )
        .scalar_subquery()
    )


def judge(view: View) -> View:
    """Judges only."""
    return _mark(view, "judge", (Role.JUDGE,))


def organizer(view: View) -> View:
    """Organisers, and admins."""
    return _mark(view, "organizer", (Role.ORGANIZER,))


def admin(view: View) -> View:
    """Admins only."""
    return _mark(view, "admin", (Role.ADMIN,))


def _mark(view: View, name: str, wanted: tuple[Role, ...] | None) -> View:
    if hasattr(view, "access_marks"):
        view.access_marks.append(name)
        return view

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if wanted is not None:
            found = visit()
            if found is None:
                return ask_to_sign_in()
            g.private = True
            if wanted and not any(may_act_as(found.role, role) for role in wanted):
                raise Forbidden(_FORBIDDEN[name])
        return view(*args, **kwargs)

    guarded.access_marks = [name]  # type: ignore[attr-defined]
    return guarded


_FORBIDDEN = {
    "entrant": "Trang này dành cho người dự thi.",
    "judge": "Trang này dành cho giám khảo.",
    "organizer": "Trang này dành cho Ban Tổ chức.",
    "admin": "Trang này dành cho quản trị hệ thống.",
}


def ask_to_sign_in() -> ResponseReturnValue:
    """A stranger at a guarded page: sign in and come back; what a form held travels along and is shown again afterwards."""
    if wants_json():
        return error_reply(
            status=401,
            title="Bạn cần đăng nhập lại",
            happened="Phiên đăng nhập đã hết hoặc đã bị thu hồi.",
            kept="Những gì chưa gửi vẫn nằm trong máy này.",
            todo="Bạn mở trang đăng nhập ở cửa sổ khác rồi quay lại đây.",
        )
    if request.method == "POST":
        return render_template(
            "accounts/sign_in_again.html",
            fields=kept_fields(),
            next=request.full_path.rstrip("?"),
            lost_files=bool(request.files),
        ), 401
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def init_app(app: Flask) -> None:
    """Let Flask-Login's `current_user` follow our session table, and bound the password checks of this process."""
    login_manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    passwords.init_app(app, at_once=app.config["KV"].password_checks)
    known_device.init_app(app, https=app.config["KV"].https)

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load(user_id: str) -> Account | None:
        found = visit()
        return db.session.get(Account, found.account_id) if found else None


def actor_id() -> int:
    """The account behind this request; only for views whose mark asks for a sign-in."""
    found = visit()
    if found is None:
        raise Forbidden()
    return found.account_id


def me() -> Account:
    """The account row behind this request; only for views whose mark asks for a sign-in."""
    return current_user._get_current_object()  # type: ignore[no-any-return]
