"""What has come of one request, and a socket that never makes a thread wait for its client; `contest.web` serves with them."""

import errno
import re
import select
import socket
import threading
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Any, Self

from contest.core.pool import blocked

LONGEST_HEAD = 64 * 1024  # bytes
SPOOLED = 256 * 1024  # bytes of a request kept in memory; what is longer waits in a file
HEARD = 128 * 1024 * 1024  # bytes of a body beyond its limit that are heard out, so that the browser shows our refusal
HEAD_TIME, BODY_TIME, SILENCE = 20.0, 60.0, 30.0  # seconds
SLOWEST = 2048  # bytes a second, once BODY_TIME is over: what a weak network still carries
HELD = 256 * 1024  # bytes of a reply that wait for its reader without a thread
READERS = 64  # threads of a process that may wait for slow readers of what is longer

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*([0-9]{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CODED = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
_ASKS = re.compile(rb"^expect[ \t]*:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)
_readers = threading.BoundedSemaphore(READERS)


class Arrival:
    """A request as it comes in. It is handed on when `complete`; until then `until` says how long it may still take.

    Only the length is read off the head here: what the request says is for the server's parser, which finds the end of the stream where this ended.
    Of a body longer than `most` bytes the beginning is kept and the rest heard and forgotten.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self.complete = False
        self.cut = False  # Some of it was forgotten or never came: nothing can follow on this connection.
        self.asks = False  # The client waits to be told that it may send the body.
        self.refusal = 0  # The status with which to refuse what is not worth a thread.
        self._began = self._heard = monotonic()
        self._head: bytearray | None = bytearray()
        self._expected = 0
        self._kept: IO[bytes] = SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115 (it ends with its owner)

    @property
    def until(self) -> float:
        """When it has taken too long, by the clock of `monotonic`."""
        if self._head is not None or self.too_long:
            return self._began + HEAD_TIME
        return min(self._heard + SILENCE, self._began + BODY_TIME + self.size / SLOWEST)

    @property
    def too_long(self) -> bool:
        """Whether its body is longer than anybody would look at."""
        return self._expected > self.most + LONGEST_HEAD

    def feed(self, part: bytes) -> None:
        """Take the next bytes; raises OSError when there is no room to keep them."""
        if not self.size:
            self._began = monotonic()
        self._heard = monotonic()
        self.size += len(part)
        room = self.most + LONGEST_HEAD - (self.size - len(part))
        self._kept.write(part[: max(room, 0)])
        self.cut = self.cut or len(part) > room
        if self._head is not None:
            self._read_head(part)
        if self._head is None and self.size >= self._expected:
            self._end()

    def give_up(self) -> None:
        """Let what has come be all."""
        self.cut = True
        self._end()

    def read(self, size: int) -> bytes:
        """The next bytes of a complete request, and after its last what came behind it; nothing at the end."""
        return self._kept.read(size)

    def close(self) -> None:
        """Forget it."""
        self._kept.close()

    def _read_head(self, part: bytes) -> None:
        assert self._head is not None
        searched = max(0, len(self._head) - len(_END))
        self._head += part
        end = self._head.find(_END, searched)
        if end < 0:
            self.refusal = 431 if len(self._head) > LONGEST_HEAD else 0
            return
        head = bytes(self._head[:end])
        lengths = _LENGTH.findall(head)
        length = int(lengths[0]) if len(lengths) == 1 else 0  # The parser refuses two.
        self._head, self._expected = None, end + len(_END) + length
        if _CODED.search(head):
            self.refusal = 411
        elif length > self.most + HEARD:
            self.give_up()
        else:
            self.asks = length <= self.most and self.size < self._expected and bool(_ASKS.search(head))
            if length > self.most and _ASKS.search(head):
                self.give_up()

    def _end(self) -> None:
        if not self.complete:
            self.complete = True
            self._kept.seek(0)


class Wire(socket.socket):
    """A connection that always answers at once: it is read from what has arrived, and what its client does not take yet is held.

    A reply of which more than HELD waits makes its thread wait too, for whom another one answers meanwhile; whoever takes nothing for SILENCE, or less
    than SLOWEST, is cut off.
    """

    arrival: Arrival
    held: bytearray
    leave_until = 0.0

    @classmethod
    def over(cls, accepted: socket.socket, arrival: Arrival) -> Self:
        """The same connection; `accepted` is spent."""
        wire = cls(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        socket.socket.setblocking(wire, False)
        with suppress(OSError):
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.arrival, wire.held = arrival, bytearray()
        return wire

    def setblocking(self, flag: bool, /) -> None:
        """Asked of every socket by the server, and not granted."""

    def settimeout(self, value: float | None, /) -> None:
        """Asked of every socket by the server, and not granted."""

    def take(self, size: int) -> bytes:
        """What the kernel has; raises BlockingIOError when it has nothing."""
        return super().recv(size)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        return self.arrival.read(bufsize)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        left = memoryview(data)
        if not self.held:
            self.leave_until = monotonic() + BODY_TIME
            with suppress(BlockingIOError):
                left = left[self.send(left) :]
        self.held += left
        if len(self.held) > HELD:
            self._wait_for_reader()

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        file.seek(offset)
        sent = 0
        while part := file.read(65536 if count is None else min(65536, count - sent)):
            self.sendall(part)
            sent += len(part)
        return sent

    def leave(self) -> bool:
        """Send what is held as far as the client takes it; True when nothing is left."""
        with suppress(BlockingIOError):
            while self.held:
                sent = self.send(memoryview(self.held)[:HELD])
                self.leave_until = max(self.leave_until, monotonic()) + sent / SLOWEST
                del self.held[:sent]
        return not self.held

    def _wait_for_reader(self) -> None:
        if not _readers.acquire(blocking=False):
            raise BrokenPipeError(errno.EPIPE, "too many slow readers")
        try:
            with blocked():
                poll = select.poll()
                poll.register(self, select.POLLOUT)
                while len(self.held) > HELD // 2:
                    patience = min(SILENCE, self.leave_until - monotonic())
                    if patience <= 0 or not poll.poll(patience * 1000):
                        raise BrokenPipeError(errno.EPIPE, "the client does not read")
                    self.leave()
        finally:
            _readers.release()
