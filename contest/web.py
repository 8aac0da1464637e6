"""The gunicorn worker that answers requests: `--worker-class contest.web.Worker`; `contest run` and an operator's command line name it."""

import selectors
import socket
from concurrent.futures import Executor, Future
from contextlib import suppress
from enum import IntEnum
from functools import partial
from time import monotonic
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from contest.config import Config
from contest.core.arrival import SILENCE, Arrival, Wire
from contest.core.pool import CompensatingPool

LINGER = 2.0  # seconds for a client to hang up after us, so that it gets the last reply whole
PART = 64 * 1024
NO_ROOM = 503
REFUSALS = {
    408: b"HTTP/1.1 408 Request Timeout",
    411: b"HTTP/1.1 411 Length Required",
    431: b"HTTP/1.1 431 Request Header Fields Too Large",
    NO_ROOM: b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30",
}


class Phase(IntEnum):
    """Where a connection stands; where there are too many, those of the lowest phase go first."""

    CLOSING = 0
    QUIET = 1
    ARRIVING = 2
    LEAVING = 3
    ANSWERED = 4


class Caller(TConn):  # type: ignore[misc]
    """One connection, what it is at, since when and until when."""

    phase = Phase.QUIET
    keep = False
    since = until = 0.0

    def __init__(self, cfg: Any, accepted: socket.socket, client: Any, server: Any) -> None:
        self.sock: Wire
        super().__init__(cfg, Wire.over(accepted, _arrival()), client, server)
        self.data_ready = True


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, none of which ever waits for a client.

    Requests are gathered and replies sent by the loop, between which a thread has the whole request at once; so clients that send or read slowly cost a
    connection and no thread. A thread that waits for a password to be checked does not count: a rush to sign in leaves all of them to those who sit.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.callers: set[Caller] = set()

    def init_process(self) -> None:
        if self.cfg.is_ssl:
            raise RuntimeError("contest.web.Worker speaks plain HTTP: let the proxy in front end TLS")
        super().init_process()

    def get_thread_pool(self) -> Executor:
        """As many threads as `--threads` says answer at a time."""
        return CompensatingPool(self.cfg.threads)

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection; where there are too many, the oldest of those that say nothing or do not come to an end goes."""
        try:
            accepted, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        caller = Caller(self.cfg, accepted, client, listener.getsockname())
        self.nr_conns += 1
        self.callers.add(caller)
        if self.nr_conns >= self.worker_connections:
            idle = [other for other in self.callers if other.phase < Phase.ANSWERED and other is not caller]
            if idle:
                self._end(min(idle, key=lambda other: (other.phase, other.since)))
        self._await_request(caller)

    def finish_request(self, conn: Caller, fs: "Future[bool]") -> None:
        """A thread has answered: send what it could not, then hear the next request or hang up."""
        failed = fs.cancelled() or fs.exception() is not None
        conn.keep = not failed and bool(fs.result()) and not conn.sock.arrival.cut
        self._send(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """End every connection whose time is over; gunicorn's loop calls it each second."""
        now = monotonic()
        for caller in [*self.callers]:
            if caller.phase is Phase.ANSWERED:
                continue
            if force or now >= caller.until:
                self._time_is_over(caller, force=force)

    def _cap_keepalive(self, deadline: float) -> None:
        for caller in self.callers:
            if caller.phase is Phase.QUIET:
                caller.until = min(caller.until, deadline)

    def _time_is_over(self, caller: Caller, *, force: bool) -> None:
        if caller.phase is not Phase.ARRIVING or force:
            self._end(caller)
        elif caller.sock.arrival.too_long:
            caller.sock.arrival.give_up()
            self._answer(caller)
        else:
            self._refuse(caller, 408)

    def _await_request(self, caller: Caller) -> None:
        patience = self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER
        self._watch(caller, Phase.QUIET, selectors.EVENT_READ, monotonic() + patience)
        self._hear(caller)

    def _hear(self, caller: Caller) -> None:
        """Take what the client has sent, and answer once it is whole."""
        try:
            part = caller.sock.take(PART)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if part:
            self._feed(caller, part)
        else:
            self._end(caller)

    def _feed(self, caller: Caller, part: bytes) -> None:
        arrival = caller.sock.arrival
        try:
            arrival.feed(part)
        except OSError as error:
            self.log.error("No room for what is sent: %s", error.strerror)
            self._refuse(caller, NO_ROOM)
            return
        if arrival.refusal:
            self._refuse(caller, arrival.refusal)
        elif arrival.complete:
            self._answer(caller)
        else:
            if arrival.asks:
                arrival.asks = False
                self._say(caller, b"HTTP/1.1 100 Continue\r\n\r\n")
            self._watch(caller, Phase.ARRIVING, selectors.EVENT_READ, arrival.until)

    def _answer(self, caller: Caller) -> None:
        self._unwatch(caller)
        caller.phase = Phase.ANSWERED
        self.enqueue_req(caller)

    def _send(self, caller: Caller) -> None:
        try:
            left = caller.sock.leave()
        except OSError:
            self._end(caller)
            return
        if not left:
            until = min(monotonic() + SILENCE, caller.sock.leave_until)
            self._watch(caller, Phase.LEAVING, selectors.EVENT_WRITE, until)
        elif caller.keep:
            self._go_on(caller)
        else:
            self._hang_up(caller)

    def _go_on(self, caller: Caller) -> None:
        """Hear the next request, of which some may have come behind the last."""
        came = caller.parser.unreader.take_buffered()
        while part := caller.sock.recv(PART):
            came += part
        caller.sock.arrival.close()
        caller.sock.arrival = _arrival()
        if came:
            self._feed(caller, came)
        else:
            self._await_request(caller)

    def _refuse(self, caller: Caller, status: int) -> None:
        self._say(caller, REFUSALS[status] + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self._hang_up(caller)

    def _say(self, caller: Caller, words: bytes) -> None:
        with suppress(OSError):
            caller.sock.send(words)

    def _hang_up(self, caller: Caller) -> None:
        """Say that nothing more comes, and wait a little for the client to do the same: one that still sends would lose the reply."""
        try:
            caller.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._end(caller)
            return
        self._watch(caller, Phase.CLOSING, selectors.EVENT_READ, monotonic() + LINGER)

    def _drain(self, caller: Caller) -> None:
        with suppress(BlockingIOError):
            try:
                while caller.sock.take(PART):
                    pass
            except ConnectionError:
                pass
            self._end(caller)

    def _end(self, caller: Caller) -> None:
        self._unwatch(caller)
        if caller in self.callers:
            self.callers.discard(caller)
            self.nr_conns -= 1
        caller.sock.arrival.close()
        caller.close()

    def _watch(self, caller: Caller, phase: Phase, event: int, until: float) -> None:
        """Be told when the client can be heard, or sent to, and end what lasts beyond `until`."""
        if phase is not caller.phase or not caller.since:
            caller.since = monotonic()
        act = {Phase.CLOSING: self._drain, Phase.LEAVING: self._send}.get(phase, self._hear)
        told = partial(_told, act, caller)
        watched = self.poller.get_map().get(caller.sock)
        if watched is None:
            self.poller.register(caller.sock, event, told)
        elif phase is not caller.phase:
            self.poller.modify(caller.sock, event, told)
        caller.phase, caller.until = phase, until

    def _unwatch(self, caller: Caller) -> None:
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(caller.sock)


def _arrival() -> Arrival:
    return Arrival(Config.upload_limit + 1024 * 1024)


def _told(act: Any, caller: Caller, _: object) -> None:
    act(caller)
