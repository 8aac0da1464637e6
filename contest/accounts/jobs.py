"""Background work of the accounts room: ids in, one service call."""

from contest.accounts import service
from contest.core import queue
from contest.core.db import unit_of_work
from contest.core.queue import Periodic


def purge_ended_sessions() -> None:
    """Forget sessions that ended long ago, and codes whose time is over."""
    with unit_of_work():
        service.purge_ended_sessions()
        service.purge_codes()


PERIODIC: list[Periodic] = [Periodic(purge_ended_sessions, queue.DEFAULT, every=24 * 3600)]
