"""The desk's page of accounts, in the middle of a contest."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.core.db import db, unit_of_work
from tests.backoffice.conftest import Scene
from tests.factories import make_account
from tests.signed_in import csrf_token, sign_in


@pytest.mark.parametrize(("role", "status"), [(Role.JUDGE, 409), (Role.ORGANIZER, 302)])
def test_who_took_part_does_not_become_a_judge(
    app: Flask, client: FlaskClient, scene: Scene, role: Role, status: int
) -> None:
    with app.app_context(), unit_of_work():
        admin = make_account(Role.ADMIN).id
    sign_in(client, admin)
    values = {"csrf_token": csrf_token(client), "role": role.value, "reason": "Quyết định số 1"}

    reply = client.post(f"/ban-dieu-hanh/tai-khoan/{scene.entrant}/vai-tro", data=values)

    assert reply.status_code == status
    with app.app_context():
        person = db.session.get(Account, scene.entrant)
        assert person is not None
        assert person.role is (Role.ENTRANT if status == 409 else role)
