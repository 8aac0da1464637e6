"""The key of a row as its cell tells it: letters, numbers or a choice's own words; the row reader calls it."""

import re
import unicodedata
from collections.abc import Sequence

from question_bank.formats import word_paste_keys as keys
from question_bank.formats.spreadsheet_columns import CHOICE_LETTERS

_LETTERS = re.compile(r"[A-La-l](?:\s*(?:[,;/&+]|và|\s)\s*[A-La-l])*\s*\.?")
_JOINED = re.compile(r"[A-H]{2,8}|(?=.*[IJ])A?B?C?D?E?F?G?H?I?J?")
_NUMBERS = re.compile(r"(?:[1-9]|1[0-2])(?:\s*[,;/&+]\s*(?:[1-9]|1[0-2]))*")


class Unreadable(Exception):
    """Raised when a row cannot become a question."""


def key_of(value: str, where: str, texts: Sequence[str]) -> set[int]:
    """The places of the right choices that a cell's text names. Raises Unreadable, naming the cell by `where`."""
    if not value:
        raise Unreadable(f"{where} (đáp án) để trống.")
    same = {place for place, text in enumerate(texts) if _words(text) == _words(value)}
    if _LETTERS.fullmatch(value) or (_JOINED.fullmatch(value) and not same):
        places = {CHOICE_LETTERS.index(letter) for letter in re.findall("[A-L]", value.upper().replace("VÀ", " "))}
    elif _NUMBERS.fullmatch(value):
        places = {int(number) - 1 for number in re.findall(r"\d+", value)}
        if same and same != places:
            raise Unreadable(
                f"{where} ghi “{value}”, vừa có thể là thứ tự vừa có thể là nội dung của một phương án. "
                "Hãy ghi đáp án bằng chữ A, B, C…"
            )
    elif len(same) == 1:
        return same
    elif not same and (stated := _stated(value, texts)) is not None:
        places = stated
    elif same:
        raise Unreadable(f"{where}: đáp án trùng nội dung với nhiều phương án. Hãy ghi đáp án bằng chữ A, B, C…")
    else:
        shown = value if len(value) <= 60 else value[:60] + "…"
        raise Unreadable(f"{where}: đáp án “{shown}” không phải chữ A, B, C… và không trùng nội dung phương án nào.")
    beyond = sorted(place for place in places if place >= len(texts))
    if beyond:
        raise Unreadable(f"{where}: đáp án là {CHOICE_LETTERS[beyond[0]]} nhưng câu hỏi chỉ có {len(texts)} phương án.")
    return places


def _stated(value: str, texts: Sequence[str]) -> set[int] | None:
    """The places of a key such as "Câu B", "(B)" or "B. Chũ", whose words must be those of its choice."""
    told = keys.stated(value)
    if told is None or keys.explained(value):
        return None
    places = {CHOICE_LETTERS.index(letter) for letter in told[0]}
    if told[1] and not (len(places) == 1 and all(keys.same_words(told[1], text) for text in texts[min(places) :][:1])):
        return None
    return places


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).rstrip(".;, ")
