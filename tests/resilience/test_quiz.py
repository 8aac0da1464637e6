"""A quiz while things break: kill -9 of any part or of all, an emptied Redis, lost replies. Nothing acknowledged is lost, all is graded once."""

import http.client
import json
import socket
import sys

import pytest
from redis import Redis

from contest.core.db import db
from contest.quiz.queries.board import keys
from contest.quiz.rules import AttemptState
from tests.addresses import attempt_at
from tests.resilience import ledger
from tests.resilience.player import Counter, Player, see_out
from tests.resilience.site import Entrant, Site, packet, seeded
from tests.tools.running import eventually
from tools.postgres import ThrowawayPostgres

PEOPLE = 12
START = "/thi-trac-nghiem/dot/{}/bat-dau"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are followed through /proc"),
]


def press(site: Site, entrant: Entrant, path: str, body: bytes) -> tuple[int, str, bytes]:
    """Send the request and read the reply."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("POST", path, body, entrant.heads)
    reply = connection.getresponse()
    found = reply.status, reply.getheader("Content-Location", ""), reply.read()
    connection.close()
    return found


def press_and_leave(site: Site, entrant: Entrant, path: str, body: bytes) -> None:
    """Send the request whole and close without waiting for a reply."""
    heads = entrant.heads | {"Host": "127.0.0.1", "Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in heads.items()), "", ""]
    with socket.create_connection(("127.0.0.1", site.port)) as line:
        line.sendall("\r\n".join(lines).encode() + body)


def readiness(site: Site) -> dict[str, str]:
    """What the site says of each of its parts."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", "/readyz")
    found: dict[str, str] = json.loads(connection.getresponse().read())
    connection.close()
    return found


def sit(players: list[Player]) -> None:
    """Let the players sit to the end."""
    for player in players:
        player.start()
    see_out(players)


def sit_while(site: Site, players: list[Player], counter: Counter, killing: list[str]) -> None:
    """Let the players sit; after every so many acknowledged requests kill the next part and see that nothing is lost."""
    total = sum(player.requests for player in players)
    for player in players:
        player.start()
    for number, part in enumerate(killing, 1):
        due = total * number // (len(killing) + 1)
        eventually(lambda due=due: counter.count >= due or any(player.trouble for player in players))  # type: ignore[misc]
        site.kill(part)
        ledger.nothing_lost(site.app, [sitting for player in players for sitting in player.seen()])
        if part == "everything":
            site.start()
    see_out(players)


def all_is_well(site: Site, round_id: int, players: list[Player]) -> None:
    """Nothing acknowledged is lost, all is graded once and right, the board and the record hold."""
    ledger.each_handed_in_once(site.app, round_id, players)
    eventually(lambda: ledger.waiting(site.app) == 0)
    graded = ledger.each_graded_right(site.app, round_id)
    eventually(lambda: ledger.board_is_live_and_right(site.app, round_id))
    assert ledger.each_graded_right(site.app, round_id) == graded
    assert ledger.record_is_unbroken(site.app)


def test_press_after_a_lost_reply_tells_the_first_receipt(site: Site) -> None:
    round_id, entrants = seeded(site.app, people=6, params={"questions": 20, "attempts": 1})
    for entrant in entrants:
        status, place, body = press(site, entrant, START.format(round_id), b"")
        assert status == 200, body
        attempt_id, path = attempt_at(site.app, place), place + "/nop"

        press_and_leave(site, entrant, path, packet(1, {0: "2", 19: "8"}))
        eventually(lambda attempt_id=attempt_id: ledger.attempt(site.app, attempt_id).state is AttemptState.HANDED_IN)  # type: ignore[misc]
        kept = ledger.attempt(site.app, attempt_id)
        again = [press(site, entrant, path, packet(2, {0: "4"})) for _ in range(2)]

        assert [status for status, _, _ in again] == [200, 200]
        assert [json.loads(body)["receipt"] for _, _, body in again] == [kept.receipt, kept.receipt]
        assert not any(json.loads(body)["fresh"] for _, _, body in again)
        assert kept.answers == "2" + "0" * 18 + "8"
        assert ledger.attempt(site.app, attempt_id).answers == kept.answers
        assert ledger.attempt(site.app, attempt_id).digest == kept.digest

    eventually(lambda: ledger.waiting(site.app) == 0)
    assert len(ledger.each_graded_right(site.app, round_id)) == len(entrants)


def test_emptied_redis_costs_no_marks_and_no_place(site: Site) -> None:
    round_id, entrants = seeded(site.app, people=PEOPLE, params={"questions": 20, "attempts": 1})
    players = [Player(entrant, port=site.port, round_id=round_id, saves=3) for entrant in entrants]
    sit(players[:6])
    eventually(lambda: ledger.waiting(site.app) == 0)
    site.hold("worker")
    sit(players[6:])

    with Redis.from_url(site.redis_url) as redis:
        redis.flushall()
        assert ledger.waiting(site.app) == 6
        assert not redis.exists(*keys(round_id))
    site.let_go("worker")
    site.kill("scheduler")

    all_is_well(site, round_id, players)
    eventually(lambda: set(readiness(site).values()) == {"ok"})


def test_quiz_survives_the_death_of_each_part(site: Site) -> None:
    round_id, entrants = seeded(site.app, people=PEOPLE, params={"questions": 20, "attempts": 2})
    counter = Counter()
    players = [
        Player(entrant, port=site.port, round_id=round_id, saves=10 + 2 * n, attempts=2, counter=counter)
        for n, entrant in enumerate(entrants)
    ]

    sit_while(
        site, players, counter, ["web", "valkey", "worker", "long", "master", "web", "worker", "valkey", "long", "web"]
    )
    site.kill("scheduler")

    all_is_well(site, round_id, players)


def test_quiz_survives_the_death_of_everything_at_once(site: Site) -> None:
    round_id, entrants = seeded(site.app, people=PEOPLE, params={"questions": 20, "attempts": 1})
    counter = Counter()
    players = [
        Player(entrant, port=site.port, round_id=round_id, saves=10 + 2 * n, counter=counter)
        for n, entrant in enumerate(entrants)
    ]

    sit_while(site, players, counter, ["everything"])

    all_is_well(site, round_id, players)


def test_quiz_survives_a_database_that_is_cut_off_and_started_again(
    database_site: tuple[Site, ThrowawayPostgres],
) -> None:
    site, cluster = database_site
    round_id, entrants = seeded(site.app, people=PEOPLE, params={"questions": 20, "attempts": 1})
    counter = Counter()
    players = [
        Player(entrant, port=site.port, round_id=round_id, saves=20 + 2 * n, counter=counter)
        for n, entrant in enumerate(entrants)
    ]
    total = sum(player.requests for player in players)
    for player in players:
        player.start()

    for number in (1, 2):
        due = total * number // 3
        eventually(lambda due=due: counter.count >= due or any(player.trouble for player in players))  # type: ignore[misc]
        cluster.restart()
        with site.app.app_context():
            db.engine.dispose()
        ledger.nothing_lost(site.app, [sitting for player in players for sitting in player.seen()])
    see_out(players)

    all_is_well(site, round_id, players)
    eventually(lambda: set(readiness(site).values()) == {"ok"})
