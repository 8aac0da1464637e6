"""How a text is read when names are looked for in it: without what nobody sees, letters of other alphabets as they look, syllables whatever the place of their tone."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from contest.core.vietnamese import fold

WORD = re.compile(r"[^\W_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# What is not seen, what turns round, and what only looks like a letter or a digit of ours.
_STRANGE = re.compile(
    "[\u00ad\u034f\u061c\u0300-\u036f\u0370-\u04ff\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\uff00-\uffef\U0001d400-\U0001d7ff]"
)
_TURNED = re.compile("\u202e([^\u202c\n]*)")
_ALIKE = str.maketrans("асеорхуіјѕԁһАВЕКМНОРСТХУІЈЅοανΑΒΕΗΙΚΜΝΟΡΤΥΧΖ", "aceopxyijsdhABEKMHOPCTXYIJSoavABEHIKMNOPTYXZ")


@dataclass(frozen=True)
class Reading:
    """A text as it is read; `at` holds the place in the text itself of each of its characters, nothing where all are the same."""

    words: str
    at: tuple[int, ...] | None = None

    def places(self, first: int, last: int) -> tuple[int, int]:
        """Where in the text a piece of the reading begins and ends, whichever way it was turned."""
        shown = self.at[first:last] if self.at is not None else (first, last - 1)
        return min(shown), max(shown) + 1

    def syllables(self) -> list[tuple[str, int, int]]:
        """Each word with where it begins and ends."""
        return [(match.group(), match.start(), match.end()) for match in WORD.finditer(self.words)]


def bare(text: str) -> Reading:
    """The reading of a text."""
    if not _STRANGE.search(text):
        return Reading(text)
    signs: list[str] = []
    at: list[int] = []
    for place, sign in enumerate(text):
        joined = unicodedata.normalize("NFC", signs[-1] + sign) if signs and unicodedata.combining(sign) else ""
        if len(joined) == 1:
            signs[-1] = joined
        elif unicodedata.category(sign) != "Cf" or sign in "\u202e\u202c":
            shown = unicodedata.normalize("NFKC", sign).translate(_ALIKE)
            signs += shown
            at += [place] * len(shown)
    order = list(range(len(signs)))
    for turned in _TURNED.finditer("".join(signs)):
        order[turned.start(1) : turned.end(1)] = reversed(order[turned.start(1) : turned.end(1)])
    seen = [place for place in order if signs[place] not in "\u202e\u202c"]
    return Reading("".join(signs[place] for place in seen), tuple(at[place] for place in seen))


@lru_cache(maxsize=16_384)
def plain(word: str) -> str:
    """A word without marks."""
    return fold(word)


@lru_cache(maxsize=16_384)
def spoken(word: str) -> str:
    """A word with its marks, whatever the place of its tone: "Hoà" and "Hòa" are one."""
    signs = unicodedata.normalize("NFD", word.casefold())
    tone = "".join(sign for sign in signs if sign in _TONES)
    return unicodedata.normalize("NFC", "".join(sign for sign in signs if sign not in _TONES)) + tone
