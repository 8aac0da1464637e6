"""Each kind of file is named for what it is, whatever its ending says."""

import io
import zipfile

import pytest

from contest.core import file_kinds
from contest.photo import rules


def ole(stream: str, clsid: str = "") -> bytes:
    """The head of an old Office file: its header, then a directory with a root and a stream."""
    header = bytearray(512)
    header[:8], header[30:32] = file_kinds.OLE, (9).to_bytes(2, "little")
    root = bytearray(128)
    root[80:96] = bytes.fromhex(clsid) if clsid else bytes(16)
    return bytes(header + root) + (stream + "\0").encode("utf-16-le").ljust(128, b"\0")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ole("WordDocument"), ".doc)"),
        (ole("Workbook"), ".xls)"),
        (ole("Book"), ".xls)"),
        (ole("PowerPoint Document"), ".ppt)"),
        (ole("WordDocument", "2008020000000000c000000000000046"), ".xls)"),
        (ole("__properties_version1.0"), ".msg)"),
        (ole("Khác"), "đời cũ"),
        (file_kinds.OLE, "đời cũ"),
    ],
)
def test_old_office_files_are_told_apart(content: bytes, words: str) -> None:
    assert words in file_kinds.old_office(content)


def zipped(**members: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as box:
        for name, content in members.items():
            box.writestr(name, content)
    return kept.getvalue()


def typed(kind: str) -> bytes:
    return zipped(**{"[Content_Types].xml": f'<Types><Override ContentType="application/{kind}+xml"/></Types>'})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (typed("vnd.openxmlformats-officedocument.wordprocessingml.document.main"), ""),
        (typed("vnd.ms-word.document.macroEnabled.main"), ".docm"),
        (typed("vnd.ms-word.template.macroEnabledTemplate.main"), ".dotm"),
        (typed("vnd.openxmlformats-officedocument.wordprocessingml.template.main"), ".dotx"),
        (typed("vnd.openxmlformats-officedocument.spreadsheetml.sheet.main"), ".xlsx"),
        (typed("vnd.ms-excel.sheet.macroEnabled.main"), ".xlsx"),
        (typed("vnd.openxmlformats-officedocument.presentationml.presentation.main"), ".pptx"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), ".odt"),
        (zipped(mimetype="application/epub+zip"), ".epub"),
        (zipped(**{"Index/Document.iwa": ""}), "Pages"),
        (zipped(**{"a.txt": ""}), "tệp nén"),
    ],
)
def test_packed_files_are_told_apart(content: bytes, words: str) -> None:
    found = file_kinds.packed(content)
    assert words in found
    assert bool(words) is bool(found)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\0\0\0\x18ftypmif2\0\0\0\0mif2miaf", "HEIF"),
        (b"\0\0\0\x18ftypMiHE\0\0\0\0MiHEmif1", "HEIF"),
        (b"\0\0\0\x18ftypavci\0\0\0\0avcimif1", "HEIF"),
        (b"\0\0\0\x18ftypabcd\0\0\0\0abcdheic", "HEIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommif1", "video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "CR3"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42", "âm thanh"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "AVIF"),
        (file_kinds.OLE, ".xls"),
        (b"PK\x03\x04", "Office"),
    ],
)
def test_files_that_are_no_photographs_are_told_apart(head: bytes, words: str) -> None:
    assert rules.format_of(head) is None
    assert words in rules.stranger(head).happened
