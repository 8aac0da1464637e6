"""Originals and derivatives, kept by the hash of their content outside the web root; tracks put, routes that know who may see fetch."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import obstore
from flask import Flask, current_app
from obstore.exceptions import AlreadyExistsError
from obstore.store import ObjectStore, from_url


def init_app(app: Flask, *, url: str) -> None:
    """Open the store at `url`: file:///folder, s3://bucket/prefix (credentials from the usual AWS variables), memory:///."""
    app.extensions["kv_storage"] = from_url(url, mkdir=True) if urlsplit(url).scheme == "file" else from_url(url)


def put(content: bytes) -> str:
    """Keep `content` and return its address, the SHA-256 in hex; the same content is kept once."""
    address = hashlib.sha256(content).hexdigest()
    with suppress(AlreadyExistsError):  # The same content under the same hash is what was asked for.
        obstore.put(_store(), _path(address), content, mode="create")
    return address


def get(address: str) -> bytes:
    """The content at `address`; raises FileNotFoundError."""
    return bytes(obstore.get(_store(), _path(address)).bytes())


def stream(address: str, chunk: int = 256 * 1024) -> Iterator[bytes]:
    """The content at `address` in pieces of at least `chunk` bytes; raises FileNotFoundError before the first."""
    found = obstore.get(_store(), _path(address))
    return (bytes(piece) for piece in found.stream(min_chunk_size=chunk))


def exists(address: str) -> bool:
    """True when content is kept at `address`."""
    try:
        obstore.head(_store(), _path(address))
    except FileNotFoundError:
        return False
    return True


def delete(address: str) -> None:
    """Forget the content at `address`, if it is there; the caller knows that nothing else refers to it."""
    with suppress(FileNotFoundError):
        obstore.delete(_store(), _path(address))


def healthy() -> bool:
    """True when a small object can be written and read back."""
    return get(put(b"khat-vong")) == b"khat-vong"


def _store() -> ObjectStore:
    store: ObjectStore = current_app.extensions["kv_storage"]
    return store


def _path(address: str) -> str:
    if len(address) != 64 or not set(address) <= set("0123456789abcdef"):
        raise FileNotFoundError(address)
    return f"{address[:2]}/{address[2:4]}/{address}"
