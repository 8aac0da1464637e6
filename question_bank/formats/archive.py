"""Zip files that strangers made, opened within bounds and never unpacked to disk; formats that are packages call it."""

import zipfile
from dataclasses import dataclass
from itertools import pairwise

from question_bank.formats.zipped import FAULTS, Fault, NotOpened, opened

MAX_MEMBERS = 25_000
MAX_TOTAL = 100_000_000  # bytes, unpacked
MAX_MEMBER = 10_000_000  # bytes, unpacked
MAX_RATIO = 200
_SMALL = 200_000  # bytes; what is smaller may be packed as tightly as it likes
_SENTENCES = {
    Fault.DAMAGED: "Gói .zip bị hỏng hoặc chưa tải lên hết. Hãy nén lại rồi tải lên lần nữa.",
    Fault.CROWDED: f"Gói có quá nhiều tệp: nhiều nhất {MAX_MEMBERS} tệp.",
    Fault.LOCKED: "Gói được đặt mật khẩu nên không đọc được. Hãy nén lại không có mật khẩu.",
    Fault.TWICE: "Gói có hai tệp trùng tên nên không được đọc.",
    Fault.PACKED: "Gói dùng cách nén không đọc được. Hãy nén lại dạng .zip thông thường.",
}


class ArchiveError(ValueError):
    """A package that is not opened, or a member that is not read; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A package whose directory has been found in order; `members` maps names to their entries, folders left out."""

    zipped: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]

    def read(self, name: str) -> bytes:
        """One member's bytes. Raises ArchiveError where it is damaged or larger than it says; KeyError for no member."""
        entry = self.members[name]
        try:
            with self.zipped.open(entry) as stream:
                return stream.read(entry.file_size + 1)
        except FAULTS:
            raise ArchiveError(f"Tệp {name} trong gói bị hỏng nên không đọc được.") from None


def open_archive(data: bytes) -> Archive:
    """The package in `data`. Raises ArchiveError for one that is broken, locked, too large, or up to tricks."""
    try:
        zipped, members = opened(data, most=MAX_MEMBERS)
    except NotOpened as error:
        raise ArchiveError(_SENTENCES[error.fault]) from None
    for entry in members.values():
        _check(entry)
    if sum(entry.file_size for entry in members.values()) > MAX_TOTAL:
        raise ArchiveError(f"Nội dung gói khi giải nén lớn hơn {MAX_TOTAL // 1_000_000} MB nên không được đọc.")
    ordered = sorted(members.values(), key=lambda entry: entry.header_offset)
    for before, after in pairwise(ordered):
        if before.header_offset + before.compress_size > after.header_offset:
            raise ArchiveError("Các tệp trong gói chồng lên nhau nên gói không được đọc.")
    return Archive(zipped, members)


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/"):
        raise ArchiveError("Gói có tệp mang đường dẫn ra ngoài gói nên không được đọc.")
    if entry.file_size > MAX_MEMBER and name.lower().endswith((".xml", ".dat", ".qti")):
        raise ArchiveError(f"Gói có tệp lớn hơn {MAX_MEMBER // 1_000_000} MB khi giải nén nên không được đọc.")
    if entry.file_size > _SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise ArchiveError("Gói có tệp nén chặt bất thường nên không được đọc.")
