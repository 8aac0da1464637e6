"""Walks the body of a .docx that was found harmless, paragraph by paragraph; docx_text calls it in a worker."""

import io
import posixpath
import zipfile
import zlib
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


class Damaged(Exception):
    """What the file holds is no document that can be walked."""


def lines(content: bytes) -> list[str]:
    """Every line of the body, in order; raises Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            body = _tree(box, _main(box)).find(qn("w:body"))
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
    if body is None:
        raise Damaged
    return [line for paragraph in body.iter(qn("w:p")) for line in _lines(paragraph)]


def _main(box: zipfile.ZipFile) -> str:
    """The name of the document's own part; no other relationship is followed, so that those that lead nowhere harm nothing."""
    for link in _tree(box, "_rels/.rels"):
        if link.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(str(link.get("Target", "")).lstrip("/"))
    raise Damaged


def _tree(box: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False)
    return etree.fromstring(box.read(name), parser)


def _lines(paragraph: Any) -> list[str]:
    """The own text of a paragraph, once: not that of paragraphs within it, nor the older copy that Word keeps of a text box."""
    if next(paragraph.iterancestors(_MC + "Fallback"), None) is not None:
        return []
    text = []
    for piece in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")):
        if next(piece.iterancestors(qn("w:p")), None) is not paragraph or piece.getparent().tag != qn("w:r"):
            continue
        if piece.tag == qn("w:t"):
            text.append(piece.text or "")
        else:
            text.append({qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}.get(piece.tag, "\n"))
    return "".join(text).split("\n")
