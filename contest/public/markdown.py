"""Regulations as organisers write them, in Markdown, made into HTML that may be shown to anybody; the routes of this room call it."""

from functools import lru_cache
from typing import Any

import mistune
import nh3
from markupsafe import Markup

_TAGS = {"h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "strong", "em", "a", "br", "hr", "blockquote", "del"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}


class _Renderer(mistune.HTMLRenderer):
    """Headings one level lower: the page has its own first heading."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return super().heading(text, min(level + 1, 6))


_markdown = mistune.create_markdown(renderer=_Renderer(escape=True), plugins=["table", "strikethrough"])


@lru_cache(maxsize=8)
def to_html(text: str) -> Markup:
    """The text's HTML with headings from h2 down, links to the web, mail and telephone only, and no markup of the writer's own."""
    html = nh3.clean(
        str(_markdown(text)),
        tags=_TAGS | _TABLE_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(html)  # nosec B704
