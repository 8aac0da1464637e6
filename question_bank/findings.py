"""One thing found about a question; `checks` and `duplicates` build them, the import and bank pages show them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "no_key",
    "several_keys",
    "all_keys",
    "repeated_choice",
    "duplicate",
    "contradiction",
    "near_duplicate",
    "same_stem",
    "unpinned",
    "lettered_choice",
    "no_source",
    "no_alt",
    "long_stem",
    "long_choice",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `index` is the question's place in what was checked, `others` the questions it concerns too,
    `code` that of the bank's question it concerns.

    An error must be put right before the question is drawn; a warning is for the organiser to weigh.
    """

    index: int
    kind: Kind
    severity: Literal["error", "warning"]
    message: str
    others: tuple[int, ...] = ()
    code: str = ""
