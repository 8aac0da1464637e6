"""What opening a picture would cost, told from its file before anything is decoded; the rooms that take pictures call it.

Pillow itself makes room for a whole WebP when it only opens one, and decodes a JPEG once for each of its scans, of which a small file may have thousands.
"""

import re

from contest.core.uploads import View

SCANNED_MOST = 2_000_000_000  # pixels times scans; the largest picture that is taken, saved progressively by any camera or program, has fewer
_WITHIN_A_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SOS, _EOI = 0xDA, 0xD9
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length


def webp_size(view: View) -> tuple[int, int] | None:
    """Width and height that a WebP file states, the larger where its frame and its canvas differ; None where the file is cut short or states none."""
    if len(view) < 30 or int.from_bytes(view[4:8], "little") + 8 > len(view):
        return None
    kind = view[12:16]
    if kind == b"VP8X":
        return int.from_bytes(view[24:27], "little") + 1, int.from_bytes(view[27:30], "little") + 1
    if kind == b"VP8L" and view[20] == 0x2F:
        bits = int.from_bytes(view[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and view[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(view[26:28], "little") & 0x3FFF, int.from_bytes(view[28:30], "little") & 0x3FFF
    return None


def too_many_scans(view: View, pixels: int) -> bool:
    """True where a JPEG of so many pixels would be decoded too often; False for every other kind of file."""
    return view[:2] == b"\xff\xd8" and scans(view, most=SCANNED_MOST // max(1, pixels) + 1) * pixels > SCANNED_MOST


def scans(view: View, *, most: int) -> int:
    """How many scans a JPEG has; counting ends at `most`. Pictures inside its headers do not count."""
    at, found = 2, 0
    while at + 4 <= len(view) and found < most:
        if view[at] != 0xFF:
            return found
        marker = view[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker == _EOI:
            return found
        else:
            at += 2 + int.from_bytes(view[at + 2 : at + 4], "big")
            if marker == _SOS:
                found += 1
                following = _WITHIN_A_SCAN.search(view, at)
                if following is None:
                    return found
                at = following.start()
    return found
