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
from dataclasses import dataclass
from pathlib import Path

from contest.core import file_kinds
from contest.core.forms import clean
from contest.core.uploads import View
from question_bank.formats import old_fonts

MEMBERS_MOST = 2000
UNPACKED_MOST = 50 * 1024 * 1024
XML_MOST = 16 * 1024 * 1024
TAGS_MOST = 400_000  # in one member; an essay of ten thousand words that Word cut to pieces has half as many
RATIO_MOST = 100
RATIO_FROM = 1024 * 1024
MEMORY_MOST = 640 * 1024 * 1024
_PIECE = 256 * 1024

SAVE_AS = "Bạn mở tệp bằng Word, chọn Lưu thành (Save As), kiểu Word Document (.docx), rồi tải lên lại."
COPY = "Bạn chép phần chữ của bài, dán vào một tệp Word mới, lưu thành .docx rồi tải lên lại."
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
_DAMAGED = "Tệp bị hỏng hoặc không phải là .docx nên không đọc được."
_NO_TEXT = "Tệp không có chữ nào. Chữ nằm trong ảnh chụp thì hệ thống không đọc được."
_EMBEDDED = "Chữ của bài nằm trong phần nhúng từ tệp khác nên hệ thống không đọc được."
_OLD_FONT = "Bài gõ bằng phông cũ (.VnTime, VNI), chưa phải Unicode, nên giám khảo sẽ đọc ra chữ sai dấu."
CONVERT = (
    "Bạn chuyển bài sang Unicode: chép cả bài, bấm Ctrl+Shift+F6 trong UniKey, chọn nguồn TCVN3 hoặc VNI Windows, "
    "đích Unicode, rồi dán lại vào Word và tải lên. Hoặc gõ bài ngay trong trang."
)
_TOO_BIG = "Tệp giải nén ra lớn bất thường nên hệ thống không mở."


class Unreadable(Exception):
    """The file gives no text; `happened` and `todo` say why and what to do, in Vietnamese."""

    def __init__(self, happened: str, todo: str = SAVE_AS) -> None:
        super().__init__(happened)
        self.happened = happened
        self.todo = todo


def must_look_right(content: View) -> None:
    """Raise Unreadable when the first bytes already tell that this is no .docx; cheap enough for a request."""
    head = content[:64]
    if not head:
        raise Unreadable("Tệp trống, không có nội dung nào.", "Bạn chọn lại đúng tệp bài viết.")
    if head.startswith(file_kinds.OLE):
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise Unreadable("Tệp có đặt mật khẩu nên hệ thống không đọc được.", "Bạn bỏ mật khẩu rồi tải lên lại.")
        raise _another(file_kinds.old_office(content))
    for start, words in _BY_START:
        if head.startswith(start):
            raise Unreadable(words)
    if not head.startswith(b"PK"):
        raise Unreadable("Đây không phải là tệp .docx.")


@dataclass(frozen=True)
class Reading:
    """The cleaned text of a .docx, a paragraph a line, and in sentences what of it is not as it would print."""

    text: str
    told: str = ""


def read(content: bytes) -> Reading:
    """What a .docx says; raises Unreadable for everything else. May take seconds: for workers only."""
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
            _must_be_word(box, names, content)
            unpacked = 0
            for member in members:
                unpacked = _unpack(box, member, unpacked)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Unreadable(_DAMAGED) from error


def _strange(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _must_be_word(box: zipfile.ZipFile, names: list[str], content: bytes) -> None:
    if any(box.getinfo(name).flag_bits & 0x1 for name in names):
        raise Unreadable("Tệp có đặt mật khẩu nên hệ thống không đọc được.", "Bạn bỏ mật khẩu rồi tải lên lại.")
    kind = file_kinds.packed(content)
    if kind:
        raise _another(kind)


def _another(kind: str) -> Unreadable:
    """Another kind of file, named; what Word opens can be saved as a .docx, from the others the text has to be copied."""
    return Unreadable(
        f"Đây là {kind}, chưa phải tệp văn bản .docx.", SAVE_AS if "Word" in kind or ".odt" in kind else COPY
    )


def _unpack(box: zipfile.ZipFile, member: zipfile.ZipInfo, before: int) -> int:
    xml = member.filename.endswith((".xml", ".rels"))
    size = tags = 0
    tail = b""
    with box.open(member) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if before + size > UNPACKED_MOST or (xml and size > XML_MOST):
                raise Unreadable(_TOO_BIG)
            if size > RATIO_FROM and size > RATIO_MOST * max(1, member.compress_size):
                raise Unreadable(_TOO_BIG)
            bare = (tail + piece).replace(b"\0", b"") if xml else b""  # Without them, UTF-16 reads like the rest.
            tags += bare.count(b"<")
            if tags > TAGS_MOST:
                raise Unreadable(_TOO_BIG)
            if b"<!" in bare and re.search(rb"<!(DOCTYPE|ENTITY)", bare):
                raise Unreadable(_DAMAGED)
            tail = piece[-40:]
    return before + size


def _walk(content: bytes) -> Reading:
    """The text of the body. What walks it is loaded here: the processes that answer people never need it."""
    from contest.essay import docx_body

    try:
        found = docx_body.written(content)
    except docx_body.Damaged as error:
        raise Unreadable(_DAMAGED) from error
    text = re.sub(r"\n{3,}", "\n\n", clean("\n".join(found.lines))).strip()
    if not text:
        raise Unreadable(
            _EMBEDDED if docx_body.EMBEDDED in found.told else _NO_TEXT,
            "Bạn gõ bài ngay trong trang, hoặc tải lên tệp .docx có chữ.",
        )
    if old_fonts.written_for(text) or old_fonts.written_for(" ".join(found.old_words)):
        raise Unreadable(_OLD_FONT, CONVERT)
    return Reading(text, " ".join(found.told))


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
