"""Files as browsers send them, looked at where the web server laid them: a large one is never held whole in memory. Rooms that take files call it."""

import hashlib
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TypeAlias

from werkzeug.datastructures import FileStorage

View: TypeAlias = bytes | mmap.mmap
"""What is in a file: it is sliced, searched and measured like bytes, read as a file only where it is large."""

SMALL = 256 * 1024  # bytes that may be held
_PIECE = 256 * 1024


@contextmanager
def viewed(file: FileStorage) -> Iterator[View]:
    """What is in a file that was sent, for as long as the block lasts."""
    stream: IO[bytes] = file.stream
    size = stream.seek(0, 2)
    stream.seek(0)
    if size <= SMALL:
        yield stream.read()
        return
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
        yield view


def digest(view: View) -> str:
    """SHA-256 in hex, which is where storage keeps this content."""
    return hashlib.sha256(view).hexdigest()


def pieces(view: View) -> Iterator[bytes]:
    """The content from its start, little by little."""
    for start in range(0, len(view), _PIECE):
        yield view[start : start + _PIECE]
