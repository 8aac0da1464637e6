"""QTI 2.1, 2.2 and 3.0: single items and content packages in, packages out; `qti_item` reads one item.

A package is a .zip whose imsmanifest.xml lists the items in order, with what QTI itself has no place for as LOM
metadata: keywords (our tags), difficulty, classification (our chapter), the work it is based on (our source).
"""

import posixpath
from typing import Any
from urllib.parse import unquote

from question_bank import shortening
from question_bank.formats import images, qti_item, xml_source
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
_SIGNS = ("assessmentItem", "qti-assessment-item", "assessmentTest", "qti-assessment-test", "questestinterop")
_OTHER_ROOTS = {
    "questestinterop": "Đây là QTI 1.2, không đọc được. Hãy xuất lại ở dạng QTI 2.1 trở lên, Moodle XML hoặc GIFT.",
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
        if name.lower().endswith(".xml") and name not in listed and not posixpath.basename(name).startswith("._")
    )
    for name in (*listed, *(name for name in rest if name != manifest)):
        if gathering.count >= MAX_ITEMS:
            gathering.problems.append(Problem(None, TOO_MANY))
            return
        try:
            content = archive.read(name)
        except ArchiveError as error:
            gathering.problems.append(Problem(None, str(error)))
            continue
        _read_document(content, name, listed.get(name), gathering)


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
        if "item" not in (qti_item.attribute(resource, "type") or ""):
            continue
        href = unquote(qti_item.attribute(resource, "href") or "")
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
    items = [element for element in source.root.iter() if qti_item.name_of(element) == "assessmentitem"]
    if not items and (not name or resource is not None):
        root = qti_item.name_of(source.root)
        message = _OTHER_ROOTS.get(root, "Tệp XML này không chứa câu hỏi QTI nào.")
        gathering.problems.append(_named(Problem(1, message), name))
    for item in items:
        if gathering.count >= MAX_ITEMS:
            gathering.problems.append(_named(Problem(item.sourceline, TOO_MANY), name))
            return
        _read_item(item, name, resource, gathering)


def _read_item(item: Any, name: str, resource: Any, gathering: _Gathering) -> None:
    line = item.sourceline or 1
    notes: list[str] = []
    try:
        question = qti_item.question(item, notes, _finder(gathering.pictures, name))
        question = question if resource is None else described(question, resource, notes)
    except qti_item.NotHeld as error:
        gathering.unsupported.append(Unsupported(line, error.kind, _prefixed(error.message, name)))
    except QuestionError as error:
        messages = dict.fromkeys((*error.messages, *notes))
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

    def get(self, name: str) -> bytes | None:
        """The bytes of a member, None where there is none. Raises images.Lost."""
        entry = self._archive.members.get(name)
        return None if entry is None else self._members.get(name, entry.file_size)


def _finder(pictures: _Pictures | None, name: str) -> images.Finder:
    """Finds the pictures of the item file `name`, whose addresses are relative to it."""

    def find(address: str) -> bytes:
        member = posixpath.normpath(posixpath.join(posixpath.dirname(name), images.path(address)))
        content = pictures.get(member) if pictures is not None else None
        if content is None:
            raise images.missing(address)
        return content

    return find


def _named(problem: Problem, name: str) -> Problem:
    return Problem(problem.line, _prefixed(problem.message, name), problem.kept)


def _prefixed(message: str, name: str) -> str:
    return f"Tệp {name[-100:]}: {message}" if name else message
