"""Puts an account's session into a test client, without the sign-in page and its password check."""

import secrets
from datetime import timedelta

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from contest.accounts.access import SESSION_TOKEN, token_hash
from contest.accounts.models import Account, AccountSession
from contest.core import clock
from contest.core.db import db, unit_of_work


def sign_in(client: FlaskClient, account: Account | int) -> AccountSession:
    """Sign `account` (or its id) in on this client. Call it outside any unit of work; the returned session may be revoked by the test."""
    account_id = account if isinstance(account, int) else account.id
    token = secrets.token_urlsafe(24)
    now = clock.now()
    row = AccountSession(
        account_id=account_id,
        token_hash=token_hash(token),
        device="Trình duyệt thử",
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=14),
    )
    with client.application.app_context():
        with unit_of_work():
            db.session.add(row)
        db.session.expunge_all()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie[SESSION_TOKEN] = token
        cookie["_user_id"] = str(account_id)
        cookie["_fresh"] = True
    return row


def csrf_token(client: FlaskClient) -> str:
    """A token that this client's forms may be posted with: `client.post(url, data={"csrf_token": csrf_token(client), …})`."""
    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
    token = URLSafeTimedSerializer(client.application.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
    return token if isinstance(token, str) else token.decode()
