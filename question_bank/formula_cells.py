"""Cells that a spreadsheet would take for a formula: one rule for every sheet and every CSV of the product; the bank's formats and `contest.core.sheets` call it.

In .xlsx a text is kept as a text, so nothing is put before it: the style of its cell says that it is quoted, which keeps it a text when
somebody edits it. In CSV there are no styles: there an apostrophe stands before it, which our own reading takes off again.
"""

import re

_OPENS = re.compile(r"'*[\s\ufeff\u200b]*[=+\-@\t\r–−＝＋－＠]")


def opens_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text, full-width signs and white space before it included."""
    return _OPENS.match(text) is not None


def shielded(text: str) -> str:
    """The text as a cell of CSV: behind an apostrophe where a spreadsheet might run it."""
    return f"'{text}" if opens_formula(text) else text


def unshielded(text: str) -> str:
    """What `shielded` was given."""
    return text[1:] if text.startswith("'") and opens_formula(text) else text
