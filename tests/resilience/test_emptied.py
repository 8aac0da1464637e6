"""Redis loses everything in the middle of a quiz: what waited for marks is found again, and the board is built anew."""

import sys

import pytest
from redis import Redis

from contest.quiz.queries.board import keys
from tests.resilience import ledger
from tests.resilience.player import Player, see_out
from tests.resilience.site import Site, seeded
from tests.tools.running import eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are followed through /proc"),
]


def sit(players: list[Player]) -> None:
    """Let the players sit to the end."""
    for player in players:
        player.start()
    see_out(players)


def test_emptied_redis_costs_no_marks_and_no_place(site: Site) -> None:
    round_id, entrants = seeded(site.app, people=12, params={"questions": 20, "attempts": 1})
    site.start()
    players = [Player(entrant, port=site.port, round_id=round_id, saves=3) for entrant in entrants]
    sit(players[:6])
    eventually(lambda: ledger.waiting(site.app) == 0)
    eventually(lambda: ledger.board_is_live_and_right(site.app, round_id))
    site.hold("worker")
    sit(players[6:])

    with Redis.from_url(site.redis_url) as redis:
        redis.flushall()
        assert ledger.waiting(site.app) == 6
        assert not redis.exists(*keys(round_id))
    site.let_go("worker")
    site.kill("scheduler")

    eventually(lambda: ledger.waiting(site.app) == 0)
    eventually(lambda: ledger.board_is_live_and_right(site.app, round_id))
    ledger.each_handed_in_once(site.app, round_id, players)
    ledger.each_graded_right(site.app, round_id)
