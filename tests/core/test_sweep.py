"""The sweep of the store: what nothing refers to goes in two steps, and an upload of the same bytes at any moment loses nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from contest import sweep
from contest.accounts.models import Account
from contest.cli import main
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core import clock, storage
from contest.core.db import db, unit_of_work
from contest.entries import service as entries
from tests.core.threads import race
from tests.factories import make_account, make_contest, round_of

DAY = timedelta(days=1)
PICTURE = b"picture"


@pytest.fixture
def keep(app_context: Flask) -> Callable[[str], int]:
    """Makes a draft whose original lies at an address; returns the entry's id."""
    with unit_of_work():
        round_id = round_of(make_contest(), TrackKind.ESSAY).id
        entrant_id = make_account().id

    def make(address: str) -> int:
        with unit_of_work():
            entry = entries.begin(
                round_=db.session.get_one(Round, round_id), entrant=db.session.get_one(Account, entrant_id)
            )
            entries.keep_file(entry=entry, address=address, size=7, media_type="x/y", original_name="a")
            return entry.id

    return make


def swept(after: timedelta) -> tuple[int, int, int]:
    """What a sweep does that much later: set aside, put back, forgotten."""
    with clock.frozen(clock.now() + after):
        done = sweep.sweep()
    return done.set_aside, done.put_back, done.forgotten


def test_what_nothing_refers_to_goes_after_its_rest_and_the_sweep_may_be_repeated(keep: Callable[[str], int]) -> None:
    kept, lost = storage.put(b"original"), storage.put(PICTURE)
    keep(kept)
    assert swept(DAY / 2) == (0, 0, 0)
    assert swept(DAY * 1.1) == (1, 0, 0)
    assert storage.get(lost) == PICTURE
    assert storage.exists(lost)
    assert swept(DAY * 1.1) == (0, 0, 0)
    assert swept(DAY * 2.1) == (0, 0, 1)
    assert not storage.exists(lost)
    assert storage.get(kept) == b"original"
    assert swept(DAY * 9) == (0, 0, 0)


def test_a_discarded_draft_takes_its_original_along(keep: Callable[[str], int], app: Flask) -> None:
    address = storage.put(PICTURE)
    entry_id = keep(address)
    assert swept(DAY * 3) == (0, 0, 0)
    with unit_of_work():
        entries.discard(entry_id=entry_id, entrant_id=db.session.get_one(entries.Entry, entry_id).entrant_id)
    assert swept(DAY * 3) == (1, 0, 0)


def test_bytes_uploaded_before_they_are_set_aside_are_read_and_put_back(keep: Callable[[str], int]) -> None:
    address = storage.put(PICTURE)
    assert storage.put(PICTURE) == address  # the second uploader, whose row is not written yet
    assert swept(DAY * 1.1) == (1, 0, 0)
    keep(address)
    assert storage.get(address) == PICTURE
    assert b"".join(storage.stream(address)) == PICTURE
    assert swept(DAY * 2.1) == (0, 1, 0)
    assert storage.get(address) == PICTURE
    assert swept(DAY * 9) == (0, 0, 0)


def test_bytes_uploaded_while_they_are_forgotten_stay(keep: Callable[[str], int]) -> None:
    address = storage.put(PICTURE)
    assert swept(DAY * 1.1) == (1, 0, 0)
    storage.put(PICTURE)  # between the sweep's look at the rows and its act
    storage.forget_aside(address)
    keep(address)
    assert storage.get(address) == PICTURE


def test_uploads_and_sweeps_at_once_lose_nothing(app: Flask, keep: Callable[[str], int]) -> None:
    storage.put(PICTURE)
    db.session.remove()

    def act(number: int) -> bytes:
        if number % 2:
            swept(DAY * 1.1)
        return storage.get(storage.put(PICTURE))

    assert race(app, act, threads=12) == [PICTURE] * 12


def test_command_says_in_a_dry_run_what_would_go_and_leaves_it(
    app: Flask, keep: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = storage.put(PICTURE)
    monkeypatch.setattr("contest.cli._app", lambda: app)
    with clock.frozen(clock.now() + DAY * 1.1):
        said = app.test_cli_runner().invoke(main, ["storage", "sweep", "--dry-run"])
    assert said.output == "Would be set aside: 1, put back: 0, forgotten: 0 (0 bytes)\n"
    assert swept(DAY * 1.1) == (1, 0, 0)
    assert storage.exists(address)
