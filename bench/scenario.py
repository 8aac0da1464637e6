"""What a measured path is: who serves it, which requests it takes, what it is compared with; bench.scenarios lists them, bench.run runs them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.load import Request
from bench.server import Server

Prepare = Callable[[Server, int], Sequence[Request]]


@dataclass(frozen=True)
class Bar:
    """A promise: the median of `measure` (rate, cpu or p99) as a ratio to the yardstick's is at least or at most `limit`."""

    measure: str
    limit: float
    at_least: bool

    def holds(self, ratio: float) -> bool:
        """True when `ratio` keeps the promise."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{self.measure} {'≥' if self.at_least else '≤'} {self.limit:g}×"


@dataclass(frozen=True)
class Scenario:
    """One row of the table.

    `server` names an entry of bench.run's servers. `prepare(server, round)` gives the requests of a round; with `once` none of them may be sent
    twice. `expect` is the only good status. `then` gives the requests that finish the same act, for a path of two requests: what both cost is
    added up, an act at a time.
    """

    name: str
    server: str
    prepare: Prepare
    expect: int = 200
    once: bool = False
    then: Prepare | None = None
    against: str = ""
    bars: tuple[Bar, ...] = field(default=())
