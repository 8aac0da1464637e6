"""Regulations as organisers write them, in Markdown, made into HTML that may be shown to anybody; the routes of this room call it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mistune
import nh3
from markupsafe import Markup

_TAGS = {"h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "strong", "em", "a", "br", "hr", "blockquote", "del"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
_HEADING = re.compile(r"<(h[2-6])>(.*?)</\1>", re.S)


class _Renderer(mistune.HTMLRenderer):
    """Headings one level lower: the page has its own first heading."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return super().heading(text, min(level + 1, 6))


_markdown = mistune.create_markdown(renderer=_Renderer(escape=True), plugins=["table", "strikethrough"])


@dataclass(frozen=True)
class Heading:
    """A heading of the highest level in a text; `id` is its anchor on the page."""

    id: str
    words: str


@dataclass(frozen=True)
class Text:
    """A text as it may be shown to anybody, and its contents."""

    html: Markup
    contents: tuple[Heading, ...]


@lru_cache(maxsize=8)
def to_html(text: str) -> Text:
    """Headings from h2 down, links to the web, mail and telephone only, and no markup of the writer's own."""
    html = nh3.clean(
        str(_markdown(text)),
        tags=_TAGS | _TABLE_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    highest = min((tag for tag, _ in _HEADING.findall(html)), default="")
    contents: list[Heading] = []

    def anchored(found: re.Match[str]) -> str:
        if found[1] != highest:
            return found[0]
        contents.append(Heading(f"muc-{len(contents) + 1}", Markup(found[2]).striptags()))  # nosec B704
        return f'<{highest} id="{contents[-1].id}">{found[2]}</{highest}>'

    return Text(Markup(_HEADING.sub(anchored, html)), tuple(contents))  # nosec B704: nh3 cleaned it.
