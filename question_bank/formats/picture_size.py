"""How wide and high a picture says it is, by its first bytes and without decoding it; writers of documents call it."""

import struct

from question_bank.schema import Picture

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def size(picture: Picture) -> tuple[int, int] | None:
    """Width and height in pixels; None where the bytes do not say."""
    content = picture.content
    try:
        width, height = _SIZES[picture.kind](content)
    except (KeyError, struct.error, IndexError):
        return None
    return (width, height) if width and height else None


def _png(content: bytes) -> tuple[int, int]:
    return struct.unpack_from(">II", content, 16)


def _gif(content: bytes) -> tuple[int, int]:
    return struct.unpack_from("<HH", content, 6)


def _jpg(content: bytes) -> tuple[int, int]:
    place = 2
    while place < len(content):
        sign, kind = content[place], content[place + 1]
        if sign != 0xFF:
            break
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            return width, height
        place += 1 if kind == 0xFF else 2 + struct.unpack_from(">H", content, place + 2)[0]
    return 0, 0


def _webp(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


_SIZES = {"png": _png, "gif": _gif, "jpg": _jpg, "webp": _webp}
