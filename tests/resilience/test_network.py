"""The network goes when a hand-in has left: the next press, or any after it, tells the receipt of the first."""

import http.client
import json
import socket
import sys

import pytest

from contest.core.db import db
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from tests.resilience import ledger
from tests.resilience.site import Entrant, Site, packet, seeded
from tests.tools.running import eventually

PEOPLE = 6

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are followed through /proc"),
]


def press(site: Site, entrant: Entrant, path: str, body: bytes) -> tuple[int, str, bytes]:
    """Send the request and read the reply."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("POST", path, body, entrant.heads)
    reply = connection.getresponse()
    found = reply.status, reply.getheader("Location", ""), reply.read()
    connection.close()
    return found


def press_and_leave(site: Site, entrant: Entrant, path: str, body: bytes) -> None:
    """Send the request whole and close without waiting for a reply."""
    heads = entrant.heads | {"Host": "127.0.0.1", "Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in heads.items()), "", ""]
    with socket.create_connection(("127.0.0.1", site.port)) as line:
        line.sendall("\r\n".join(lines).encode() + body)


def row_of(site: Site, attempt_id: int) -> Attempt:
    """The attempt as the database has it now."""
    with site.app.app_context():
        row = db.session.get_one(Attempt, attempt_id)
        db.session.remove()
        return row


def test_press_after_a_lost_reply_tells_the_first_receipt(site: Site) -> None:
    round_id, entrants = seeded(site.app, people=PEOPLE, params={"questions": 20, "attempts": 1})
    site.start()
    for entrant in entrants:
        status, place, body = press(site, entrant, f"/thi-trac-nghiem/dot/{round_id}/bat-dau", b"")
        assert status == 303, body
        attempt_id = int(place.rpartition("/")[2])
        path = f"/thi-trac-nghiem/luot/{attempt_id}/nop"

        press_and_leave(site, entrant, path, packet(1, {0: "2", 19: "8"}))
        eventually(lambda attempt_id=attempt_id: row_of(site, attempt_id).state is AttemptState.HANDED_IN)  # type: ignore[misc]
        kept = row_of(site, attempt_id)
        again = [press(site, entrant, path, packet(2, {0: "4"})) for _ in range(2)]

        assert [status for status, _, _ in again] == [200, 200]
        assert [json.loads(body)["receipt"] for _, _, body in again] == [kept.receipt, kept.receipt]
        assert not any(json.loads(body)["fresh"] for _, _, body in again)
        assert kept.answers == "2" + "0" * 18 + "8"
        assert row_of(site, attempt_id).answers == kept.answers
        assert row_of(site, attempt_id).digest == kept.digest

    eventually(lambda: ledger.waiting(site.app) == 0)
    assert len(ledger.each_graded_right(site.app, round_id)) == PEOPLE
