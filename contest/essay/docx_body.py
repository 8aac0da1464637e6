"""Walks the body of a .docx that was found harmless and takes its text as Word would print it; docx_text calls it in a worker.

Elements are known by their local names, so that files of the Strict kind read like all others. Every element is met once, whatever lies in what.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from contest.essay import docx_chunk
from contest.essay.docx_look import Looks, local, told_by
from question_bank.formats import docx_fields, formulas, symbol_fonts
from question_bank.formats.docx_fields import Fields

# What does not print: what was deleted or moved away, and the older copy that Word keeps of a text box.
_UNPRINTED = frozenset(["moveFrom", "del", "Fallback", "sectPr", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr"])
_PLAIN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}

NOTED = "Chú thích được đưa xuống cuối bài, đánh số trong ngoặc vuông."
FORMULA = "Công thức được viết thành chữ trên một dòng."
SIGN = f"Có ký hiệu không đọc được, được thay bằng “{symbol_fonts.UNKNOWN}”."
EMBEDDED = "Có phần nhúng từ tệp khác không đọc được."


class Damaged(Exception):
    """What the file holds is no document that can be walked."""


@dataclass
class Written:
    """The lines of a document, what was read in another shape than it is printed (sentences), and its words in fonts of before Unicode."""

    lines: list[str] = field(default_factory=list)
    told: dict[str, None] = field(default_factory=dict)
    old_words: list[str] = field(default_factory=list)


def written(content: bytes) -> Written:
    """What stands in the body, in order, its notes behind it; raises Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            main = _main(box)
            root = _tree(box, main)
            body = next((child for child in root if local(child) == "body"), None)
            if local(root) != "document" or body is None:
                raise Damaged
            walker = _Walker(box, _links(box, main))
            walker.blocks(body)
            walker.notes()
            return walker.found
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        LookupError,
        ValueError,
        EOFError,
        RuntimeError,
        OSError,
    ) as error:
        raise Damaged from error


class _Walker:
    def __init__(self, box: zipfile.ZipFile, links: dict[str, tuple[str, str]]) -> None:
        self.found = Written()
        self._box = box
        self._links = links
        self._looks = Looks(self._part("styles"))
        self._noted: dict[tuple[str, str], int] = {}
        self._style = ""
        self._fields = Fields()

    def blocks(self, container: Any) -> None:
        """Add the lines of every paragraph in a body, table, text box or control."""
        for child in container:
            name = local(child)
            if name == "p":
                self._paragraph(child)
            elif name == "altChunk":
                self._chunk(child)
            elif name not in _UNPRINTED:
                self.blocks(child)

    def notes(self) -> None:
        """Add the notes that the text so far names, each behind its number."""
        sources = {kind: self._part(kind) for kind in dict.fromkeys(kind for kind, _ in self._noted)}
        for (kind, wanted), number in list(self._noted.items()):
            root = sources[kind]
            note = next((n for n in root if told_by(n, "id") == wanted), None) if root is not None else None
            if note is None:
                continue
            first = len(self.found.lines)
            self.blocks(note)
            self.found.lines[first:] = [f"[{number}] {' '.join(self.found.lines[first:]).strip()}"]
            self.found.told[NOTED] = None

    def _paragraph(self, paragraph: Any) -> None:
        properties = next((child for child in paragraph if local(child) == "pPr"), None)
        style = (
            next((told_by(child, "val") for child in properties if local(child) == "pStyle"), "")
            if properties is not None
            else ""
        )
        outer = (self._style, self._fields)
        self._style, self._fields = style, Fields()
        pieces: list[str] = []
        boxes: list[Any] = []
        self._inline(paragraph, pieces, boxes)
        self.found.lines += "".join(pieces).split("\n")
        for inner in boxes:
            self._paragraph(inner)
        self._style, self._fields = outer

    def _inline(self, element: Any, pieces: list[str], boxes: list[Any]) -> None:
        for child in element:
            name = local(child)
            if name == "r" and not child.tag.endswith("/math}r"):
                self._run(child, pieces, boxes)
            elif name == "p":
                boxes.append(child)
            elif name == "fldSimple" and len(child) == 0:
                pieces.append(self._sign(docx_fields.drawn(told_by(child, "instr"))[0]))
            elif name in ("oMath", "oMathPara"):
                pieces.append(_formula(child))
                self.found.told[FORMULA] = None
            elif name not in _UNPRINTED:
                self._inline(child, pieces, boxes)

    def _run(self, run: Any, pieces: list[str], boxes: list[Any]) -> None:
        look = self._looks.of(run, self._style)
        if look.hidden:
            return
        for child in run:
            name = local(child)
            if name == "fldChar":
                pieces.append(self._field(told_by(child, "fldCharType")))
            elif name == "instrText":
                self._fields.code(child.text or "")
            elif self._fields.inside_code:
                continue
            elif name == "t":
                text = symbol_fonts.signs(child.text or "", look.font)
                pieces.append(self._sign(text))
                if look.old_font:
                    self.found.old_words += text.split()
            elif name in _PLAIN:
                pieces.append(_PLAIN[name])
            elif name == "sym":
                code = told_by(child, "char")
                pieces.append(self._sign(symbol_fonts.sign(int(code, 16) if code else 0, told_by(child, "font"))))
            elif name in _NOTES:
                note = (_NOTES[name], told_by(child, "id"))
                if self._part(note[0]) is not None:
                    pieces.append(f" [{self._noted.setdefault(note, len(self._noted) + 1)}]")
            elif name not in _UNPRINTED:
                self._inline(child, [], boxes)

    def _field(self, kind: str) -> str:
        """What a field shows that holds no result: Word draws a formula or a sign from its code."""
        if kind == "begin":
            self._fields.begin()
        elif kind == "separate":
            self._fields.divide()
        elif kind == "end":
            shown, told = docx_fields.drawn(self._fields.end())
            if shown and told:
                self.found.told[FORMULA] = None
            return self._sign(shown)
        return ""

    def _sign(self, text: str) -> str:
        if symbol_fonts.UNKNOWN in text:
            self.found.told[SIGN] = None
        return text

    def _chunk(self, element: Any) -> None:
        """The text of a piece of another file that lies in this one, where it is a page or plain text; else it is told."""
        link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        _, name = self._links.get(link, ("", ""))
        lines = docx_chunk.lines(name, self._box.read(name)) if name in self._box.namelist() else None
        if lines is None:
            self.found.told[EMBEDDED] = None
        else:
            self.found.lines += lines

    def _part(self, kind: str) -> Any | None:
        """The root of the part of that kind; None where the document has none."""
        name = next((name for known, name in self._links.values() if known == kind), "")
        return _tree(self._box, name) if name in self._box.namelist() else None


def _main(box: zipfile.ZipFile) -> str:
    """The name of the document's own part; relationships that lead nowhere harm nothing."""
    for link in _tree(box, "_rels/.rels"):
        if link.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(str(link.get("Target", "")).lstrip("/"))
    raise Damaged


def _links(box: zipfile.ZipFile, main: str) -> dict[str, tuple[str, str]]:
    """The kind and the name of what the document's part refers to, by the number of each relationship."""
    folder, name = posixpath.split(main)
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    if rels not in box.namelist():
        return {}
    return {
        str(link.get("Id", "")): (
            str(link.get("Type", "")).rsplit("/", 1)[-1],
            _target(folder, str(link.get("Target", ""))),
        )
        for link in _tree(box, rels)
        if link.get("TargetMode") != "External"
    }


def _target(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _tree(box: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(box.read(name), parser)
    if root.getroottree().docinfo.doctype:
        raise Damaged  # No office program writes one; whatever its encoding, an entity in it would hide text.
    return root


def _formula(element: Any) -> str:
    """A formula of Word on one line."""
    parts = {local(child): child for child in element}
    shapes: dict[str, Callable[[], str]] = {
        "t": lambda: element.text or "",
        "f": lambda: formulas.fraction(_of(parts, "num"), _of(parts, "den")),
        "sSup": lambda: _of(parts, "e") + formulas.raised(_of(parts, "sup")),
        "sSub": lambda: _of(parts, "e") + formulas.lowered(_of(parts, "sub")),
        "rad": lambda: formulas.root(_of(parts, "e"), _of(parts, "deg")),
    }
    shape = shapes.get(local(element))
    return shape() if shape else "".join(_inner(element))


def _of(parts: dict[str, Any], name: str) -> str:
    return "".join(_inner(parts[name])) if name in parts else ""


def _inner(element: Any) -> Iterator[str]:
    return (_formula(child) for child in element if not local(child).endswith("Pr"))
