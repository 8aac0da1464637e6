"""HTML and MathML made into words that a plain question can show; every format that carries markup calls it.

Blocks and line breaks become lines, list items get their dash or number, the cells of a row stand between bars,
raised and lowered letters become Unicode ones or follow ^ and _, formulas are written on one line (see `formulas`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any

from lxml import etree

from question_bank.formats import formulas

_PARAGRAPHS = frozenset(
    [
        "p",
        "div",
        "br",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "tr",
        "table",
        "caption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "hr",
        "section",
        "article",
        "figure",
        "figcaption",
        "header",
        "footer",
        "address",
        "fieldset",
        "legend",
        "form",
        "center",
        "prompt",
        "qti-prompt",
        "choiceinteraction",
        "qti-choice-interaction",
    ]
)
_SILENT = frozenset(["script", "style", "title", "template", "noscript", "head"])
_LOST = {
    "img": "hình ảnh",
    "svg": "hình vẽ",
    "canvas": "hình vẽ",
    "video": "video",
    "audio": "âm thanh",
    "iframe": "khung nhúng",
    "object": "đối tượng nhúng",
    "embed": "đối tượng nhúng",
    "input": "ô nhập",
    "select": "ô chọn",
    "textarea": "ô nhập",
}
_TOO_DEEP = "phần lồng nhau quá sâu"
_DEPTH = 120
_TAG = re.compile(r"<[^<>]*>")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain(html: str, picture: Callable[[Any], bool] | None = None) -> tuple[str, tuple[str, ...]]:
    """The words of an HTML fragment, and the Vietnamese names of what words cannot carry, such as "hình ảnh".

    `picture(element)` is asked of every picture: whether it is taken, so that nothing of it stays in the words. It tells
    itself of those that are not.
    """
    if "<" not in html and "&" not in html:
        return "\n".join(_squeezed([html])), ()
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    source = "<html><body>" + _NOT_TEXT.sub("", html) + "</body></html>"
    root = etree.fromstring(source.encode(), parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        return "\n".join(_squeezed([unescape(_TAG.sub(" ", html))])), (_TOO_DEEP,)
    return words(root, picture=picture)


def words(
    element: Any, skip: Callable[[str, Any], bool] | None = None, picture: Callable[[Any], bool] | None = None
) -> tuple[str, tuple[str, ...]]:
    """As `plain`, of an lxml element and all below it, its tail aside.

    `skip(name, element)` says which elements below to leave out; names are local and in lower case.
    """
    writer = _Writer(skip, picture)
    if element is not None:
        writer.inside(element, 0)
    writer.end_line()
    return "\n".join(writer.lines).strip("\n"), tuple(dict.fromkeys(writer.lost))


def remarks(lost: tuple[str, ...]) -> Iterator[str]:
    """A Vietnamese sentence for each thing that words could not carry."""
    return (f"Câu có {name} không nhập được; chỉ phần chữ được giữ." for name in lost)


def local_name(element: Any) -> str:
    """The element's name in lower case without its namespace; "" for comments and instructions."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1_024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


@dataclass(slots=True)
class _Writer:
    skip: Callable[[str, Any], bool] | None
    picture: Callable[[Any], bool] | None = None
    lines: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _counters: list[int | None] = field(default_factory=list)
    _bullet: str = ""
    _kept: bool = False

    def inside(self, element: Any, depth: int) -> None:
        """The text of an element and of everything below it."""
        if depth > _DEPTH:
            self.lost.append(_TOO_DEEP)
            self.text("".join(element.itertext()))
            return
        self.text(element.text)
        for child in element:
            name = local_name(child)
            if name and not (self.skip and self.skip(name, child)):
                self._element(name, child, depth + 1)
            self.text(child.tail)

    def text(self, text: str | None) -> None:
        """Running text, its line ends kept only inside <pre>."""
        if not text:
            return
        if not self._kept:
            self._line.append(text.replace("\n", " "))
            return
        first, *rest = text.split("\n")
        self._line.append(first)
        for line in rest:
            self.end_line()
            self._line.append(line)

    def end_line(self) -> None:
        """The line so far is done; an empty one counts only inside <pre>."""
        lines = ["".join(self._line)] if self._kept else _squeezed(self._line)
        if lines and self._bullet:
            lines[0] = self._bullet + lines[0]
            self._bullet = ""
        self.lines.extend(lines)
        self._line.clear()

    def _element(self, name: str, element: Any, depth: int) -> None:
        if name in _SILENT:
            return
        if name == "math":
            self._line.append(formulas.linear(element))
        elif name in ("sup", "sub"):
            self._script(name, element, depth)
        elif name in _LOST:
            self._missing(name, element)
        elif name == "pre":
            self._preformatted(element, depth)
        elif name in ("ul", "ol"):
            self._counters.append(0 if name == "ol" else None)
            self._block(element, depth)
            self._counters.pop()
        elif name == "li":
            self.end_line()
            self._bullet = self._next_bullet()
            self.inside(element, depth)
            self.end_line()
            self._bullet = ""
        elif name in ("td", "th"):
            if "".join(self._line).strip():
                self._line.append(" | ")
            self.inside(element, depth)
        elif name in _PARAGRAPHS:
            self._block(element, depth)
        else:
            self.inside(element, depth)

    def _block(self, element: Any, depth: int) -> None:
        self.end_line()
        self.inside(element, depth)
        self.end_line()

    def _preformatted(self, element: Any, depth: int) -> None:
        self.end_line()
        self._kept = True
        self.inside(element, depth)
        self.end_line()
        self._kept = False

    def _script(self, name: str, element: Any, depth: int) -> None:
        inner = _Writer(self.skip, self.picture, lost=self.lost)
        inner.inside(element, depth)
        inner.end_line()
        text = " ".join(inner.lines)
        self._line.append(formulas.raised(text) if name == "sup" else formulas.lowered(text))

    def _missing(self, name: str, element: Any) -> None:
        image = name == "img" or (element.get("type") or "").startswith("image/")
        if image and self.picture is not None:
            if self.picture(element):
                return
        else:
            self.lost.append(_LOST["img"] if image else _LOST[name])
        caption = " ".join((element.get("alt") or "").split())
        if not caption and name == "object":
            caption = " ".join("".join(element.itertext()).split())
        if caption:
            self._line.append(f" [Hình: {caption}] " if image else f" [{caption}] ")

    def _next_bullet(self) -> str:
        counter = self._counters[-1] if self._counters else None
        if counter is None:
            return "- "
        self._counters[-1] = counter + 1
        return f"{counter + 1}. "


def _squeezed(parts: list[str]) -> list[str]:
    line = " ".join("".join(parts).split())
    return [line] if line else []
