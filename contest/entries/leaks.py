"""Finds what may tell who wrote a text that will be judged blind: the author's own data, and what looks like anybody's; pure, the tracks call it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from contest.core.vietnamese import fold
from contest.entries import leaks_anybody, leaks_own
from contest.entries.leaks_own import Author
from contest.entries.leaks_reading import bare

__all__ = ["Author", "Leak", "Text", "find", "find_in", "open_leaks", "waiting_leaks"]

_WHAT = {
    "name": "họ tên {}",
    "phone": "số điện thoại {}",
    "email": "thư điện tử {}",
    "identity": "một số căn cước",
    "part-of-name": "một phần họ tên {}",
    "workplace": "nơi công tác, học tập {}",
    "unit": "đơn vị {}",
    "any-phone": "một số điện thoại",
    "any-email": "một địa chỉ thư điện tử",
    "link": "trang cá nhân trên mạng",
    "school": "tên một trường học",
    "class": "lớp đang học",
    "i-am": "lời tự giới thiệu",
}
_OWN = frozenset(["name", "phone", "email", "identity"])


@dataclass(frozen=True)
class Text:
    """One of the texts of an entry: the form's field, what people call it (empty: its paragraphs are counted), and what it says."""

    field: str
    called: str
    words: str


@dataclass(frozen=True)
class Leak:
    """One place of a text that may tell who wrote it; `start` counts characters of the text named by `field`, `where` says it to people."""

    kind: str
    words: str
    field: str
    start: int
    where: str

    @property
    def key(self) -> str:
        """What is remembered when these words are kept: the same words elsewhere are kept too."""
        return f"{self.kind}:{fold(self.words)}"[:200]

    @property
    def own(self) -> bool:
        """True for what is the author's alone: kept in a text, it waits for a clerk and no press lets it pass to the judges."""
        return self.kind in _OWN

    @property
    def what(self) -> str:
        """Vietnamese words for what was found, said to the author."""
        return _WHAT[self.kind].format("của bạn")

    @property
    def what_for_staff(self) -> str:
        """The same, said to an organiser."""
        return _WHAT[self.kind].format("của tác giả")


def find(*, title: str, body: str, author: Author) -> list[Leak]:
    """What `find_in` finds in an essay."""
    return find_in([Text("title", "tên bài", title), Text("body", "", body)], author)


def find_in(texts: Iterable[Text], author: Author) -> list[Leak]:
    """Each place where a text may name the author, one for each distinct wording, in order.

    The author's own data is found in many spellings; what only looks like a person's is found too unless it lies within what was found already.
    """
    found: dict[str, Leak] = {}
    for text in texts:
        read = bare(text.words)
        own = leaks_own.places(read, author)
        others = [
            place
            for place in leaks_anybody.places(read, author.places)
            if not any(place[1] < end and start < place[2] for _, start, end in own)
        ]
        for kind, first, last in sorted([*own, *others], key=lambda place: (place[1], -place[2])):
            start, end = read.places(first, last)
            where = text.called or f"đoạn {_paragraph(text.words, start)}"
            leak = Leak(kind=kind, words=text.words[start:end], field=text.field, start=start, where=where)
            found.setdefault(leak.key, leak)
    return list(found.values())


def open_leaks(leaks: Collection[Leak], kept: Collection[str]) -> list[Leak]:
    """The leaks whose words nobody has decided to keep."""
    return [leak for leak in leaks if leak.key not in kept]


def waiting_leaks(leaks: Collection[Leak], acknowledged: Collection[str], passed: Collection[str]) -> list[Leak]:
    """The author's own data that the author keeps and no clerk has let pass: with any of it, what is handed in waits."""
    return [leak for leak in leaks if leak.own and leak.key in acknowledged and leak.key not in passed]


def _paragraph(text: str, start: int) -> int:
    return sum(1 for line in text[:start].split("\n")[:-1] if line.strip()) + 1
