"""Somebody who sits the quiz as the page's script does: sends what changed, and sends it again until a reply comes."""

import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.resilience.site import Entrant, packet

QUESTIONS = 20
_PATIENCE = 60.0  # seconds without any reply before a player gives up
_PAUSE = 0.05  # seconds before a request is sent again
_CHARS = "1248"


@dataclass
class Sitting:
    """What the server has acknowledged of one attempt: the newest packet, the answers then, and the receipts it told."""

    address: str
    sequence: int = 0
    answers: str = "0" * QUESTIONS
    receipts: set[str] = field(default_factory=set)


class Counter:
    """Counts the acknowledged requests of many players."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def one_more(self) -> None:
        """One more was acknowledged."""
        with self._lock:
            self.count += 1


class Player(threading.Thread):
    """Sits `attempts` times: start, `saves` packets, hand in twice. What was acknowledged is in `sittings`; `trouble` is what should not be."""

    def __init__(
        self,
        entrant: Entrant,
        *,
        port: int,
        round_id: int,
        saves: int,
        attempts: int = 1,
        counter: Counter | None = None,
    ) -> None:
        super().__init__(daemon=True)
        self.entrant, self.port, self.round_id = entrant, port, round_id
        self.saves, self.attempts, self.counter = saves, attempts, counter or Counter()
        self.requests = attempts * (saves + 3)
        self.lock = threading.Lock()
        self.sittings: list[Sitting] = []
        self.trouble: Exception | None = None
        self.lost = 0
        self._random = random.Random(entrant.account_id)
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        try:
            for _ in range(self.attempts):
                self._sit()
        except Exception as error:  # noqa: BLE001 (the test that joins this thread raises it)
            self.trouble = error
        finally:
            self._hang_up()

    def seen(self) -> list[Sitting]:
        """A copy of what is acknowledged at this moment."""
        with self.lock:
            return [Sitting(s.address, s.sequence, s.answers, set(s.receipts)) for s in self.sittings]

    def _sit(self) -> None:
        sitting = Sitting(self._start())
        with self.lock:
            self.sittings.append(sitting)
        sequence = 0
        answers, waiting = list(sitting.answers), {}
        for _ in range(self.saves):
            position = self._random.randrange(QUESTIONS)
            answers[position] = waiting[position] = self._random.choice(_CHARS)
            sequence = self._until_saved(sitting, sequence, waiting, "".join(answers))
            waiting = {}
        for position in range(0, QUESTIONS, 7):
            answers[position] = waiting[position] = self._random.choice(_CHARS)
        for _ in range(2):
            sequence = self._until_handed_in(sitting, sequence, waiting, "".join(answers))

    def _start(self) -> str:
        while True:
            found = self._sent("POST", f"/thi-trac-nghiem/dot/{self.round_id}/bat-dau", b"{}")
            if found:
                status, place, body = found
                if status == HTTPStatus.SERVICE_UNAVAILABLE:
                    time.sleep(_PAUSE)
                    continue
                assert status in (HTTPStatus.OK, HTTPStatus.SEE_OTHER), (status, body)
                self.counter.one_more()
                return place

    def _until_saved(self, sitting: Sitting, sequence: int, waiting: dict[int, str], answers: str) -> int:
        while True:
            sequence += 1
            reply = self._asked(sitting.address + "/luu", packet(sequence, waiting))
            if reply is None:
                continue
            assert "stale" not in reply, reply
            assert reply["sequence"] == sequence, reply
            with self.lock:
                sitting.sequence, sitting.answers = sequence, answers
            self.counter.one_more()
            return sequence

    def _until_handed_in(self, sitting: Sitting, sequence: int, waiting: dict[int, str], answers: str) -> int:
        while True:
            sequence += 1
            reply = self._asked(sitting.address + "/nop", packet(sequence, waiting))
            if reply is None:
                continue
            assert reply["state"] == "handed_in", reply
            assert reply["receipt"], reply
            with self.lock:
                sitting.answers = answers
                sitting.receipts.add(reply["receipt"])
            self.counter.one_more()
            return sequence

    def _asked(self, path: str, body: bytes) -> dict[str, Any] | None:
        found = self._sent("POST", path, body)
        if found is None:
            return None
        status, _, content = found
        if (
            status == HTTPStatus.SERVICE_UNAVAILABLE
        ):  # The database is away: nothing was acknowledged, and it is sent again.
            time.sleep(_PAUSE)
            return None
        assert status == HTTPStatus.OK, (status, content)
        reply: dict[str, Any] = json.loads(content)
        return reply

    def _sent(self, method: str, path: str, body: bytes) -> tuple[int, str, bytes] | None:
        """Status, place and body of the reply; None when the connection broke before it was whole."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            self._connection.request(method, path, body, self.entrant.heads)
            reply = self._connection.getresponse()
            found = reply.status, reply.getheader("Location") or reply.getheader("Content-Location", ""), reply.read()
        except (OSError, http.client.HTTPException):
            self.lost += 1
            self._hang_up()
            assert self.lost * _PAUSE < _PATIENCE, "no reply came any more"
            time.sleep(_PAUSE)
            return None
        return found

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


def see_out(players: Sequence[Player]) -> None:
    """Wait until every player has sat to the end; raises the first trouble."""
    for player in players:
        player.join(60)
        assert not player.is_alive()
        if player.trouble:
            raise player.trouble
