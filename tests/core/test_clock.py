"""The one clock, which tests hold still or move."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from contest.core import clock

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_frozen_clock_stands_still_and_goes_on_afterwards() -> None:
    with clock.frozen(NOON):
        assert clock.now() == clock.now() == NOON

    assert clock.now() != NOON


def test_frozen_clock_turns_another_zone_into_utc() -> None:
    with clock.frozen(datetime(2026, 3, 1, 19, 0, tzinfo=timezone(timedelta(hours=7)))):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC


def test_frozen_clock_refuses_a_naive_moment() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2026, 3, 1)):  # noqa: DTZ001 (that is refused)
        pass


def test_shifted_clock_moves_for_every_thread() -> None:
    seen: list[datetime] = []

    with clock.shifted(timedelta(days=400)):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()

    assert seen[0] - clock.now() > timedelta(days=399)


def test_clock_is_put_right_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), clock.shifted(timedelta(days=400)), clock.frozen(NOON):
        raise ZeroDivisionError

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(days=1)
