"""Vietnamese typed for the fonts of before Unicode (TCVN3, VNI), known by its letters; `formats.read` asks it."""

import re

MESSAGE = "Tệp có chữ dùng phông cũ (.VnTime, VNI): hãy chuyển mã sang Unicode rồi nhập lại, nếu không dấu sẽ sai."

_FEWEST = 3
_SHARE = 0.1
_SAMPLE = 50_000
_LETTER = re.compile(r"[A-Za-z]")
# In TCVN3 these signs are vowels, so they stand against letters; VNI writes a vowel's tone as a letter behind it.
_TCVN3 = re.compile(r"[A-Za-z][µ¶·¸¹¨©ª«¬®¼½¾»]|[µ¶¸¹¨ª«¬®§][A-Za-z]")
_VNI = re.compile(r"[aeouyAEOUY][ùøûïõÙØÛÏÕ]|[ñÑ][aeiouöôAEIOUÖÔ]")


def written_for(text: str) -> bool:
    """Whether a text, or its beginning, was typed for such a font: one word in ten bears its signs, and three do."""
    words = [word for word in text[:_SAMPLE].split() if _LETTER.search(word)]
    least = max(_FEWEST, _SHARE * len(words))
    return any(sum(1 for word in words if signs.search(word)) >= least for signs in (_TCVN3, _VNI))
