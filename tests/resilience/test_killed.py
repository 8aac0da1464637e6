"""kill -9 of any part, or of all at once, while people sit the quiz: what was acknowledged is there, what was handed in is graded once."""

import sys
import threading

import pytest

from tests.resilience import ledger
from tests.resilience.player import Player, see_out
from tests.resilience.site import Site, seeded
from tests.tools.running import eventually

PEOPLE = 12
PARAMS = {"questions": 20, "attempts": 2}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are followed through /proc"),
]


class Counter:
    """Counts acknowledged requests of all players."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def one_more(self) -> None:
        with self._lock:
            self.count += 1


def sit_while(site: Site, round_id: int, players: list[Player], counter: Counter, killing: list[str]) -> None:
    """Let the players sit; after every so many acknowledged requests kill the next part and see that nothing is lost."""
    total = sum(player.attempts * (player.saves + 3) for player in players)
    for player in players:
        player.start()
    for number, part in enumerate(killing, 1):
        due = total * number // (len(killing) + 1)
        eventually(lambda due=due: counter.count >= due or any(player.trouble for player in players))  # type: ignore[misc]
        if part == "everything":
            site.kill_everything()
        else:
            site.kill(part)
        ledger.nothing_lost(site.app, [sitting for player in players for sitting in player.seen()])
        if part == "everything":
            site.start()
    see_out(players)


def test_quiz_survives_the_death_of_each_part(site: Site) -> None:
    round_id, entrants = seeded(site.app, people=PEOPLE, params=PARAMS)
    site.start()
    counter = Counter()
    players = [
        Player(entrant, port=site.port, round_id=round_id, saves=10 + 2 * n, attempts=2, acknowledged=counter.one_more)
        for n, entrant in enumerate(entrants)
    ]

    sit_while(
        site,
        round_id,
        players,
        counter,
        ["web", "valkey", "worker", "master", "web", "worker", "valkey", "scheduler", "web"],
    )

    ledger.each_handed_in_once(site.app, round_id, players)
    site.kill("scheduler")
    eventually(lambda: ledger.waiting(site.app) == 0)
    graded = ledger.each_graded_right(site.app, round_id)
    eventually(lambda: ledger.board_is_live_and_right(site.app, round_id))
    assert ledger.each_graded_right(site.app, round_id) == graded
    assert ledger.record_is_unbroken(site.app)


def test_quiz_survives_the_death_of_everything_at_once(site: Site) -> None:
    round_id, entrants = seeded(site.app, people=PEOPLE, params=PARAMS)
    site.start()
    counter = Counter()
    players = [
        Player(entrant, port=site.port, round_id=round_id, saves=10 + 2 * n, acknowledged=counter.one_more)
        for n, entrant in enumerate(entrants)
    ]

    sit_while(site, round_id, players, counter, ["everything"])

    ledger.each_handed_in_once(site.app, round_id, players)
    eventually(lambda: ledger.waiting(site.app) == 0)
    graded = ledger.each_graded_right(site.app, round_id)
    eventually(lambda: ledger.board_is_live_and_right(site.app, round_id))
    assert ledger.each_graded_right(site.app, round_id) == graded
    assert ledger.record_is_unbroken(site.app)
