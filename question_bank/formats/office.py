"""Word and Excel files opened within limits of size, members and kind; the readers of both call it.

Only named parts are read and nothing is unpacked to disk. The zip module never yields more of a part than the directory
states, so that the stated sizes are bounds which a lying file cannot pass. Macros, links and outside parts are left alone.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from question_bank.formats.zipped import FAULTS, Fault, NotOpened, opened

MEMBERS_MOST = 2_000
PART_MOST = 24 * 1024 * 1024
TAGS_MOST = 2_000_000
_PIECE = 256 * 1024
_HEAD = 8_192
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?P<declared>[^>]*)\?>\s*)?(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*<[A-Za-z_]", re.DOTALL
)
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")
_FAULTS = (*FAULTS, etree.LxmlError)

DAMAGED = "Tệp bị hỏng hoặc không đúng dạng nên không đọc được. Hãy mở tệp, lưu lại rồi tải lên."
TOO_BIG = "Tệp giải nén ra lớn bất thường nên không được mở."
CROWDED = "Tệp có quá nhiều phần bên trong, thường là quá nhiều hình. Hãy chia thành nhiều tệp."
PACKED = "Tệp dùng cách nén không đọc được. Hãy mở tệp, lưu lại rồi tải lên."
LOCKED = "Tệp có đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi tải lên lại."
_SENTENCES = {
    Fault.DAMAGED: DAMAGED,
    Fault.CROWDED: CROWDED,
    Fault.LOCKED: LOCKED,
    Fault.TWICE: DAMAGED,
    Fault.PACKED: PACKED,
}


class Unreadable(Exception):
    """The file cannot be read; the message is a Vietnamese sentence that says why and what to do."""


class Package:
    """The parts of an Office file. Every method raises Unreadable, and nothing else, for what the file holds."""

    def __init__(self, data: bytes) -> None:
        try:
            self._box, members = opened(data, most=MEMBERS_MOST)
        except NotOpened as error:
            raise Unreadable(_SENTENCES[error.fault]) from None
        self._sizes = {name: member.file_size for name, member in members.items()}
        # Names of parts that differ in letter case alone are one name (ECMA-376 part 2, 6.2.2.3).
        self._named = {name.lower(): name for name in self._sizes}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts."""
        return tuple(self._sizes)

    def pieces(self, name: str, most: int = PART_MOST) -> Iterator[bytes]:
        """The bytes of an XML part, piece by piece; one with a document type or an odd encoding is refused."""
        if self._sizes.get(name, 0) > most:
            raise Unreadable(TOO_BIG)
        try:
            with self._box.open(name) as stream:
                head = stream.read(_HEAD)
                _must_be_plain(head)
                yield head
                while piece := stream.read(_PIECE):
                    yield piece
        except _FAULTS as error:
            raise Unreadable(DAMAGED) from error

    def tree(self, name: str) -> Any:
        """The root element of an XML part, without network, entities or huge nodes."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        tags = 0
        try:
            for piece in self.pieces(name):
                tags += piece.count(b"<")
                if tags > TAGS_MOST:
                    raise Unreadable(TOO_BIG)
                parser.feed(piece)
            return parser.close()
        except _FAULTS as error:
            raise Unreadable(DAMAGED) from error

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part ("" for the package) refers to inside the file: identifier to kind and part name."""
        folder, _, base = name.rpartition("/")
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        listing = self._named.get(listing.lower(), listing)
        found: dict[str, tuple[str, str]] = {}
        if listing not in self._sizes:
            return found
        for link in self.tree(listing):
            target = link.get("Target", "")
            if link.get("TargetMode") == "External" or not target:
                continue
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            path = self._named.get(path.lower(), path)
            if path in self._sizes:
                found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], path)
        return found

    def main(self) -> str:
        """The name of the part that holds the document itself."""
        for kind, path in self.related("").values():
            if kind == "officeDocument":
                return path
        raise Unreadable(DAMAGED)

    def content(self, name: str) -> bytes:
        """The bytes of a part that is no XML, such as a picture; the caller has looked at its size, and no more is unpacked."""
        try:
            with self._box.open(name) as stream:
                return stream.read(self.size(name) + 1)
        except _FAULTS as error:
            raise Unreadable(DAMAGED) from error

    def size(self, name: str) -> int:
        """The size that the directory states of a part, in bytes; 0 where there is none."""
        return self._sizes.get(name, 0)

    @property
    def has_macros(self) -> bool:
        """Whether the file carries macros; they are never looked at."""
        return any(name.lower().endswith("vbaproject.bin") for name in self._sizes)


def local(element: Any) -> str:
    """The name of an element without its namespace; strict and transitional files differ in nothing else."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """The value of an attribute whatever its namespace, or ""."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def holds(data: bytes, folder: str) -> bool:
    """Whether a zip has parts in `folder`, such as "word/"; a damaged one is told by its bytes."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            return any(name.startswith(folder) for name in box.namelist())
    except _FAULTS:
        return folder.encode() in data


def _must_be_plain(head: bytes) -> None:
    prolog = _PROLOG.match(head)
    if prolog is None:
        raise Unreadable(DAMAGED)
    encoding = _ENCODING.search(prolog["declared"] or b"")
    if encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise Unreadable(DAMAGED)
