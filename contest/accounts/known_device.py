"""Browsers in which an account has signed in before, told by a signed cookie that outlives the session; the limits on guesses ask for it.

The cookie lets nobody in. It only keeps strangers' wrong passwords from pausing the sign-in of those who are at home on their own device.
"""

import hashlib
import secrets
from typing import Any

from flask import Flask, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

_MOST = 8  # accounts of one browser, the newest kept: a family's phone, a school's computer
_SECONDS = 365 * 86400


def token_for(account_id: int) -> str | None:
    """This browser's own token where the account has signed in on it before; None otherwise."""
    device, accounts = _read()
    return device if device and _mark(device, account_id) in accounts else None


def remember(account_id: int) -> None:
    """Let this browser be known to the account from the coming reply on."""
    device, accounts = _read()
    device = device or secrets.token_urlsafe(16)
    mark = _mark(device, account_id)
    g.kv_known = [device, [mark, *(other for other in accounts if other != mark)][:_MOST]]


def init_app(app: Flask, *, https: bool) -> None:
    """Send the cookie with the replies of requests that remembered somebody."""
    app.config["KV_KNOWN_COOKIE"] = "__Host-kv-known" if https else "kv-known"

    @app.after_request
    def tell(reply: Response) -> Response:
        known = g.get("kv_known")
        if known:
            reply.set_cookie(
                app.config["KV_KNOWN_COOKIE"],
                _serializer().dumps(known),
                max_age=_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=https,
            )
        return reply


def _read() -> tuple[str, list[str]]:
    try:
        value: Any = _serializer().loads(
            request.cookies.get(current_app.config["KV_KNOWN_COOKIE"], ""), max_age=_SECONDS
        )
        device, accounts = value
    except (BadSignature, TypeError, ValueError):
        return "", []
    return device, accounts


def _mark(device: str, account_id: int) -> str:
    return hashlib.sha256(f"{device}:{account_id}".encode()).hexdigest()[:16]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known-device")
