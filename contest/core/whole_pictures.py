"""Whether the file of a picture holds all of it: decoders fill what is missing or overwritten with grey and say nothing; the rooms that take pictures ask."""

import re
import zlib
from collections.abc import Iterator

from contest.core.uploads import View

END_OF_JPEG = b"\xff\xd9"
_START_OF_SCAN, _END, _ALONE = 0xDA, 0xD9, frozenset(range(0xD0, 0xD9)) | {0x01}
_PROGRESSIVE = frozenset([0xC2, 0xC6, 0xCA, 0xCE])
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SPACES = {"Gray": "GRAY", "CMYK": "CMYK", "YCCK": "CMYK"}
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
# Some cameras write a few bytes more than their picture needs; no decoder misses them.
_FEW_TOO_MANY = re.compile(r"Corrupt JPEG data: (\d+) extraneous bytes before marker 0xd9")
_FEW = 16

_NOTHINGS = 256  # bytes, half of the smallest block that a disk loses
_PNG = b"\x89PNG\r\n\x1a\n"
_HEIC_PARTS = frozenset([b"hvc1", b"hev1"])
# Three bytes that no unit of HEVC may hold (ITU-T H.265, 7.4.2): a coder puts a 3 between them.
_NEVER_IN_HEVC = re.compile(rb"\x00\x00[\x00-\x02]")
_LAST_CODED_SLICE = 31
_BOXES_MOST = 20_000


def is_whole(content: bytes) -> bool:
    """True unless a file that begins like a JPEG, PNG, WebP or HEIC is seen to lack a part of its picture. The caller bounds pixels and scans before."""
    if content.startswith(b"\xff\xd8"):
        return jpeg_is_whole(content)
    if content.startswith(_PNG):
        return png_is_whole(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return webp_is_whole(content)
    return content[4:8] != b"ftyp" or heic_is_whole(content)


def jpeg_is_whole(content: bytes) -> bool:
    """True when every block of a JPEG is in it and each scan ends where its last block does; its end mark may lack. False for what is no JPEG.

    Decodes the file once, at an eighth of its size or less.
    """
    import simplejpeg

    try:
        bare = _bare_jpeg(content)
    except (IndexError, ValueError):
        return False
    if bare is None:
        return False
    try:
        space = _SPACES.get(simplejpeg.decode_jpeg_header(bare, strict=False)[2], "BGR")
        simplejpeg.decode_jpeg(bare, colorspace=space, min_height=1, min_width=1, min_factor=8, strict=True)
    except ValueError as error:
        few = _FEW_TOO_MANY.search(str(error))
        return few is not None and int(few[1]) <= _FEW
    return True


def png_is_whole(content: bytes) -> bool:
    """True when each part of a PNG that draws is as its writer left it, by the check sum beside it; its end may lack, which the decoder finds."""
    at = len(_PNG)
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        kind, end = content[at + 4 : at + 8], at + 8 + size
        if end > len(content):
            return False
        if end + 4 > len(content):
            break
        draws = kind[:1].isupper()
        if draws and zlib.crc32(content[at + 4 : end]) != int.from_bytes(content[end : end + 4], "big"):
            return False
        if kind == b"IEND":
            return True
        at = end + 4
    return True


def webp_is_whole(content: bytes) -> bool:
    """True when a WebP has all the bytes that it says and no lost block among those that draw; overwritten by other bytes it looks whole."""
    at, end = 12, 8 + int.from_bytes(content[4:8], "little")
    if end > len(content) + 1:
        return False
    while at + 8 <= end:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + size > len(content):
            return False
        nothings = _nothings_most(content[at : at + 4], content[at + 14 : at + 18])
        if nothings and content.find(bytes(nothings), at + 8, at + 8 + size) >= 0:
            return False
        at += 8 + size + size % 2
    return True


def _nothings_most(kind: bytes, sides: bytes) -> int:
    """How many bytes of nothing in a row no coder writes: a picture of one colour takes a fortieth of a byte for each 16 × 16 points."""
    if kind == b"VP8L":
        return _NOTHINGS
    if kind != b"VP8 ":
        return 0
    width, height = (int.from_bytes(sides[at : at + 2], "little") & 0x3FFF for at in (0, 2))
    return max(_NOTHINGS, width * height // (256 * 16))


def heic_is_whole(content: View) -> bool:
    """True when every box of an HEIC file ends within it and every picture in it is made of whole units of HEVC."""
    try:
        boxes = list(_boxes(content, 0, len(content)))
        meta = next((place for kind, *place in boxes if kind == b"meta"), None)
        return meta is None or all(_units_are_whole(*part) for part in _hevc_parts(content, *meta))
    except (IndexError, ValueError):
        return False


def _bare_jpeg(content: bytes) -> bytes | None:
    """The file without what its makers wrote beside the picture, ended; None where its frame or the last refinement of its scans is missing."""
    kept, at = [content[:2]], 2
    progressive, lacking = False, dict[tuple[int, int], int]()
    scans = 0
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            at = content.find(b"\xff", at)
            if at < 0:
                break
            continue
        mark = content[at + 1]
        if mark == 0xFF or mark in _ALONE:
            at += 1 if mark == 0xFF else 2
            continue
        if mark == _END:
            break
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        part = content[at:end]
        if mark in _FRAMES:
            progressive = mark in _PROGRESSIVE
            lacking = {(part[10 + 3 * n], place): 1 for n in range(part[9]) for place in (0, 1)}
        if mark == _START_OF_SCAN:
            scans += 1
            found = _NEXT_MARKER.search(content, end)
            end = found.start() if found else len(content)
            part = content[at:end]
            _note_scan(part, lacking)
            if not progressive:  # Its limits are always these; some makers write others, which every decoder overlooks.
                limits = 5 + 2 * part[4]
                part = part[:limits] + b"\x00\x3f\x00" + part[limits + 3 :]
        if not (0xE0 <= mark <= 0xEF or mark == 0xFE):
            kept.append(part)
        at = end
    if not scans or not lacking or (progressive and any(lacking.values())):
        return None
    return b"".join(kept) + END_OF_JPEG


def _note_scan(part: bytes, lacking: dict[tuple[int, int], int]) -> None:
    """Note which coefficients a scan gives in full: the first of each block, and the others."""
    count = part[4]
    first, last, precision = part[5 + 2 * count : 8 + 2 * count]
    for n in range(count):
        for place in (0, 1):
            covered = first == 0 if place == 0 else last == 63
            if covered and not precision & 0x0F:
                lacking[(part[5 + 2 * n], place)] = 0


def _boxes(content: View, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its content begins, where it ends) of each box between two places; raises ValueError for one that goes beyond, or for more than any camera writes."""
    count = 0
    while at + 8 <= end:
        count += 1
        if count > _BOXES_MOST:
            raise ValueError
        size, head = int.from_bytes(content[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        size = size or end - at
        if size < head or at + size > end:
            raise ValueError
        yield content[at + 4 : at + 8], at + head, at + size
        at += size
    if at != end:
        raise ValueError


def _hevc_parts(content: View, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    """The bytes of each coded picture, and how many of them tell the length of a unit; raises ValueError, IndexError."""
    within = {kind: (first, last) for kind, first, last in _boxes(content, start + 4, end)}
    pictures = set(_coded_items(content, *within[b"iinf"])) if b"iinf" in within else set()
    lengths = set(_unit_lengths(content, *within[b"iprp"])) if b"iprp" in within else set()
    if b"iloc" not in within or len(lengths) != 1:
        return
    inner = within.get(b"idat", (0, 0))
    (length,) = lengths
    left = 2 * len(content)  # bytes: parts that lie on each other would be read for ever
    for item, method, extents in _places(content, *within[b"iloc"]):
        if item not in pictures or method not in (0, 1):
            continue
        base, limit = inner if method == 1 else (0, len(content))
        pieces = []
        for offset, size in extents:
            if base + offset + size > limit:
                raise ValueError
            piece = slice(base + offset, base + offset + size if size else limit)
            left -= piece.stop - piece.start
            if left < 0:
                raise ValueError
            pieces.append(content[piece])
        yield b"".join(pieces), length


def _coded_items(content: View, start: int, end: int) -> Iterator[int]:
    """The numbers of the items that are HEVC pictures."""
    wide = content[start] > 0
    for kind, at, _ in _boxes(content, start + (8 if wide else 6), end):
        if kind != b"infe" or content[at] < 2:
            continue
        size = 4 if content[at] > 2 else 2
        if content[at + 6 + size : at + 10 + size] in _HEIC_PARTS:
            yield int.from_bytes(content[at + 4 : at + 4 + size], "big")


def _unit_lengths(content: View, start: int, end: int) -> Iterator[int]:
    for kind, at, last in _boxes(content, start, end):
        if kind == b"ipco":
            yield from (content[first + 21] % 4 + 1 for name, first, _ in _boxes(content, at, last) if name == b"hvcC")


def _places(content: View, start: int, end: int) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """(item, method, [(offset, size)]) of each item."""
    at = start + 4

    def number(size: int) -> int:
        nonlocal at
        if at + size > end:
            raise ValueError
        at += size
        return int.from_bytes(content[at - size : at], "big")

    version, sizes = content[start], number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(number(4 if version == 2 else 2)):
        item = number(4 if version == 2 else 2)
        method = number(2) & 15 if version in (1, 2) else 0
        number(2)
        base, extents = number(base_size), []
        for _ in range(number(2)):
            number(index_size if version in (1, 2) else 0)
            offset = number(offset_size)
            extents.append((base + offset, number(length_size)))
        yield item, method, extents


def _units_are_whole(content: View, length: int) -> bool:
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + length], "big")
        unit = content[at + length : at + length + size]
        if not size or len(unit) < size:
            return False
        if unit[0] >> 1 & 63 <= _LAST_CODED_SLICE and _NEVER_IN_HEVC.search(unit.rstrip(b"\0")):
            return False
        at += length + size
    return at == len(content)
