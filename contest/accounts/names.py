"""What may stand as a person's name; pure, asked by forms and by the service.

Names are told apart by their letters, so letters of other alphabets that look like ours are refused: a name of them would be found by no
search and would pass for somebody else's. Who has a name in another script writes it as their passport does.
"""

import unicodedata

from contest.core import vietnamese

_SIGNS = " -.'’"
# Latin letters that do not come apart into one of a to z and its marks, for names of neighbours and of the highlands (Ƀ).
_WHOLE_LETTERS = frozenset("đĐøØłŁæÆœŒßþÞħĦıðÐƀɃ")
# What the letters of Ê Đê and Gia Rai may still bear once composed: ơ̆, ư̆, ê̆.
_LOOSE_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0306\u0309\u0323")
_LONGEST = 100
_KEY_LONGEST = 600

UNSEEN = "Họ tên có ký tự không nhìn thấy được. Bạn xóa đi rồi gõ lại, không dán từ nơi khác."
OTHER_ALPHABET = "Họ tên có chữ “{letter}” của bảng chữ cái khác. Bạn gõ lại bằng chữ tiếng Việt; tên nước ngoài thì viết như trong hộ chiếu."
NO_NAME = "Họ tên chỉ gồm chữ cái, viết như trong giấy tờ."


def fault(text: str) -> str:
    """What keeps this tidied text from being a person's name, as a sentence; empty when nothing does."""
    before = ""
    for sign in text:
        kind = unicodedata.category(sign)
        if kind in ("Cf", "Cc", "Cs", "Co", "Cn") or (kind[0] == "Z" and sign != " "):
            return UNSEEN
        if kind[0] == "L" and not _is_latin(sign):
            return UNSEEN if _is_filler(sign) else OTHER_ALPHABET.format(letter=sign)
        if kind[0] == "M" and not (sign in _LOOSE_MARKS and before[:1] == "L"):
            return UNSEEN if _is_filler(sign) else NO_NAME
        if kind[0] not in "LM" and sign not in _SIGNS:
            return NO_NAME
        before = kind
    return "" if _fits(text) and any(sign.isalpha() for sign in text) else NO_NAME


def is_name(text: str) -> bool:
    """True for a person's name: Latin letters with spaces, hyphens, dots and apostrophes, short enough for every column."""
    return not fault(text)


def unseen(typed: str) -> bool:
    """True when what was typed holds a control character, which forms drop before they look."""
    return any(unicodedata.category(sign) == "Cc" and not sign.isspace() for sign in typed)


def _is_latin(letter: str) -> bool:
    base = unicodedata.normalize("NFD", letter)[0]
    return letter in _WHOLE_LETTERS or (base.isascii() and base.isalpha())


def _is_filler(sign: str) -> bool:
    """Letters and marks that print nothing: the Hangul fillers, the joiner of graphemes, the choosers of variants."""
    name = unicodedata.name(sign, "")
    return "FILLER" in name or "JOINER" in name or name.startswith("VARIATION SELECTOR")


def _fits(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST
        and len(vietnamese.fold(text)) <= _LONGEST
        and len(vietnamese.name_sort_key(text)) <= _KEY_LONGEST
    )
