"""XML that strangers wrote, parsed without entities, network or size tricks; the XML formats call it."""

import re
from dataclasses import dataclass, field
from html.entities import html5
from typing import Any

from lxml import etree

from question_bank.formats.decoding import decode, normalize
from question_bank.schema import Problem

_DECLARATION = re.compile(r"\A\s*<\?xml\b([^>]*)\?>")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ROOT = re.compile(r"<[^\W\d]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*([\[>])?", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_NUMERIC = re.compile(r"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}));")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BARE_AND = re.compile(r"&(?!#?\w{1,32};)")
_OWN = frozenset(["lt", "gt", "amp", "quot", "apos"])

REFUSED_ENTITIES = (
    "Tệp XML khai báo thực thể (DTD) nên không được đọc, vì khai báo ấy có thể gây hại. Hãy xóa phần <!DOCTYPE>."
)
REPAIRED = "Tệp có ký tự hoặc tên thực thể mà XML không cho phép; đã sửa khi đọc. Hãy xem lại các câu hỏi."


@dataclass(slots=True)
class Source:
    """A parsed document: `text` as it was parsed (for counting lines), `root` its element or None where it is broken.

    `problems` holds remarks on what was repaired, and the refusal where `refused`; `fault` says where it is broken.
    """

    text: str
    root: Any = None
    problems: list[Problem] = field(default_factory=list)
    refused: bool = False
    fault: Problem | None = None

    def refuse(self, line: int) -> None:
        """Give the document up for the entities that it declares."""
        self.root, self.refused = None, True
        self.problems.append(Problem(line, REFUSED_ENTITIES))


def parse(data: str | bytes) -> Source:
    """The document, repaired where only characters or names of entities are at fault; never raises for what it holds."""
    text, remarks = _decoded(data) if isinstance(data, bytes) else (normalize(data, compose=False), ())
    text = _NOT_TEXT.sub("", _DECLARATION.sub(_blank_lines, text, count=1))
    source = Source(text, problems=list(remarks))
    root = _ROOT.search(text)
    doctype = _DOCTYPE.search(text[: root.start()] if root else text)
    if doctype and doctype[1] != ">":
        source.refuse(1 + text.count("\n", 0, doctype.start()))
        return source
    try:
        source.root = element(text)
    except etree.XMLSyntaxError as error:
        repaired = _repaired(text)
        try:
            source.root = element(repaired)
        except etree.XMLSyntaxError:
            source.fault = Problem(error.lineno or None, f"Tệp XML hỏng từ dòng {error.lineno or 1}.")
        else:
            source.text = repaired
            source.problems.append(Problem(None, REPAIRED, kept=True))
    if source.root is not None and _declares_entities(source.root):
        source.refuse(1)
    return source


def element(text: str) -> Any:
    """The root of a piece of XML. Raises XMLSyntaxError."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    return etree.fromstring(text.encode(), parser)


def fragment(text: str) -> Any:
    """The root of a piece cut out of a broken document, or None where the piece itself is broken."""
    for candidate in (text, _repaired(text)):
        try:
            return element(candidate)
        except etree.XMLSyntaxError:
            continue
    return None


def _decoded(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text by its declared encoding where that is one of one byte a letter, else as any text is told."""
    declared = _ENCODING.match(data.lstrip()[:200])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name.startswith(("windows-", "cp125", "iso-8859", "latin")):
        try:
            return normalize(data.decode(name), compose=False), ()
        except (LookupError, UnicodeDecodeError):
            return decode(data, compose=False)
    return decode(data, compose=False)


def _declares_entities(root: Any) -> bool:
    dtd = root.getroottree().docinfo.internalDTD
    return dtd is not None and any(True for _ in dtd.iterentities())


def _repaired(text: str) -> str:
    """The text with HTML's names of entities and bare "&" put right, what stands in CDATA aside."""
    pieces, position = [], 0
    while True:
        start = text.find("<![CDATA[", position)
        end = text.find("]]>", start) if start >= 0 else -1
        piece = text[position : start if end >= 0 else len(text)]
        pieces.append(_BARE_AND.sub("&amp;", _NUMERIC.sub(_codepoint, _ENTITY.sub(_character, piece))))
        if end < 0:
            return "".join(pieces)
        pieces.append(text[start:end])
        position = end


def _character(match: re.Match[str]) -> str:
    if match[1] in _OWN:
        return match[0]
    found = html5.get(match[1] + ";")
    if found is None:
        return f"&amp;{match[1]};"
    return match[0] if found in ("<", ">", "&") else found


def _codepoint(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    if number > 0x10FFFF or _NOT_TEXT.match(chr(number)):
        return ""
    return match[0]


def _blank_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
