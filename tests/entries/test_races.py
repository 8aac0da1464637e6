"""Twenty at once: the limit of entries and the one receipt hold on both databases."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.entries import service
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from tests.core.threads import race
from tests.factories import make_account, make_contest, round_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ids(app: Flask) -> tuple[int, int]:
    """(round id, entrant id): an open round that takes 3 entries."""
    with app.app_context(), unit_of_work():
        round_ = round_of(make_contest(params={TrackKind.ESSAY: {"entries": 3}}), TrackKind.ESSAY)
        return round_.id, make_account().id


def at_once(app: Flask, act: Callable[[], object], times: int = 20) -> list[object]:
    """What `act` gives when that many threads do it at the same moment, each in its own unit of work; a refusal counts as None."""

    def one(number: int) -> object:
        with unit_of_work():
            return act()

    outcomes = race(app, one, threads=times)
    assert all(isinstance(outcome, Refused) for outcome in outcomes if isinstance(outcome, Exception)), outcomes
    return [None if isinstance(outcome, Refused) else outcome for outcome in outcomes]


def begin(round_id: int, entrant_id: int) -> int:
    """Begin an entry; its id."""
    round_ = contests.round_by_id(round_id)
    return service.begin(round_=round_, entrant=db.session.get_one(Account, entrant_id)).id


def test_twenty_begin_at_once_and_three_entries_exist(app: Flask, ids: tuple[int, int]):
    begun = [outcome for outcome in at_once(app, lambda: begin(*ids)) if outcome]
    assert len(set(begun)) == 3
    with app.app_context():
        assert sorted(db.session.scalars(select(Entry.slot))) == [1, 2, 3]


def test_twenty_hand_in_at_once_and_one_receipt_exists(app: Flask, ids: tuple[int, int]):
    with app.app_context(), unit_of_work():
        entry_id = begin(*ids)

    def hand_in() -> str | None:
        entry = service.locked_draft(entry_id=entry_id, entrant_id=ids[1])
        return service.hand_in(entry=entry, parts=["một bài"]).receipt

    receipts = [outcome for outcome in at_once(app, hand_in) if outcome]
    assert len(receipts) == 1
    with app.app_context():
        entry = db.session.get_one(Entry, entry_id)
        assert entry.state is EntryState.HANDED_IN
        assert entry.receipt == receipts[0]
        assert entry.blind_code
        assert len(entry.digest or "") == 64


def test_a_withdrawn_entry_loses_its_codes_and_gets_new_ones(app: Flask, ids: tuple[int, int]):
    codes = []
    with app.app_context():
        with unit_of_work():
            entry_id = begin(*ids)
        for _ in range(2):
            with unit_of_work():
                entry = service.locked_draft(entry_id=entry_id, entrant_id=ids[1])
                codes.append(service.hand_in(entry=entry, parts=["x"]).receipt)
            with unit_of_work():
                entry = service.withdraw(entry_id=entry_id, entrant_id=ids[1])
                assert (entry.receipt, entry.blind_code, entry.digest) == (None, None, None)
    assert len(set(codes)) == 2


def test_discarding_frees_the_slot_and_takes_the_files_along(app: Flask, ids: tuple[int, int]):
    with app.app_context():
        with unit_of_work():
            first = begin(*ids)
            kept = service.keep_file(
                entry=db.session.get_one(Entry, first), address="0" * 64, size=1, media_type="x/y", original_name="a"
            )
            assert kept.id
        with unit_of_work():
            begin(*ids)
        with unit_of_work():
            service.discard(entry_id=first, entrant_id=ids[1])
        with unit_of_work():
            again = begin(*ids)
        assert db.session.get_one(Entry, again).slot == 1
