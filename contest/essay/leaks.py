"""Finds what may tell who wrote a text that will be judged blind: the author's own data, and what looks like anybody's; pure, service and queries call it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contest.core.vietnamese import fold

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\+?\d(?:[ .\-()]{0,2}\d){7,14}")
# Mobile numbers have 9 digits after the trunk prefix 0 or the country code and begin with 3, 5, 7, 8 or 9; fixed lines 10, beginning with 2.
_ANY_PHONE = re.compile(r"(?<![\d.,/])(?:\+?84[ .\-]?|0)(?:[35789]|2\d)(?:[ .\-]?\d){8}(?![\d/]|[.,]\d)")
_ANY_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{2,63}){1,4}")
_UPPER = "".join(map(chr, filter(lambda code: chr(code).isupper(), range(0x41, 0x1EFA))))
_GAP = r"[^\S\n]+"
_NAME = rf"[{_UPPER}]\w*"
_LEVEL = r"(?:PT)?(?:THPT|THCS|TH)|PTDT|(?i:trung học phổ thông|trung học cơ sở|tiểu học|mầm non)"
# A capital after the level makes it one school's name; "trường tiểu học ở miền núi" names none.
_SCHOOL = re.compile(
    rf"\b(?i:trường){_GAP}(?:{_LEVEL})(?:{_GAP}(?i:chuyên|số \d+|(?:dân tộc )?(?:nội|bán) trú))?(?:{_GAP}{_NAME}){{1,4}}"
)
_ME = r"\b(?i:tôi|em|cháu|mình)"
_I_AM = re.compile(
    rf"{_ME}{_GAP}là(?:{_GAP}{_NAME}){{2,5}}"
    rf"|{_ME}{_GAP}(?:họ{_GAP})?tên{_GAP}(?:là{_GAP})?\w+(?:{_GAP}{_NAME}){{0,5}}"
    rf"|\b(?i:họ và tên|họ tên|tác giả|người viết)[^\S\n]*:{_GAP}{_NAME}(?:{_GAP}{_NAME}){{1,5}}"
)


_WHAT = {
    "name": "họ tên {}",
    "phone": "số điện thoại {}",
    "email": "thư điện tử {}",
    "workplace": "nơi công tác, học tập {}",
    "unit": "đơn vị {}",
    "any-phone": "một số điện thoại",
    "any-email": "một địa chỉ thư điện tử",
    "school": "tên một trường học",
    "i-am": "lời tự giới thiệu",
}


@dataclass(frozen=True)
class Author:
    """What identifies the author; an empty text is not looked for. `places` are folded names of places, which nobody is called by."""

    full_name: str
    phone: str = ""
    email: str = ""
    workplace: str = ""
    unit: str = ""
    places: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Leak:
    """One place of a text that may tell who wrote it; `start` counts characters of the body or title named by `field`."""

    kind: str
    words: str
    field: str
    start: int
    paragraph: int

    @property
    def key(self) -> str:
        """What is remembered when the author calls it harmless: the same words elsewhere are harmless too."""
        return f"{self.kind}:{fold(self.words)}"[:200]

    @property
    def must_settle(self) -> bool:
        """True for the full name: hand-in waits until it is mended or called harmless."""
        return self.kind == "name"

    @property
    def what(self) -> str:
        """Vietnamese words for what was found, said to the author."""
        return _WHAT[self.kind].format("của bạn")

    @property
    def what_for_staff(self) -> str:
        """The same, said to an organiser."""
        return _WHAT[self.kind].format("của tác giả")

    @property
    def where(self) -> str:
        """Vietnamese words for where it stands."""
        return "tên bài" if self.field == "title" else f"đoạn {self.paragraph}"


def find(*, title: str, body: str, author: Author) -> list[Leak]:
    """Each place where title or body may name the author, one for each distinct wording, in order.

    The author's own data is found with marks and capitals ignored; what only looks like a person's (a telephone number, an e-mail address,
    a school, an introduction) is found too unless it lies within what was found already.
    """
    found: dict[str, Leak] = {}
    for field, text in (("title", title), ("body", body)):
        own = list(_places(text, author))
        others = [
            place
            for place in _anybody(text, author.places)
            if not any(place[1] < end and start < place[2] for _, start, end in own)
        ]
        for kind, start, end in sorted([*own, *others], key=lambda place: place[1]):
            paragraph = _paragraph(text, start) if field == "body" else 0
            leak = Leak(kind=kind, words=text[start:end], field=field, start=start, paragraph=paragraph)
            found.setdefault(leak.key, leak)
    return list(found.values())


def _places(text: str, author: Author) -> Iterator[tuple[str, int, int]]:
    words = [(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]
    for kind, named in (("name", author.full_name), ("workplace", author.workplace), ("unit", author.unit)):
        wanted = [fold(word) for word in _WORD.findall(named)]
        if len(wanted) < 2:
            continue
        for at in range(len(words) - len(wanted) + 1):
            if all(words[at + step][0] == word for step, word in enumerate(wanted)):
                yield kind, words[at][1], words[at + len(wanted) - 1][2]
    if author.email:
        for match in re.finditer(re.escape(author.email), text, re.IGNORECASE):
            yield "email", match.start(), match.end()
    own = _national(author.phone)
    if len(own) >= 8:
        for match in _NUMBER.finditer(text):
            if _national(match.group()) == own:
                yield "phone", match.start(), match.end()


def _anybody(text: str, places: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    for kind, pattern in (("any-phone", _ANY_PHONE), ("any-email", _ANY_EMAIL), ("school", _SCHOOL), ("i-am", _I_AM)):
        for match in pattern.finditer(text):
            who, _, named = fold(match.group()).partition(" la ")
            if kind != "i-am" or " " in who or named not in places:
                yield kind, match.start(), match.end()


def _national(number: str) -> str:
    """The digits of a telephone number without trunk prefix or country code."""
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+84") or (digits.startswith("84") and len(digits) >= 11):
        digits = digits[2:]
    return digits.lstrip("0")


def _paragraph(text: str, start: int) -> int:
    return sum(1 for line in text[:start].split("\n")[:-1] if line.strip()) + 1
