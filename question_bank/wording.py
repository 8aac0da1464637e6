"""Texts of questions compared: as a reader would call them the same, without accents, and which stretches differ; `duplicates` and `checks` call it."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

ALIKE = 88  # per cent of equal letters from which two choices say the same
WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"[\W_]+")
_RECKONED = re.compile(r"[+×÷<>≤≥≠±√%‰°^]|(?<![^\s(])[-−](?=\d)")
_LONGEST_QUOTE = 60
_MOST_QUOTES = 3


class _Unmarked(dict[int, str]):
    """Each character without its accents, "đ" as "d" and "y" as "i"; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        bared = "".join(part for part in parts if not unicodedata.combining(part))
        self[code] = {"đ": "d", "y": "i"}.get(bared, bared)
        return self[code]


_UNMARKED = _Unmarked()


def folded(text: str) -> str:
    """The words alone, in NFC and lower case: what two texts share when a reader would call them the same."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip() or text


def signs(text: str) -> tuple[str, ...]:
    """The marks that change what is asked, in order: those of reckoning, per cent, degrees and a minus before a number."""
    return tuple("-" if sign == "−" else sign for sign in _RECKONED.findall(text))


def choice_words(text: str) -> str:
    """As `folded`, but marks inside the text stay: choices such as "2 + 2" and "2 - 2" differ by nothing else."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).rstrip(".;, ")


def bare(text: str) -> str:
    """The text in lower case without accents, "đ" as "d" and "y" as "i", as "Mĩ" and "Mỹ" are one word."""
    return text.casefold().translate(_UNMARKED)


_bare_word = lru_cache(maxsize=50_000)(bare)


def alike(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two lists say the same, in whatever order."""
    return len(first) == len(second) and not left_out(first, second)


def left_out(texts: Sequence[str], among: Sequence[str]) -> list[str]:
    """The texts that none of `among` repeats, small slips of the pen and numbers apart: a number must be the same."""
    return [text for text in texts if not any(_says_the_same(text, other) for other in among)]


def _says_the_same(first: str, second: str) -> bool:
    one, two = bare(first), bare(second)
    if re.findall(r"\d+", one) != re.findall(r"\d+", two):
        return False
    one, two = (" ".join(WORD.findall(text)) or text for text in (one, two))
    return one == two or (len(one) > 12 and fuzz.ratio(one, two) >= ALIKE)


def differences(first: str, second: str, *, spelling: bool = False) -> list[tuple[str, str]]:
    """The stretches in which two texts differ, as they are written; `spelling` counts accents and letter case too.

    Changes with one word between them are one stretch, so that "Bắc Giang" and "Hà Bắc" are told whole.
    """
    texts = [unicodedata.normalize("NFC", text) for text in (first, second)]
    spans = [list(WORD.finditer(text)) for text in texts]
    words = [[m.group() if spelling else _bare_word(m.group()) for m in found] for found in spans]
    merged: list[list[int]] = []
    for op in Levenshtein.opcodes(*words):
        if op.tag == "equal":
            continue
        if merged and op.src_start - merged[-1][1] <= 1 and op.dest_start - merged[-1][3] <= 1:
            merged[-1][1], merged[-1][3] = op.src_end, op.dest_end
        else:
            merged.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    return [(_stretch(texts[0], spans[0], a, b), _stretch(texts[1], spans[1], c, d)) for a, b, c, d in merged]


def _stretch(text: str, spans: "Sequence[re.Match[str]]", start: int, end: int) -> str:
    return text[spans[start].start() : spans[end - 1].end()] if start < end else ""


def quoted(pairs: Sequence[tuple[str, str]]) -> str:
    """Differing stretches as a sentence shows them, the first few of them."""
    told = []
    for old, new in pairs[:_MOST_QUOTES]:
        if old and new:
            told.append(f"“{_short(old)}” và “{_short(new)}”")
        else:
            told.append(f"“{_short(old or new)}” (chỉ có ở {'câu kia' if old else 'câu này'})")
    return ", ".join(told) + (" và vài chỗ nữa" if len(pairs) > _MOST_QUOTES else "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1].rstrip() + "…"
