"""The text of a piece of another file that a .docx holds (altChunk): a page or plain text; docx_body calls it."""

import re

from lxml import etree, html

_PAGES = (".html", ".htm", ".xhtml")
_BLOCKS = frozenset(["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "body"])
_SILENT = frozenset(["script", "style", "head", "title"])


def lines(name: str, content: bytes) -> list[str] | None:
    """The lines of a piece, by the ending of its name; None for a kind that is not read here, or that cannot be."""
    name = name.lower()
    try:
        if name.endswith(".txt"):
            return content.decode("utf-8-sig").splitlines()
        if not name.endswith(_PAGES):
            return None
        root = html.document_fromstring(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, etree.LxmlError, ValueError):
        return None
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        silent = element.tag in _SILENT or not isinstance(element.tag, str)
        if event == "start" and not silent:
            pieces.append("\n" if element.tag in _BLOCKS else "")
            pieces.append(re.sub(r"\s+", " ", element.text or ""))
        elif event == "end":
            pieces.append("\n" if element.tag in _BLOCKS else "")
            pieces.append(re.sub(r"\s+", " ", element.tail or ""))
    return [line.strip() for line in re.sub(r"\n+", "\n", "".join(pieces)).strip().split("\n")]
