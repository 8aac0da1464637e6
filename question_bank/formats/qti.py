"""QTI 1.2 to 3.0: single items and content packages in, packages of 2.1 and later out; `qti_item` and `qti12_item` read one item.

A package is a .zip whose imsmanifest.xml lists the items in order, with what QTI itself has no place for as LOM
metadata: keywords (our tags), difficulty, classification (our chapter), the work it is based on (our source).
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from question_bank import shortening
from question_bank.formats import images, qti12_item, qti_item, xml_source
from question_bank.formats.archive import Archive, ArchiveError, open_archive
from question_bank.formats.qti_metadata import described
from question_bank.formats.qti_writing import write_2_1, write_2_2, write_3_0
from question_bank.schema import (
    MAX_ITEMS,
    TOO_MANY,
    Parsed,
    Problem,
    Question,
    QuestionError,
    Unsupported,
)

__all__ = ["read", "recognises", "write_2_1", "write_2_2", "write_3_0"]

MANIFEST = "imsmanifest.xml"
# How Canvas and Blackboard begin the address of a file of the package.
_BASE = re.compile(r"/?(?:\$|%24)IMS[-_]CC[-_]FILEBASE(?:\$|%24)/*|@X@EmbeddedFile\.[A-Za-z]+@X@/*", re.IGNORECASE)
_XID = re.compile(r"xid-\d+_\d+")
_SIGNS = ("assessmentItem", "qti-assessment-item", "assessmentTest", "qti-assessment-test", "questestinterop")
_ITEM_TYPES = ("item", "imsqti_xmlv1p", "x-bb-qti")
_OTHER_ROOTS = {
    "questestinterop": "Tệp QTI 1.2 này không chứa câu hỏi nào.",
    "manifest": "Đây chỉ là tệp mục lục của gói QTI. Hãy tải lên cả gói .zip.",
    "assessmenttest": "Đây là đề thi QTI, không chứa câu hỏi. Hãy tải lên cả gói .zip có các câu hỏi.",
}


class _Gathering:
    """What has been read so far, of one file or of a whole package; `pictures` are those of the package."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.problems: list[Problem] = []
        self.unsupported: list[Unsupported] = []
        self.pictures: _Pictures | None = None
        self.long_chapters: set[str] = set()

    @property
    def count(self) -> int:
        """How many items have been met."""
        return len(self.questions) + len(self.unsupported)

    def parsed(self) -> Parsed:
        """The result as the bank takes it."""
        return Parsed(tuple(self.questions), tuple(self.problems), tuple(self.unsupported))


def recognises(data: bytes, head: str) -> bool:
    """Whether a file is a QTI document, or a package with a manifest or with QTI items in it."""
    if data.startswith(b"PK"):
        return MANIFEST.encode() in data or (b".xml" in data[-65_536:] and b"[Content_Types].xml" not in data)
    return head.lstrip().startswith("<") and any(sign in head for sign in _SIGNS)


def read(data: str | bytes) -> Parsed:
    """The choice items of a QTI file or package; an item that cannot be used is told and the next one is read."""
    gathering = _Gathering()
    if isinstance(data, bytes) and data.startswith(b"PK"):
        try:
            _read_package(open_archive(data), gathering)
        except ArchiveError as error:
            gathering.problems.append(Problem(None, str(error)))
    else:
        _read_document(data, "", None, gathering)
    return gathering.parsed()


def _read_package(archive: Archive, gathering: _Gathering) -> None:
    gathering.pictures = _Pictures(archive)
    manifest = min(
        (name for name in archive.members if posixpath.basename(name).lower() == MANIFEST), key=len, default=""
    )
    listed: dict[str, Any] = {}
    if manifest:
        listed = _listed(archive, manifest, gathering)
    else:
        message = f"Gói thiếu mục lục {MANIFEST}: các tệp câu hỏi được đọc theo thứ tự tên."
        gathering.problems.append(Problem(None, message, kept=True))
    rest = sorted(
        name
        for name in archive.members
        if name.lower().endswith((".xml", ".qti"))
        and name not in listed
        and not posixpath.basename(name).startswith("._")
    )
    for name in _once([*listed, *(name for name in rest if name != manifest)]):
        if gathering.count >= MAX_ITEMS:
            gathering.problems.append(Problem(None, TOO_MANY))
            return
        try:
            content = archive.read(name)
        except ArchiveError as error:
            gathering.problems.append(Problem(None, str(error)))
            continue
        _read_document(content, name, listed.get(name), gathering)


def _once(names: list[str]) -> list[str]:
    """The files without those of which Canvas puts a fuller copy beside them, for itself."""
    copies = {posixpath.basename(name).lower().removesuffix(".qti") for name in names if name.lower().endswith(".qti")}
    return [name for name in names if name.lower().rpartition("/")[2] not in copies and _stem_of(name) not in copies]


def _stem_of(name: str) -> str:
    """What Canvas calls the copy of an assessment: the folder that a cartridge gives it."""
    folder, _, base = name.rpartition("/")
    return f"{posixpath.basename(folder)}.xml".lower() if base.lower() in ("assessment_qti.xml", "qti.xml") else ""


def _listed(archive: Archive, manifest: str, gathering: _Gathering) -> dict[str, Any]:
    """The item files in the manifest's order, each with its resource element."""
    try:
        source = xml_source.parse(archive.read(manifest))
    except ArchiveError as error:
        gathering.problems.append(Problem(None, str(error)))
        return {}
    gathering.problems.extend(_named(problem, manifest) for problem in source.problems)
    if source.root is None:
        if source.fault:
            gathering.problems.append(_named(source.fault, manifest))
        return {}
    found: dict[str, Any] = {}
    folder = posixpath.dirname(manifest)
    for resource in qti_item.below(source.root, "resource"):
        kind = (qti_item.attribute(resource, "type") or "").lower()
        if not any(word in kind for word in _ITEM_TYPES):
            continue
        href = unquote(qti_item.attribute(resource, "href") or qti_item.attribute(resource, "file") or "")
        if not href:
            href = next(
                (unquote(qti_item.attribute(file, "href") or "") for file in qti_item.below(resource, "file")), ""
            )
        name = posixpath.normpath(posixpath.join(folder, href))
        if name in archive.members:
            found.setdefault(name, resource)
        else:
            message = f"Mục lục nhắc tới tệp {href[:100]} nhưng trong gói không có."
            gathering.problems.append(_named(Problem(resource.sourceline, message), manifest))
    return found


def _read_document(data: str | bytes, name: str, resource: Any, gathering: _Gathering) -> None:
    source = xml_source.parse(data)
    gathering.problems.extend(_named(problem, name) for problem in source.problems)
    if source.root is None:
        if source.fault:
            gathering.problems.append(_named(source.fault, name))
        return
    old = qti_item.name_of(source.root) == "questestinterop"
    kind = "item" if old else "assessmentitem"
    items = [element for element in source.root.iter() if qti_item.name_of(element) == kind]
    if not items and (not name or resource is not None):
        root = qti_item.name_of(source.root)
        message = _OTHER_ROOTS.get(root, "Tệp XML này không chứa câu hỏi QTI nào.")
        gathering.problems.append(_named(Problem(1, message), name))
    for item in items:
        if gathering.count >= MAX_ITEMS:
            gathering.problems.append(_named(Problem(item.sourceline, TOO_MANY), name))
            return
        _read_item(item, name, None if old else resource, gathering, qti12_item if old else qti_item)


def _read_item(item: Any, name: str, resource: Any, gathering: _Gathering, reader: Any) -> None:
    line = item.sourceline or 1
    notes: list[str] = []
    try:
        question = reader.question(item, notes, _finder(gathering.pictures, name))
        question = question if resource is None else described(question, resource, notes)
    except qti_item.NotHeld as error:
        gathering.unsupported.append(Unsupported(line, error.kind, _prefixed(error.message, name)))
    except QuestionError as error:
        messages = images.refused(error.messages, notes)
        gathering.problems.extend(_named(Problem(line, message), name) for message in messages)
    else:
        gathering.questions.append(question)
        notes += shortening.told(question, gathering.long_chapters).values()
        gathering.problems.extend(_named(Problem(line, note, kept=True), name) for note in dict.fromkeys(notes))


class _Pictures:
    """The pictures of a package, by the names of its members."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._members = images.Members(archive.read, ArchiveError)
        self._named = {_plain(name): name for name in archive.members}

    def get(self, name: str) -> bytes | None:
        """The bytes of a member, None where there is none. Raises images.Lost."""
        held = next((known for known in self._candidates(name) if known), "")
        return self._members.get(held, self._archive.members[held].file_size) if held else None

    def _candidates(self, name: str) -> Iterator[str]:
        """The member of that name; letters composed otherwise, and another letter case, are the same name."""
        yield name if name in self._archive.members else ""
        yield self._named.get(_plain(name), "")
        if found := _XID.search(name):
            yield next(
                (known for known in self._archive.members if f"{found[0]}." in known or known.endswith(found[0])), ""
            )


def _finder(pictures: _Pictures | None, name: str) -> images.Finder:
    """Finds the pictures of the item file `name`, whose addresses are relative to it."""

    def find(address: str) -> bytes:
        asked, folder = images.path(address), posixpath.dirname(name)
        places = [posixpath.join(folder, asked)]
        if base := _BASE.match(asked):
            inside = asked[base.end() :]
            places = [posixpath.join(start, inside) for start in ("", "web_resources", folder)]
        found = (pictures.get(posixpath.normpath(place)) for place in places) if pictures is not None else ()
        content = next((content for content in found if content is not None), None)
        if content is None:
            raise images.missing(address)
        return content

    return find


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()


def _named(problem: Problem, name: str) -> Problem:
    return Problem(problem.line, _prefixed(problem.message, name), problem.kept)


def _prefixed(message: str, name: str) -> str:
    return f"Tệp {name[-100:]}: {message}" if name else message
