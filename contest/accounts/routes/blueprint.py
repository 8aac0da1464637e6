"""The blueprint of the accounts room, and what its pages share: where to go on to, hashing, and a session's beginning."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access, passwords, rules
from contest.core.db import db

bp = Blueprint("accounts", __name__)


def asked_next() -> str:
    """The address within this site that was asked for before the visitor came here; empty for none."""
    target = request.values.get("next", "")
    return target if rules.is_local_path(target) else ""


def way_on() -> str:
    """Where to go now."""
    return asked_next() or url_for("public.home")


def already_in() -> ResponseReturnValue | None:
    """The reply to a form whose token went stale because its sender has signed in elsewhere in this browser; None for a stranger."""
    if not access.visit():
        return None
    name = access.me().full_name
    flash(f"Bạn đã đăng nhập từ trước với tên {name}. Muốn dùng tài khoản khác, bạn đăng xuất trước.", "info")
    return redirect(way_on())


def hashed(text: str) -> str:
    """The hash of a password; no connection is held meanwhile."""
    db.session.rollback()
    return passwords.hashed(text)


def begin_session(account_id: int, *, password_hash: str) -> bool:
    """Sign the account in on this browser, inside the open unit of work; False when it is gone, or its password is another by now."""
    return access.begin_session(
        account_id,
        device=rules.device_of(request.user_agent.string),
        lasting=timedelta(days=current_app.config["KV"].session_days),
        password_hash=password_hash,
    )
