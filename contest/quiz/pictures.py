"""The picture of a question through Pillow: upright, not larger than a screen, without anything that tells who took it or where."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from contest.core import picture_cost, whole_pictures
from contest.core.pictures import LIES

LARGEST_FILE = 12_000_000  # bytes
LONG_EDGE = 1_600  # pixels
MOST_PIXELS = 50_000_000
MEDIA_TYPE = "image/webp"
_TOO_LARGE = "Ảnh có quá nhiều điểm ảnh. Bạn thu nhỏ ảnh rồi gửi lại."
_BROKEN = "Không mở được ảnh này vì tệp bị hỏng hoặc thiếu một phần. Bạn gửi lại tấm gốc."
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 84
_PORTABLE_QUALITY = 90
_LARGEST_PNG = 400_000  # bytes


class Unreadable(Exception):
    """The file is not a picture that a question can bear; the message is a Vietnamese sentence, `points` are those decoded for nothing."""

    def __init__(self, message: str, *, points: int = 0) -> None:
        super().__init__(message)
        self.points = points


class Crowded(Unreadable):
    """The picture has more points than its caller had left, though no more than a picture may have."""


@dataclass(frozen=True)
class Drawn:
    """A picture made anew, as WebP; `points` are those of the file that it was made from."""

    content: bytes
    width: int
    height: int
    points: int


def redraw(content: bytes, *, most: int = MOST_PIXELS) -> Drawn:
    """Decode a file from an organiser and write it anew; raises Unreadable, and before decoding Crowded where it has more than `most` points."""
    if len(content) > LARGEST_FILE:
        raise Unreadable(f"Ảnh quá lớn: nhiều nhất {LARGEST_FILE // 1_000_000} MB.")
    points = 0
    if content[:4] == b"RIFF":  # Pillow makes room for all of such a picture before it says how large it is.
        width, height = picture_cost.webp_size(content) or (0, 0)
        if width * height > MOST_PIXELS:
            raise Unreadable(_TOO_LARGE)
        if not width * height:
            raise Unreadable(_BROKEN)
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            stated = image.width * image.height
            if stated > MOST_PIXELS:
                raise Unreadable(_TOO_LARGE)
            if picture_cost.too_many_scans(content, stated):
                raise Unreadable("Tệp JPEG này được ghi thành quá nhiều lớp. Bạn lưu lại thành tệp JPG thường rồi gửi.")
            if stated > most:
                raise Crowded("Các ảnh cộng lại có quá nhiều điểm ảnh. Bạn gửi ít ảnh hơn mỗi lần.")
            points = stated
            if not whole_pictures.is_whole(content):
                raise Unreadable(_BROKEN, points=points)
            image.draft("RGB", (LONG_EDGE, LONG_EDGE))
            upright = ImageOps.exif_transpose(image)
            plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except LIES as error:
        raise Unreadable("Không mở được ảnh này. Bạn gửi ảnh JPEG, PNG, WebP hoặc GIF.", points=points) from error
    plain.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS)
    plain.info.clear()
    kept = io.BytesIO()
    plain.save(kept, "WEBP", quality=_QUALITY)
    return Drawn(kept.getvalue(), plain.width, plain.height, points)


def portable(content: bytes) -> bytes:
    """A kept picture as a PNG, or a JPEG where that would be large, for programs that know no WebP; the same bytes for the same picture every time."""
    with Image.open(io.BytesIO(content), formats=("WEBP",)) as image:
        out = io.BytesIO()
        image.save(out, "PNG")
        if out.tell() > _LARGEST_PNG and not image.has_transparency_data:
            out = io.BytesIO()
            image.save(out, "JPEG", quality=_PORTABLE_QUALITY)
    return out.getvalue()
