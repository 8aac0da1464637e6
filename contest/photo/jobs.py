"""Background work of the photo room: ids in, one service call."""

from contest.core.queue import Periodic

PERIODIC: list[Periodic] = []
