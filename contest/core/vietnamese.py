"""How Vietnamese text is folded, ordered, tidied and counted; every room calls it, it knows nothing of the database.

`fold` is for finding: two spellings of one name fold to the same text. `sort_key` and `name_sort_key` are for ordering: they
return digits only, so that every database collation puts the stored keys in the same, Vietnamese, order.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_MODIFIED = {
    ("a", "\u0306"): "ă",
    ("a", "\u0302"): "â",
    ("e", "\u0302"): "ê",
    ("o", "\u0302"): "ô",
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
_TONES = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}
_LEVEL_TONE = 1

_END_OF_LEVEL = "00"
_SPACE = "01"
_PUNCTUATION = "02"
_FIRST_DIGIT = 10
_FIRST_LETTER = 20
_OTHER = "99"
_LETTER_WEIGHT = {letter: f"{_FIRST_LETTER + place}" for place, letter in enumerate(_ALPHABET)}

# The Icelandic eth looks like Đ and is what some old keyboards and name lists hold.
_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ"})
_STROKED = str.maketrans({"đ": "d", "Đ": "D", "Ð": "D", "ð": "d"})


class NameParts(NamedTuple):
    """A full name in its written order; a part that is not there is an empty string."""

    family: str
    middle: str
    given: str


def nfc(text: str) -> str:
    """The one stored form of any text: composed Unicode."""
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """Composed text without spaces at its ends and with single plain spaces within."""
    return " ".join(nfc(text).split())


def fold(text: str) -> str:
    """The text as one would type it in a hurry: no marks, đ as d, small letters, single spaces.

    >>> fold("Hoà  BÌNH\u00a0Đông") == fold("Hòa Bình Đông") == "hoa binh dong"
    True
    """
    small = unicodedata.normalize("NFKD", text.translate(_STROKED)).casefold()
    bare = (sign for sign in unicodedata.normalize("NFKD", small) if unicodedata.category(sign) not in ("Mn", "Cf"))
    return " ".join("".join(bare).translate(_STROKED).split())


def name_parts(full_name: str) -> NameParts:
    """Family, middle and given name. A single word is a given name: it is what the person is called by."""
    words = squeeze(full_name).split(" ")
    if len(words) == 1:
        return NameParts("", "", words[0])
    return NameParts(words[0], " ".join(words[1:-1]), words[-1])


def given_name(full_name: str) -> str:
    """The name a person is called by, which is the last word of the full name."""
    return name_parts(full_name).given


def tidy_name(full_name: str) -> str:
    """A name as it is shown: composed, single spaces; one typed all in capitals or all in small letters gets its capitals."""
    name = squeeze(full_name.translate(_LOOKALIKES))
    if name.isupper() or name.islower():
        return nfc(" ".join(_capitalised(word) for word in name.split(" ")))
    return name


def person_name(typed: str) -> str:
    """A name as typed by its bearer for the first time: `tidy_name`, and each word that is all capitals or all small gets its capital."""
    return nfc(" ".join(_as_a_name(word) for word in tidy_name(typed).split(" ")))


def sort_key(text: str) -> str:
    """Digits that order texts by the Vietnamese alphabet and, among equal letters, by tone: ngang huyền hỏi ngã sắc nặng.

    Where a syllable bears its tone does not matter: "Hoà" and "Hòa" have one key. Capitals do not matter either.
    """
    letters, tones = _weigh(text)
    return letters + _END_OF_LEVEL + tones


def name_sort_key(full_name: str) -> str:
    """Digits that order people as Vietnamese lists do: by given name, then by family and middle name."""
    parts = name_parts(full_name)
    rest = " ".join(part for part in (parts.family, parts.middle) if part)
    return sort_key(parts.given) + _END_OF_LEVEL + sort_key(rest)


def count_words(text: str) -> int:
    """Words as people count them in Vietnamese: one for each written syllable or number; a lone dash or dot is none."""
    return sum(1 for word in text.split() if any(sign.isalnum() for sign in word))


def _capitalised(word: str) -> str:
    return "-".join(_capital(part[:1]) + part[1:].lower() for part in word.split("-"))


def _as_a_name(word: str) -> str:
    if word.islower() or (word.isupper() and len(word) > 1 and "." not in word):
        return _capitalised(word)
    return word


def _capital(letter: str) -> str:
    """Its capital, where that is one letter too; no Vietnamese name begins with the others (ß, ŉ, ﬁ)."""
    capital = letter.upper()
    return capital if len(capital) == 1 else letter


def _weigh(text: str) -> tuple[str, str]:
    """The weights of the letters, and one tone for each syllable."""
    signs = unicodedata.normalize("NFD", " ".join(text.translate(_LOOKALIKES).casefold().split()))
    letters: list[str] = []
    tones: list[str] = []
    tone = _LEVEL_TONE
    in_syllable = False
    place = 0
    while place < len(signs):
        base = signs[place]
        place += 1
        while place < len(signs) and unicodedata.combining(signs[place]):
            mark = signs[place]
            base = _MODIFIED.get((base, mark), base)
            tone = _TONES.get(mark, tone)
            place += 1
        if base in _LETTER_WEIGHT:
            in_syllable = True
        elif in_syllable:
            tones.append(str(tone))
            tone, in_syllable = _LEVEL_TONE, False
        letters.append(_weight(base))
    if in_syllable:
        tones.append(str(tone))
    return "".join(letters), "".join(tones)


def _weight(sign: str) -> str:
    if sign in _LETTER_WEIGHT:
        return _LETTER_WEIGHT[sign]
    if sign == " ":
        return _SPACE
    if sign.isascii() and sign.isdigit():
        return str(_FIRST_DIGIT + int(sign))
    group = _OTHER if sign.isalnum() else _PUNCTUATION
    return f"{group}{ord(sign):07d}"
