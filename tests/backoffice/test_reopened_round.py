"""A round that opens again after its entries went to judges."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.contests import service as contests
from contest.contests.models import Round
from contest.core.clock import now
from contest.core.db import db, unit_of_work
from contest.core.display import datetime_local
from contest.core.errors import Refused
from contest.entries import service as entries
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from tests.signed_in import csrf_token


@pytest.mark.both_databases
def test_essay_that_judges_hold_is_not_discarded(app: Flask, scene) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        with unit_of_work():
            contests.extend(
                round_id=scene.essay_round, until=now() + timedelta(days=30), actor_id=scene.organizer, reason="x"
            )
        with unit_of_work():
            entries.withdraw(entry_id=scene.essay, entrant_id=scene.entrant)
        with pytest.raises(Refused), unit_of_work():
            entries.discard(entry_id=scene.essay, entrant_id=scene.entrant)

        assert db.session.get_one(Entry, scene.essay).state is EntryState.DRAFT


def test_round_whose_entries_judges_hold_is_not_extended(app: Flask, desk: FlaskClient, scene) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        before = db.session.get_one(Round, scene.essay_round).closes_at
        db.session.remove()
    reply = desk.post(
        f"/ban-dieu-hanh/dot-thi/{scene.essay_round}/gia-han",
        data={
            "reason": "Nhiều người xin thêm giờ",
            "until": datetime_local(now() + timedelta(days=3)),
            "csrf_token": csrf_token(desk),
        },
    )
    assert reply.status_code == 409
    assert "đã giao cho giám khảo" in reply.text
    with app.app_context():
        assert db.session.get_one(Round, scene.essay_round).closes_at == before
