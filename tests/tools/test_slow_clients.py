"""The web server as the guide starts it, before clients that send and read slowly on purpose: it answers everybody else."""

import contextlib
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from contest.core import fixed
from contest.run import web_command
from tests.fixtures.schema import SECRET
from tests.tools.running import eventually, free_port

pytestmark = pytest.mark.slow
MANY = 40  # of each kind; the server has 2 processes of 8 threads
ROOT = Path(__file__).resolve().parents[2]
STYLE = fixed.prefix(ROOT / "static") + "/vendor/bootstrap/bootstrap.min.css"
HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-More: "
HALF_A_BODY = (
    b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 4000\r\n\r\nidentifier=" + b"a" * 1000
)
HALF_A_FILE = (
    b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: 9000000\r\n\r\n--x\r\n" + b"a" * 600_000
)
TOO_LARGE = HALF_A_FILE.replace(b"9000000", b"90000000")
MANY_STYLES = f"GET {STYLE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_socket: Path) -> Iterator[int]:
    """The port of the server, with as many processes and threads as in production."""
    folder, port = tmp_path_factory.mktemp("slow"), free_port()
    env = os.environ | {
        "KV_ENV": "test",
        "KV_DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "DATABASE_URL": f"sqlite:///{sqlite_template}",
        "REDIS_URL": f"unix://{valkey_socket}",
        "STORAGE_URL": f"file://{folder / 'files'}",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(web_command(f"127.0.0.1:{port}"), env=env, stdout=log, stderr=log)
    eventually(lambda: answers(port))
    yield port
    process.terminate()
    process.wait()
    words = (folder / "log").read_text()
    assert "Traceback" not in words, words[-3000:]


def answers(port: int, path: str = "/healthz") -> bool:
    """Whether the server answers before the caller loses patience."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextlib.contextmanager
def callers(port: int, words: bytes, *, deaf: bool = False) -> Iterator[list[socket.socket]]:
    """Many who say these words and then nothing more; the deaf ones never read a reply."""
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(MANY):
            caller = stack.enter_context(socket.socket())
            if deaf:
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            caller.connect(("127.0.0.1", port))
            caller.sendall(words)
            found.append(caller)
        yield found


@pytest.mark.parametrize(
    "words",
    [HALF_A_HEAD, HALF_A_BODY, HALF_A_FILE, TOO_LARGE, b""],
    ids=["half a head", "half a body", "half a file", "half of what is too large", "nothing"],
)
def test_half_sent_requests_hold_nobody_up(server: int, words: bytes) -> None:
    with callers(server, words):
        assert [answers(server) for _ in range(20)] == [True] * 20


def test_replies_that_nobody_reads_hold_nobody_up(server: int) -> None:
    with callers(server, MANY_STYLES * 4, deaf=True):
        assert [answers(server) for _ in range(20)] == [True] * 20
        assert answers(server, STYLE)


def test_request_in_many_parts_is_answered_like_one(server: int) -> None:
    with socket.create_connection(("127.0.0.1", server), timeout=20) as caller:
        for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n":
            caller.sendall(bytes([byte]))
        assert caller.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_requests_behind_each_other_are_answered_in_their_order(server: int) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /khong-co HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b"
    with socket.create_connection(("127.0.0.1", server), timeout=20) as caller:
        caller.sendall(asked + last)
        assert re.findall(rb"HTTP/1.1 (\d+)", everything(caller)) == [b"200", b"404", b"400"]


def test_body_that_waits_to_be_asked_for_is_asked_for(server: int) -> None:
    head = b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server), timeout=20) as caller:
        caller.sendall(head)
        assert caller.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        caller.sendall(b"a=b")
        assert re.findall(rb"HTTP/1.1 (\d+)", everything(caller))[-1] == b"400"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
            b"411",
        ),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000, b"431"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
    ids=["no length", "endless head", "two lengths", "length of letters", "nonsense"],
)
def test_request_whose_length_nobody_can_tell_is_refused(server: int, words: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server), timeout=20) as caller:
        caller.sendall(words)
        assert re.findall(rb"HTTP/1.1 (\d+)", everything(caller)) == [status]


def test_file_that_is_too_large_is_heard_out_and_told(server: int) -> None:
    with socket.create_connection(("127.0.0.1", server), timeout=60) as caller:
        caller.sendall(TOO_LARGE)
        for _ in range(894):
            caller.sendall(b"a" * 100_000)
        assert b"HTTP/1.1 413" in caller.recv(4096)


def everything(caller: socket.socket) -> bytes:
    """What comes until the server hangs up."""
    found = bytearray()
    while part := caller.recv(65536):
        found += part
    return bytes(found)
