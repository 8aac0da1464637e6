"""Walks the body of a .docx that was found harmless, paragraph by paragraph; docx_text calls it in a worker."""

import io
import zipfile
import zlib
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


class Damaged(Exception):
    """What the file holds is no document that can be walked."""


def lines(content: bytes) -> list[str]:
    """Every line of the body, in order; raises Damaged."""
    try:
        body = docx.Document(io.BytesIO(content)).element.body
        return [line for paragraph in body.iter(qn("w:p")) for line in _lines(paragraph)]
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
        RuntimeError,
        OSError,
        docx.exceptions.PythonDocxError,
    ) as error:
        raise Damaged from error


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
