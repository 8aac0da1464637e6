"""A round that opens again after its entries went to judges."""

from datetime import timedelta

import pytest
from flask import Flask

from contest.contests import service as contests
from contest.core.clock import now
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.entries import service as entries
from contest.entries.models import Entry
from contest.entries.rules import EntryState


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
