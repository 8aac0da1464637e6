"""Pure decisions about photographs: kinds of file, sizes, what is missing before hand-in, when thumbnails are asked for again, the words of each."""

import enum
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from contest.contests.rules import PhotoParams
from contest.core.display import nbsp, vn_number
from contest.core.vietnamese import count_words
from contest.entries.leaks import Leak

SIZES = (320, 960, 1920)  # long edges of the thumbnails in pixels
PIXELS_MOST = 120_000_000
WEBP_PIXELS_MOST = 50_000_000  # its decoder needs twice the room of others
TITLE_LONGEST = 200
CAPTION_LONGEST = 5000
TRIES = 3
PER_PAGE = 9
FILES_AT_ONCE = 20
MEGABYTE = 1_000_000  # as phones count them

PUT_OFF = timedelta(seconds=30)  # before a picture that could not be looked at is asked for again


class PhotoState(enum.StrEnum):
    """Where the making of thumbnails stands."""

    PROCESSING = "processing"
    READY = "ready"
    REFUSED = "refused"


class Format(enum.StrEnum):
    """The kinds of file that the contest takes, by the name that Pillow gives them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIF"

    @property
    def media_type(self) -> str:
        """The type under which the original is kept."""
        return {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}[self.value]

    @property
    def ending(self) -> str:
        """The ending of a file's name."""
        return {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}[self.value]


@dataclass(frozen=True)
class Problem:
    """Why a file is not taken: a short word, what is the matter, and the cure."""

    title: str
    happened: str
    todo: str


_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
_STILL_BRANDS = (
    *(b"mif2", b"mif3", b"miaf", b"MiHE", b"MiHB", b"MiHA", b"MiPr", b"MiCm", b"1pic"),
    *(b"avci", b"avcs", b"jpeg", b"jpgs", b"j2ki", b"j2is", b"vvic", b"vvis", b"evbi", b"evbs", b"unif"),
)
_VIDEO_BRANDS = (b"qt  ", b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5", b"3gp6")
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "ảnh GIF"),
    (b"BM", "ảnh BMP"),
    (b"II*\0", "ảnh TIFF"),
    (b"MM\0*", "ảnh TIFF"),
    (b"\xff\x0a", "ảnh JPEG XL"),
    (b"\0\0\0\x0cJXL ", "ảnh JPEG XL"),
    (b"\0\0\x01\0", "biểu tượng ICO"),
    (b"%PDF", "tài liệu PDF"),
    (b"PK\x03\x04", "tệp nén hoặc tài liệu Office (.docx, .xlsx, .pptx)"),
    (b"PK\x05\x06", "tệp nén"),
    (b"\xd0\xcf\x11\xe0", "tài liệu Office đời cũ (.doc, .xls, .ppt)"),
    (b"{\\rtf", "tài liệu RTF"),
    (b"8BPS", "tệp Photoshop"),
    (b"FUJIFILM", "ảnh thô RAF"),
    (b"IIRO", "ảnh thô ORF"),
    (b"IIU\0", "ảnh thô RW2"),
    (b"\0\0\0\x0cjP  ", "ảnh JPEG 2000"),
    (b"RIFF", "tệp âm thanh hoặc video"),
    (b"Rar!", "tệp nén"),
    (b"7z\xbc\xaf", "tệp nén"),
    (b"\x1f\x8b", "tệp nén"),
)
_AS_JPEG = "Bạn mở ảnh trên máy, lưu lại dưới dạng JPG ở kích thước gốc rồi gửi lần nữa."
_TAKEN = "Bạn gửi ảnh JPG, PNG, WebP hoặc HEIC lấy thẳng từ thư viện ảnh của máy."


def format_of(head: bytes) -> Format | None:
    """The kind of file that its first 64 bytes promise; None for a kind that is not taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS and not _avif(head):
        return Format.HEIC
    return None


def stranger(head: bytes) -> Problem:
    """Why a file of another kind is not taken, named by its first bytes."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return Problem("Tệp rỗng", "Tệp này không có nội dung.", "Bạn chọn lại tấm ảnh trong thư viện ảnh của máy.")
    if start.startswith((b"<svg", b"<?xml")):
        return Problem("Không phải ảnh chụp", "Đây là hình vẽ SVG, cuộc thi không nhận.", _TAKEN)
    if start.startswith((b"<!doctype", b"<html")):
        return Problem("Không phải ảnh chụp", "Đây là một trang web, không phải ảnh.", _TAKEN)
    name = _boxed(head)
    name = name or next((words for magic, words in _STRANGERS if head.startswith(magic)), "")
    if name:
        return Problem(
            "Loại tệp không nhận",
            f"Đây là {name}, cuộc thi không nhận loại tệp này.",
            _AS_JPEG if name.startswith("ảnh ") else _TAKEN,
        )
    return Problem("Không phải ảnh", "Máy chủ không nhận ra đây là một tấm ảnh.", _TAKEN)


def _boxed(head: bytes) -> str:
    """What a file of boxes is by its brands: a still picture of a kind that is not opened here, raw, sound, or a video."""
    if head[4:8] != b"ftyp":
        return ""
    brand = head[8:12]
    if _avif(head):
        return "ảnh AVIF"
    if brand == b"crx ":
        return "ảnh thô CR3"
    if brand.startswith((b"M4A", b"M4B", b"F4A")):
        return "tệp âm thanh"
    others = {head[at : at + 4] for at in range(16, min(len(head), int.from_bytes(head[:4], "big")), 4)}
    still = brand in _STILL_BRANDS or (
        brand not in _VIDEO_BRANDS and not others.isdisjoint((*_HEIC_BRANDS, *_STILL_BRANDS))
    )
    return "ảnh HEIF kiểu máy chủ không mở được" if still else "video"


def _avif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and any(brand in head[8:40] for brand in (b"avif", b"avis"))


def too_heavy(size: int, params: PhotoParams) -> Problem | None:
    """The problem with a file of `size` bytes, if there is one."""
    if size <= params.megabytes * MEGABYTE:
        return None
    return Problem(
        "Tệp quá lớn",
        f"Tấm này nặng hơn {nbsp(f'{params.megabytes} MB')}.",
        "Bạn chọn tấm khác, hoặc lưu lại ở chất lượng JPG thấp hơn một chút mà không thu nhỏ ảnh.",
    )


def wrong_size(width: int, height: int, params: PhotoParams) -> Problem | None:
    """The problem with a picture of that many pixels, if there is one."""
    shown = pixels(width, height)
    if width * height > PIXELS_MOST:
        return Problem(
            "Ảnh quá lớn",
            f"Ảnh có {shown}, máy chủ nhận tối đa {vn_number(PIXELS_MOST // 1_000_000)} triệu điểm ảnh.",
            "Bạn gửi ảnh chụp thường từ máy ảnh hoặc điện thoại.",
        )
    if max(width, height) < params.long_edge:
        return Problem(
            "Ảnh quá nhỏ",
            f"{shown}, thể lệ cần cạnh dài từ {nbsp(f'{vn_number(params.long_edge)} px')}.",
            "Ảnh qua Zalo hoặc mạng xã hội đã bị thu nhỏ. Hãy chọn lại tấm gốc trong thư viện ảnh của máy đã chụp.",
        )
    return None


BROKEN = Problem(
    "Ảnh bị hỏng",
    "Tệp bị thiếu hoặc hỏng nên không mở được hết ảnh.",
    "Bạn mở ảnh trên máy để kiểm tra, rồi chọn lại tấm gốc và gửi lần nữa.",
)
UNDECODABLE = (
    "Máy chủ đã thử ba lần mà không mở được ảnh này. Bạn bỏ tấm này, lưu lại ảnh dưới dạng JPG rồi gửi lần nữa."
)


_AS_JPG = "Bạn mở ảnh trên máy, lưu lại thành tệp JPG thường rồi gửi lần nữa."
TOO_COSTLY = Problem("Ảnh quá nặng để mở", "Máy chủ cần quá nhiều công sức để mở tệp này nên đã dừng.", _AS_JPG)
MANY_SCANS = Problem("Ảnh quá nặng để mở", "Tệp JPG này được ghi thành quá nhiều lớp nên máy chủ không mở.", _AS_JPG)
LARGE_WEBP = Problem(
    "Ảnh quá lớn",
    f"Máy chủ nhận ảnh WebP tối đa {nbsp(f'{WEBP_PIXELS_MOST // 1_000_000} triệu')} điểm ảnh.",
    "Bạn gửi ảnh JPG hoặc HEIC.",
)


def pixels(width: int, height: int) -> str:
    """4.032 × 3.024 px."""
    return nbsp(f"{vn_number(width)} × {vn_number(height)} px")


def fitted(width: int, height: int, long_edge: int) -> tuple[int, int]:
    """The size in which a picture fits `long_edge` with its proportions; never larger than it is."""
    longest = max(width, height)
    if longest <= long_edge:
        return width, height
    return max(1, round(width * long_edge / longest)), max(1, round(height * long_edge / longest))


def missing(
    *, state: PhotoState, title: str, theme: str, caption: str, params: PhotoParams, leaks: Iterable[Leak] = ()
) -> Mapping[str, str]:
    """What stands in the way of handing in, as a sentence by field; the field "photo" is the picture itself.

    `leaks` are those still open.
    """
    found: dict[str, str] = {}
    if state is PhotoState.PROCESSING:
        found["photo"] = "Ảnh đang được kiểm tra. Bạn chờ vài giây rồi bấm Nộp tác phẩm lần nữa."
    elif state is PhotoState.REFUSED:
        found["photo"] = "Tấm ảnh này không dùng được. Bạn bỏ bản nháp này và gửi tấm khác."
    if not title:
        found["title"] = "Bạn đặt tên cho tác phẩm."
    if theme not in params.themes:
        found["theme"] = "Bạn chọn một chủ đề."
    words = count_words(caption)
    if not words:
        found["caption"] = "Bạn viết chú thích: nơi chụp, bối cảnh, thời gian."
    elif words > params.caption_words:
        found["caption"] = (
            f"Chú thích có {vn_number(words)} từ, thể lệ cho tối đa {params.caption_words} từ. Bạn rút gọn lại."
        )
    for leak in leaks:
        if leak.own:
            said = f"Chỗ này nêu “{leak.words}”, là {leak.what}. Bạn sửa đi, hoặc giữ nguyên và chờ Ban Tổ chức xem."
            found.setdefault(leak.field, said)
    return found


STATE_WORDS = {
    PhotoState.PROCESSING: "Đã nhận, đang kiểm tra",
    PhotoState.READY: "Đã nhận, đúng quy định",
    PhotoState.REFUSED: "Không dùng được",
}


def format_of_media(media_type: str) -> Format:
    """The kind of file of a media type; raises KeyError for one that is not taken."""
    return {kind.media_type: kind for kind in Format}[media_type]


def asked(params: PhotoParams) -> list[str]:
    """What a round asks of a photograph, as sentences."""
    themes = ", ".join(params.themes)
    return [
        f"Ảnh đơn, tối đa {params.entries} tác phẩm mỗi người."
        if params.entries
        else "Ảnh đơn, không giới hạn số tác phẩm.",
        f"Chủ đề: {themes}.",
        f"Tệp JPG, PNG, WebP hoặc HEIC, tối đa {nbsp(f'{params.megabytes} MB')} mỗi tấm.",
        f"Cạnh dài từ {nbsp(f'{vn_number(params.long_edge)} px')}.",
        "Gửi tệp gốc từ máy đã chụp; không chèn tên, chữ ký, khung; không cắt ghép, không dùng ảnh do máy tạo ra.",
        f"Chú thích tối đa {params.caption_words} từ: nơi chụp, bối cảnh, thời gian.",
        "Giám khảo không thấy tên bạn. Vị trí chụp và mọi thông tin trong tệp bị xóa khỏi ảnh trưng bày.",
    ]


_ORDER = re.compile(r"[0-9a-f]{16}")


def order_of(text: str) -> str:
    """The name of the shuffle that an address asks for; a new one from the system's secure source where it names none."""
    return text if _ORDER.fullmatch(text) else secrets.token_hex(8)


def shuffled(ids: Iterable[int], *, order: str, secret: str) -> list[int]:
    """The ids in the shuffle of that name: the same each time, and without the site's secret nobody tells from it how the ids compare."""
    key = hashlib.sha256(f"gallery:{secret}".encode()).digest()
    return sorted(ids, key=lambda id_: hashlib.blake2b(f"{order}:{id_}".encode(), key=key, digest_size=16).digest())
