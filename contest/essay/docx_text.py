"""Takes the plain text out of a stranger's .docx within limits of size, members, memory and kind; the worker's job calls it.

A real Vietnamese document may keep all its text in tables, text boxes or content controls, so that every paragraph of the body is walked,
wherever it stands.
"""

import io
import re
import resource
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contest.core.forms import clean

MEMBERS_MOST = 2000
UNPACKED_MOST = 50 * 1024 * 1024
XML_MOST = 16 * 1024 * 1024
RATIO_MOST = 100
RATIO_FROM = 1024 * 1024
MEMORY_MOST = 640 * 1024 * 1024
_PIECE = 256 * 1024

SAVE_AS = "Bạn mở tệp bằng Word, chọn Lưu thành (Save As), kiểu Word Document (.docx), rồi tải lên lại."
_BY_START = (
    (b"%PDF", "Đây là tệp PDF, hệ thống chỉ đọc được chữ từ tệp .docx."),
    (b"{\\rtf", "Đây là tệp RTF, chưa phải .docx."),
    (b"\xff\xd8\xff", "Đây là một tấm ảnh, chưa phải tệp văn bản .docx."),
    (b"\x89PNG", "Đây là một tấm ảnh, chưa phải tệp văn bản .docx."),
    (b"GIF8", "Đây là một tấm ảnh, chưa phải tệp văn bản .docx."),
    (b"RIFF", "Đây là tệp ảnh hoặc âm thanh, chưa phải tệp văn bản .docx."),
    (b"BM", "Đây là một tấm ảnh, chưa phải tệp văn bản .docx."),
    (b"II*\x00", "Đây là một tấm ảnh, chưa phải tệp văn bản .docx."),
    (b"MM\x00*", "Đây là một tấm ảnh, chưa phải tệp văn bản .docx."),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED = "Tệp bị hỏng hoặc không phải là .docx nên không đọc được."
_TOO_BIG = "Tệp giải nén ra lớn bất thường nên hệ thống không mở."


class Unreadable(Exception):
    """The file gives no text; `happened` and `todo` say why and what to do, in Vietnamese."""

    def __init__(self, happened: str, todo: str = SAVE_AS) -> None:
        super().__init__(happened)
        self.happened = happened
        self.todo = todo


def must_look_right(content: bytes) -> None:
    """Raise Unreadable when the first bytes already tell that this is no .docx; cheap enough for a request."""
    if not content:
        raise Unreadable("Tệp trống, không có nội dung nào.", "Bạn chọn lại đúng tệp bài viết.")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("Tệp có đặt mật khẩu nên hệ thống không đọc được.", "Bạn bỏ mật khẩu rồi tải lên lại.")
        raise Unreadable("Đây là tệp Word đời cũ (.doc).", SAVE_AS)
    for start, words in _BY_START:
        if content.startswith(start):
            raise Unreadable(words)
    if not content.startswith(b"PK"):
        raise Unreadable("Đây không phải là tệp .docx.")


def text_of(content: bytes) -> str:
    """The cleaned text of a .docx, a paragraph a line; raises Unreadable for everything else. May take seconds: for workers only."""
    must_look_right(content)
    with _memory_limit():
        try:
            _must_be_harmless(content)
            return _walk(content)
        except MemoryError as error:
            raise Unreadable(_TOO_BIG) from error


def _must_be_harmless(content: bytes) -> None:
    """Count what unpacks while unpacking it; no size that the file states about itself is believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            members = box.infolist()
            if len(members) > MEMBERS_MOST:
                raise Unreadable(_TOO_BIG)
            names = [member.filename for member in members]
            if len(set(names)) != len(names) or any(_strange(name) for name in names):
                raise Unreadable(_DAMAGED)
            _must_be_word(box, names)
            unpacked = 0
            for member in members:
                unpacked = _unpack(box, member, unpacked)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Unreadable(_DAMAGED) from error


def _strange(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _must_be_word(box: zipfile.ZipFile, names: list[str]) -> None:
    if any(box.getinfo(name).flag_bits & 0x1 for name in names):
        raise Unreadable("Tệp có đặt mật khẩu nên hệ thống không đọc được.", "Bạn bỏ mật khẩu rồi tải lên lại.")
    if "[Content_Types].xml" in names:
        if any(name.startswith(("xl/", "ppt/")) for name in names) and not any(n.startswith("word/") for n in names):
            raise Unreadable("Đây là tệp bảng tính hoặc trình chiếu, chưa phải tệp văn bản .docx.")
        return
    if "mimetype" in names:
        raise Unreadable("Đây là tệp OpenDocument, chưa phải .docx.")
    raise Unreadable("Đây là tệp nén, không phải tệp văn bản .docx.")


def _unpack(box: zipfile.ZipFile, member: zipfile.ZipInfo, before: int) -> int:
    xml = member.filename.endswith((".xml", ".rels"))
    size = 0
    tail = b""
    with box.open(member) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if before + size > UNPACKED_MOST or (xml and size > XML_MOST):
                raise Unreadable(_TOO_BIG)
            if size > RATIO_FROM and size > RATIO_MOST * max(1, member.compress_size):
                raise Unreadable(_TOO_BIG)
            if xml and b"<!" in (tail + piece) and re.search(rb"<!(DOCTYPE|ENTITY)", tail + piece):
                raise Unreadable(_DAMAGED)
            tail = piece[-16:]
    return before + size


def _walk(content: bytes) -> str:
    """The text of the body. What walks it is loaded here: the processes that answer people never need it."""
    from contest.essay import docx_body

    try:
        text = clean("\n".join(docx_body.lines(content)))
    except docx_body.Damaged as error:
        raise Unreadable(_DAMAGED) from error
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if not text:
        raise Unreadable(
            "Tệp không có chữ nào. Chữ nằm trong ảnh chụp thì hệ thống không đọc được.",
            "Bạn gõ bài ngay trong trang, hoặc tải lên tệp .docx có chữ.",
        )
    return text


@contextmanager
def _memory_limit() -> Iterator[None]:
    """Let this process grow by MEMORY_MOST and no more, where the system can say how large it is."""
    status = Path("/proc/self/statm")
    if not status.exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = int(status.read_text().split()[0]) * resource.getpagesize() + MEMORY_MOST
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
