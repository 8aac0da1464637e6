"""The list of members of a zip file that a stranger made, looked through before anything is unpacked; packages and Office files are opened with it."""

import io
import struct
import zipfile
import zlib
from enum import Enum

# What the zip module lets through for damaged files, RuntimeError being that for locked ones.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Fault(Enum):
    """Why a zip file is not opened."""

    DAMAGED = "damaged"
    CROWDED = "crowded"
    LOCKED = "locked"
    TWICE = "twice"
    PACKED = "packed"


class NotOpened(Exception):
    """Raised with a Fault; the formats say it in their own words."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def opened(data: bytes, *, most: int) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """The zip file in `data` and its members by name, folders left out. Raises NotOpened, and nothing else, for what it holds."""
    try:
        box = zipfile.ZipFile(io.BytesIO(data))
        entries = box.infolist()
    except FAULTS:
        raise NotOpened(Fault.DAMAGED) from None
    if len(entries) > most:
        raise NotOpened(Fault.CROWDED)
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if entry.filename.endswith("/"):
            continue
        if entry.flag_bits & 1:
            raise NotOpened(Fault.LOCKED)
        if entry.compress_type not in _METHODS:
            raise NotOpened(Fault.PACKED)
        if entry.filename in members:
            raise NotOpened(Fault.TWICE)
        members[entry.filename] = entry
    return box, members
