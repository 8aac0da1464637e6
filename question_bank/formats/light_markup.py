"""Markup in texts whose file says nothing of it, or says Markdown: tags known by their names, stars around words; `gift`, `moodle_xml` and `qti12_item` call it."""

import re

TAGS = re.compile(
    r"</?(?:p|br|div|span|strong|em|b|i|u|s|sub|sup|ul|ol|li|img|table|tr|td|th|font|a|h[1-6]|pre|code)\b[^<>]*>"
    r"|&(?:nbsp|lt|gt|amp|quot|#\d{2,6});",
    re.IGNORECASE,
)
TAGS_READ = "Câu có thẻ HTML nhưng tệp không ghi dạng HTML, được đọc như HTML. Hãy xem lại."
MARKDOWN_READ = "Câu viết bằng Markdown: dấu in đậm, in nghiêng đã bỏ, các dấu khác giữ nguyên. Hãy xem lại."
_STRONG = re.compile(r"(?<![\\\w*_])(\*\*|__)(?=[^\s*_])(.+?)(?<=[^\s*_\\])\1(?![\w*_])", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\\\w*_])([*_])(?=[^\s*_])([^*_\n]+?)(?<=[^\s*_\\])\1(?![\w*_])")
_CODE = re.compile(r"(?<![\\`])`([^`\n]+)`(?!`)")
_OTHER = re.compile(
    r"^\s{0,3}(?:#{1,6}|[-*+>]|\d+[.)])\s|!?\[[^\]\n]*\]\([^)\n]*\)|\*\*|__|<[a-z/]", re.MULTILINE | re.IGNORECASE
)


def marked(text: str) -> bool:
    """Whether a text has tags or entities of HTML by names that people use in questions."""
    return TAGS.search(text) is not None


def plain_markdown(text: str) -> tuple[str, bool]:
    """The text without the marks of Markdown around words, and whether it has marks of it at all."""
    bare = _CODE.sub(r"\1", _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text)))
    return bare, bare != text or _OTHER.search(text) is not None
