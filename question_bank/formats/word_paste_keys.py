"""Keys as Word texts tell them: lists at the end, lines of their own, marks on choices; `word_paste` calls it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

_LIST_MOST = 20_000
_ENDING = 60
_LIST = r"[A-J](?:\s*(?:[,;&+/]|và)\s*[A-J])*"
_PAIR = re.compile(
    r"(?:câu\s*)?(?P<number>\d{1,4})\s*[.\-–—:)/=]?\s*"
    r"(?:đáp\s*án(?:\s+đúng)?(?:\s+là)?\s*[:：]?\s*)?(?P<key>[A-J](?:\s*[,&+]\s*[A-J](?![\w.]))*)(?!\w)\.?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;|.]*")
_NUMBERS = re.compile(r"\s*(?:câu(?:\s+hỏi)?|stt)?\s*[:|]?\s*((?:\d{1,4}[\s,|]+)+\d{1,4})[\s|]*", re.IGNORECASE)
_ANSWERS = re.compile(r"\s*(?:đáp\s*án|đ/?a|chọn)?\s*[:|]?\s*((?:[A-J][\s,|]+)+[A-J])[\s|]*", re.IGNORECASE)
_COLUMNS = re.compile(
    r"(?:(?:câu(?:\s+(?:hỏi|số))?|stt|số\s+câu|số)[\s|]+(?:đáp\s*án|đ/?a)(?:\s+đúng)?[\s|]*)+", re.IGNORECASE
)
_HEADING = re.compile(
    r"[\s\-–=*_.]*(?:(?:bảng|phần|hướng\s+dẫn)\s+)?(?:đáp\s*án|khoá|khóa)(?:\s+(?:đúng|các\s+câu|trắc\s+nghiệm|đề|tham\s+khảo))*"
    r"[\s\-–=*_.:]*",
    re.IGNORECASE,
)
_TABLE = re.compile(
    r"[\s\-–=*_.]*(?:(?:bảng\s+)?đáp\s*án(?:\s+\w+){0,3}\s*[:：]\s*(?=(?:câu\s*)?\d)"
    r"|đáp\s*án\s+(?=câu\s*\d{1,4}\s*[:：.\-–]\s*[A-J]\W*$))",
    re.IGNORECASE,
)
CALLED = r"(?:(?:câu|phương\s+án|lựa\s+chọn|đáp\s*án|ý)\s+)?"
"""What may stand before the letter of a key, as in "Đáp án: Câu B"."""
_STATED = re.compile(
    rf"[(\[“\"]?{CALLED}(?P<key>{_LIST})(?:\s+(?:là\s+(?:đáp\s*án\s+)?)?đúng(?:\s+nhất)?)?[)\]”\".]*\s*(?:$|(?P<stop>[.:)\-–(\[,;]|(?:vì|do|bởi|theo)\b)\s*(?P<rest>.*))",
    re.IGNORECASE | re.DOTALL,
)
_POINTS = re.compile(r"[(\[]?\s*\d[\d.,]*\s*(?:điểm|đ)\s*[)\]]?\.?", re.IGNORECASE)
_JOINED = re.compile(r"([A-H]{2,8}|(?=.*[IJ])A?B?C?D?E?F?G?H?I?J?)\.?")
_RIGHT = re.compile(
    r"\s*(?:[(\[]\s*(?:đúng|đáp\s*án(?:\s+đúng)?)\s*[)\]]|(?<!\S)[(\[]\s*[xđ]\s*[)\]]|[*✓✔√☑✅☒]+)\s*$", re.IGNORECASE
)
_STARS = ("*", "✓", "✔", "√", "☑", "✅", "☒")
_WRONG = re.compile(r"\s*(?:[(\[]\s*sai\s*[)\]]|(?<!\S)[(\[]\s*s\s*[)\]]|[☐□]+)\s*$", re.IGNORECASE)


@dataclass(slots=True)
class KeyList:
    """Pairs of a question's number and its letters as a list of keys gives them, each with its line."""

    entries: list[tuple[int, int, frozenset[str]]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)

    def take(self, line: int, text: str, *, least: int) -> bool:
        """Whether the line belongs to a list of keys; its pairs, at least `least` of them, are then taken."""
        if len(text) > _LIST_MOST:
            return False
        text = text[match.end() :] if (match := _TABLE.match(text)) else text
        found = pairs(text)
        if len(found) >= least:
            self.entries += [(line, number, key) for number, key in found]
            return True
        if numbers := _NUMBERS.fullmatch(text):
            self._numbers = [int(number) for number in re.findall(r"\d+", numbers[1])]
            return True
        if self._numbers and (answers := _ANSWERS.fullmatch(text)):
            keys = re.findall("[A-J]", answers[1].upper())
            if len(keys) == len(self._numbers):
                taken = zip(self._numbers, keys, strict=True)
                self.entries += [(line, number, frozenset(key)) for number, key in taken]
                self._numbers = []
                return True
        return False

    def by_number(self) -> dict[int, list[tuple[int, frozenset[str]]]]:
        """For each number its lines and letters, in order."""
        found: dict[int, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        for line, number, key in self.entries:
            found[number].append((line, key))
        return found


def heads_a_list(text: str) -> bool:
    """Whether a line announces a list of keys, such as "BẢNG ĐÁP ÁN", or names the columns of their table."""
    return (_HEADING.fullmatch(text) or _COLUMNS.fullmatch(text)) is not None


def pairs(text: str) -> list[tuple[int, frozenset[str]]]:
    """The numbers and letters of a line that holds nothing else, such as "1-A 2.C", else nothing."""
    found, place = [], 0
    if len(text) > _LIST_MOST:
        return []
    while place < len(text):
        match = _PAIR.match(text, place)
        if match is None:
            return []
        found.append((int(match["number"]), _letters(match["key"])))
        gap = _BETWEEN.match(text, match.end())
        place = gap.end() if gap else match.end()
    return found


def letters(text: str) -> frozenset[str] | None:
    """The letters of a text that is nothing but letters, such as "A, C", else None."""
    found = _STATED.fullmatch(text.strip())
    if found and not found["rest"] and not found["stop"]:
        return _letters(found["key"])
    if _JOINED.fullmatch(text.strip()):
        return frozenset(text.strip(" ."))
    return None


def stated(text: str) -> tuple[frozenset[str], str] | None:
    """The letters of a line such as "B. 1615;" and the words after them, or None where it begins with no letter."""
    found = _STATED.match(text.strip())
    if found is None:
        return None
    repeats = (found["stop"] or "(") in ".:)-–,;"
    return _letters(found["key"]), (found["rest"] or "").strip() if repeats else ""


def explained(text: str) -> str:
    """What a line such as "B vì Điều 5 nói vậy" or "B (Điều 5)" says beyond its letters; points are no explanation."""
    text = text.strip()
    found = _STATED.match(text)
    if found is None or not found["rest"] or found["stop"] in tuple(".:)-–,;"):
        return ""
    words = text[found.start("stop") :]
    return "" if _POINTS.fullmatch(words) else words


def verdict(text: str) -> tuple[str, bool | None]:
    """A choice without the remark at its end, and what that remark says: right, wrong or nothing.

    Stars around a line below it say nothing, nor does a choice that is such a sign itself.
    """
    text = text.rstrip()
    if text.rpartition("\n")[2].lstrip().startswith(_STARS) and "\n" in text:
        return text, None
    ending = max(0, len(text) - _ENDING)
    for remark, right in ((_RIGHT, True), (_WRONG, False)):
        if (match := remark.search(text, ending)) and text[: match.start()].strip():
            return text[: match.start()], right
    return text, None


def same_words(text: str, other: str) -> bool:
    """Whether two texts are the same to a reader, spaces, letter case and marks aside."""
    return words(text) == words(other)


def words(text: str) -> str:
    """What `same_words` compares."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split()) or text.strip()


def agreed(found: Sequence[tuple[int, frozenset[int]]]) -> bool:
    """Whether everything said of the key says the same."""
    return len({key for _, key in found}) <= 1


def _letters(text: str) -> frozenset[str]:
    return frozenset(re.findall("[A-J]", text.upper().replace("VÀ", " ")))
