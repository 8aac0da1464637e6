"""Lines that stand between questions and belong to none: chapters, page numbers, running heads, rules; `word_paste_blocks` calls it."""

import re
from collections.abc import Iterator, Sequence

from question_bank.formats.word_paste_lines import chapter
from question_bank.schema import Problem

_LONGEST = 200
_PAGE_NUMBER = r"(?:trang|page|tr\.)\s*[:：]?\s*(?:số\s*)?\d{1,4}"
_OF = r"\s*(?:/|of|trên)\s*\d{1,4}"
_PAPER = r"mã\s+đề(?:\s+thi)?\s*[:：]?\s*\d{1,6}"
_DASH = r"\s*[\-–—|,;]?\s*"
_PAGE = re.compile(
    rf"[\s*|~(\[<\-–—]*(?:{_PAPER}{_DASH}{_PAGE_NUMBER}(?:{_OF})?|{_PAGE_NUMBER}(?:{_OF})?(?:{_DASH}{_PAPER})?|{_PAPER}"
    rf"|{_PAGE_NUMBER}{_OF}\s*[\-–—|]\s*[^.?!]{{1,100}}|[^.?!]{{1,100}}[\-–—|]\s*{_PAGE_NUMBER}{_OF}"
    r"|(?<=[\-–—])\s*\d{1,4}\s*(?=[\-–—]))[\s*|~)\]>\-–—.]*",
    re.IGNORECASE,
)
_WHOLE_PAGE = re.compile(rf"{_PAGE_NUMBER}{_OF}", re.IGNORECASE)
_CONTENTS = re.compile(r"[^\W\d].*?\s?(?:\.{4,}|…{2,}|(?:[.…]\s){3,}|\t)\s*\d{1,4}")
_RULE = re.compile(r"(?:\s*[\-–—_=~*…·•#.]){3,}\s*")
_DECORATED = re.compile(r"[\s*#=_~]*(?P<words>.*?)[\s*#=_~]*")
_ROMAN = re.compile(r"(?P<number>[IVX]{1,5})\s*[./)\-–:](?!\s*[^\W\d_]\s*\.)\s*[^\W\d_].*")
_ARABIC = re.compile(r"(?P<number>\d{1,2})\s*[./)]\s*[^\W\d_].*")
_LETTERED = re.compile(r"[A-H]\s*[.)/]\s*(?:PHẦN|CHƯƠNG|CHỦ ĐỀ|LĨNH VỰC|NỘI DUNG)\b.*")
_COUNTED = re.compile(
    r"(?:phần\s+thi|lĩnh\s+vực|nội\s+dung|vòng|vòng\s+thi|tuần|đợt|nhóm|chủ\s+điểm)\s+(?:thứ\s+)?"
    r"(?:\d{1,2}|[IVX]{1,5}|nhất|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười)"
    r"\s*(?:[:.)\-–—].*)?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:phần|phần\s+thi|lĩnh\s+vực|chủ\s+đề|chuyên\s+đề|nội\s+dung|kiến\s+thức|tìm\s+hiểu|câu\s+hỏi)\s+\w.*[^.?!;,]",
    re.IGNORECASE,
)
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_LETTERS_LEAST = 6
_HEADS_SHOWN = 8


def page_mark(text: str) -> bool:
    """Whether a line is a page's number or running head, such as "Trang 1/4" or "- 2 -"."""
    return len(text) <= _LONGEST and _PAGE.fullmatch(text) is not None


def whole_page(text: str) -> bool:
    """Whether a page mark counts the pages too, so that it cannot be a place in a source."""
    return _WHOLE_PAGE.search(text) is not None


def contents(text: str) -> bool:
    """Whether a line is one of a table of contents: a title, dots or a tab, and its page."""
    return len(text) <= _LONGEST and _CONTENTS.fullmatch(text) is not None


def rule(text: str) -> bool:
    """Whether a line is drawn with signs and has no words, such as "-----" or "* * *"."""
    return len(text) <= _LONGEST and _RULE.fullmatch(text) is not None


def capitals(text: str) -> bool:
    """Whether a line is written in capitals throughout, as heads of pages and parts are."""
    return text.isupper() and len(text.split()) > 1 and sum(map(str.isalpha, text)) >= _LETTERS_LEAST


def told_heads(heads: Sequence[tuple[int, str]], unit: str = "dòng") -> Iterator[Problem]:
    """One remark for all numbers and heads of pages that were left out, each a line's number and words."""
    if heads:
        shown = "; ".join(f"{unit} {line} “{text[:60]}”" for line, text in heads[:_HEADS_SHOWN])
        count = f" và {len(heads) - _HEADS_SHOWN} {unit} khác" if len(heads) > _HEADS_SHOWN else ""
        message = f"Số trang, tiêu đề ngoài câu hỏi không được nhập: {shown}{count}."
        yield Problem(heads[0][0], message, kept=True)


class Headings:
    """The headings of one text, so far: whether a line is one hangs on those before it."""

    def __init__(self) -> None:
        self._last = {_ROMAN: 0, _ARABIC: 0}

    def named(self, text: str, *, opens: bool, apart: bool, numbered: bool) -> tuple[str, bool] | None:
        """The chapter that a line names and whether its title may follow, or None.

        `opens` says that a question opens below the line, `apart` that the question above was over before it, and
        `numbered` that questions themselves begin with bare numbers.
        """
        decorated = _DECORATED.fullmatch(text)
        words = decorated["words"] if decorated else text
        found = chapter(words)
        counted = self._counted(words, opens=opens or found is not None, apart=apart, numbered=numbered)
        if found is not None:
            return found
        if not opens or len(words) > _LONGEST:
            return None
        if counted or _COUNTED.fullmatch(words) or (apart and _LETTERED.fullmatch(words)):
            return words, False
        if (apart or capitals(words)) and words[:1].isupper() and _NAMED.fullmatch(words):
            return words, False
        return None

    def _counted(self, words: str, *, opens: bool, apart: bool, numbered: bool) -> bool:
        """Whether a heading's number follows that of the heading before; it is then remembered."""
        for pattern in (_ROMAN,) if numbered else (_ROMAN, _ARABIC):
            if opens and (found := pattern.fullmatch(words)):
                number = _value(found["number"])
                if number == self._last[pattern] + 1 > 1 or (apart and (number == 1 or pattern is _ROMAN)):
                    self._last[pattern] = number
                    return True
        return False


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    digits = [_ROMAN_DIGITS[letter] for letter in number]
    return sum(-one if one < after else one for one, after in zip(digits, [*digits[1:], 0], strict=True))
