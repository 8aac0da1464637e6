"""Originals and derivatives, kept by the hash of their content outside the web root; tracks put, routes that know who may see fetch.

What nothing refers to is first set aside and forgotten a day later (`contest.sweep`). While set aside it is found as before, and put back when
something refers to it after all: so an upload of the same bytes at that moment loses nothing.

What a stranger sends first waits under a name of its own (`waiting`) and takes its place only with the row that refers to it: what is refused is gone
at once, and harms nobody who sent the same.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import obstore
from flask import Flask, current_app
from obstore.exceptions import AlreadyExistsError
from obstore.store import ObjectStore, from_url
from rq.timeouts import JobTimeoutException

ASIDE = "aside"
WAITING = "waiting"
_PART, _PARTS = 5 * 1024 * 1024, 2  # bytes in a part of a large content, and how many are on their way at once


@dataclass(frozen=True)
class Kept:
    """One content that the store holds: bytes, when it was written, and whether it was set aside."""

    address: str
    size: int
    written_at: datetime
    aside: bool


def init_app(app: Flask, *, url: str) -> None:
    """Open the store at `url`: file:///folder, s3://bucket/prefix (credentials from the usual AWS variables), memory:///."""
    app.extensions["kv_storage"] = from_url(url, mkdir=True) if urlsplit(url).scheme == "file" else from_url(url)


def put(content: bytes) -> str:
    """Keep `content` and return its address, the SHA-256 in hex; the same content is kept once."""
    address = hashlib.sha256(content).hexdigest()
    with suppress(AlreadyExistsError):  # The same content under the same hash is what was asked for.
        obstore.put(_store(), _path(address), content, mode="create")
    return address


class Away(Exception):
    """The store does not answer, or not as it should."""


@dataclass(frozen=True)
class Waiting:
    """Content that waits for its row, and where it will be."""

    address: str
    name: str

    def keep(self) -> None:
        """Let it take its place; inside the unit of work that writes the row, so that neither is without the other. Over the same content it changes nothing."""
        obstore.rename(_store(), self.name, _path(self.address))


@contextmanager
def waiting(pieces: Iterable[bytes], address: str) -> Iterator[Waiting]:
    """Content of that SHA-256 on its way into storage; whatever is not kept when the block ends is gone."""
    content = Waiting(address, f"{WAITING}/{secrets.token_hex(16)}")
    obstore.put(_store(), content.name, iter(pieces), chunk_size=_PART, max_concurrency=_PARTS)
    try:
        yield content
    finally:
        with suppress(FileNotFoundError):
            obstore.delete(_store(), content.name)


def forget_waiting(before: datetime) -> int:
    """Forget what has waited since before that moment: its process ended in between. Returns how many there were."""
    old = [
        found["path"] for chunk in obstore.list(_store(), WAITING) for found in chunk if found["last_modified"] < before
    ]
    for path in old:
        with suppress(FileNotFoundError):
            obstore.delete(_store(), path)
    return len(old)


def get(address: str) -> bytes:
    """The content at `address`; raises FileNotFoundError."""
    return bytes(_found(address).bytes())


def fetched(address: str) -> bytes:
    """As `get`, for jobs about a file, which must tell a store that does not answer from a bad file: raises Away for it, FileNotFoundError."""
    try:
        return get(address)
    except (FileNotFoundError, JobTimeoutException):
        raise
    except Exception as error:
        raise Away from error


def stream(address: str, chunk: int = 256 * 1024) -> Iterator[bytes]:
    """The content at `address` in pieces of at least `chunk` bytes; raises FileNotFoundError before the first."""
    found = _found(address)
    return (bytes(piece) for piece in found.stream(min_chunk_size=chunk))


def exists(address: str) -> bool:
    """True when content is kept at `address`."""
    for path in (_path(address), _aside(address)):
        with suppress(FileNotFoundError):
            obstore.head(_store(), path)
            return True
    return False


def delete(address: str) -> None:
    """Forget the content at `address`, if it is there; the caller knows that nothing else refers to it."""
    for path in (_path(address), _aside(address)):
        with suppress(FileNotFoundError):
            obstore.delete(_store(), path)


def listed() -> Iterator[Kept]:
    """Everything that is kept, also what is set aside; what lies in the store under other names is left out."""
    for chunk in obstore.list(_store()):
        for found in chunk:
            parts = found["path"].split("/")
            aside = parts[0] == ASIDE
            address = parts[-1]
            with suppress(FileNotFoundError):
                if found["path"] == (_aside(address) if aside else _path(address)):
                    yield Kept(address, found["size"], found["last_modified"], aside)


def set_aside(address: str) -> None:
    """Put the content at `address` where it is still found and where `forget_aside` may forget it."""
    with suppress(FileNotFoundError):
        obstore.put(_store(), _aside(address), bytes(obstore.get(_store(), _path(address)).bytes()))
        obstore.delete(_store(), _path(address))


def take_back(address: str) -> None:
    """Undo `set_aside`."""
    with suppress(FileNotFoundError):
        put(bytes(obstore.get(_store(), _aside(address)).bytes()))
        forget_aside(address)


def forget_aside(address: str) -> None:
    """Forget what was set aside; the same content that was put anew since then stays."""
    with suppress(FileNotFoundError):
        obstore.delete(_store(), _aside(address))


def healthy() -> bool:
    """True when something small and new can be written, read back and forgotten."""
    word = secrets.token_bytes(16)
    address = put(word)
    try:
        return get(address) == word
    finally:
        delete(address)


def _store() -> ObjectStore:
    store: ObjectStore = current_app.extensions["kv_storage"]
    return store


def _found(address: str) -> "obstore.GetResult":
    """What is kept at `address`; what was set aside, or put back, between two looks is found at the next."""
    for path in (_path(address), _aside(address)):
        with suppress(FileNotFoundError):
            return obstore.get(_store(), path)
    return obstore.get(_store(), _path(address))


def _aside(address: str) -> str:
    return f"{ASIDE}/{_path(address)}"


def _path(address: str) -> str:
    if len(address) != 64 or not set(address) <= set("0123456789abcdef"):
        raise FileNotFoundError(address)
    return f"{address[:2]}/{address[2:4]}/{address}"
