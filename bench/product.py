"""The product's side of the benchmark: seeds a contest through the rooms' own services and prepares the requests of its hot paths."""

from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

from bench.load import Request
from bench.server import Server

AVAILABLE = False


def seed(url: str, folder: Path, stack: ExitStack) -> dict[str, str]:
    """Migrate and fill the database at `url`; returns the environment that the product is served with."""
    raise NotImplementedError


def page_bytes(server: Server) -> int:
    """The size of the home page of someone not signed in."""
    with urlopen(server.url + "/") as reply:
        return len(reply.read())


def home(server: Server, number: int) -> Sequence[Request]:
    """The home page of someone not signed in."""
    return [Request("GET", "/")]


def sign_ins(server: Server, number: int) -> Sequence[Request]:
    raise NotImplementedError


def saves(server: Server, number: int) -> Sequence[Request]:
    raise NotImplementedError


def starts(server: Server, number: int) -> Sequence[Request]:
    raise NotImplementedError


def hand_ins(server: Server, number: int) -> Sequence[Request]:
    raise NotImplementedError
