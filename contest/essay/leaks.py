"""Finds the author's own name, telephone, e-mail and workplace in a text that will be judged blind; pure, service and queries call it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contest.core.vietnamese import fold

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\+?\d(?:[ .\-()]{0,2}\d){7,14}")


@dataclass(frozen=True)
class Author:
    """What identifies the author; an empty text is not looked for."""

    full_name: str
    phone: str = ""
    email: str = ""
    workplace: str = ""
    unit: str = ""


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
        """Vietnamese words for what was found."""
        return {
            "name": "họ tên của bạn",
            "phone": "số điện thoại của bạn",
            "email": "thư điện tử của bạn",
            "workplace": "nơi công tác, học tập của bạn",
            "unit": "đơn vị của bạn",
        }[self.kind]

    @property
    def where(self) -> str:
        """Vietnamese words for where it stands."""
        return "tên bài" if self.field == "title" else f"đoạn {self.paragraph}"


def find(*, title: str, body: str, author: Author) -> list[Leak]:
    """Each place where title or body names the author, marks and capitals ignored, one for each distinct wording, in order."""
    found: dict[str, Leak] = {}
    for field, text in (("title", title), ("body", body)):
        for kind, start, end in sorted(_places(text, author), key=lambda place: place[1]):
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


def _national(number: str) -> str:
    """The digits of a telephone number without trunk prefix or country code."""
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+84") or (digits.startswith("84") and len(digits) >= 11):
        digits = digits[2:]
    return digits.lstrip("0")


def _paragraph(text: str, start: int) -> int:
    return sum(1 for line in text[:start].split("\n")[:-1] if line.strip()) + 1
