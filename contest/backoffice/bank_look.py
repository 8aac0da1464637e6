"""A look at question files before anything is kept: what they hold, what was found about it, which questions are ticked; `bank_import` shows it.

Between the look and the import the files lie in storage under their hashes, and so do their pictures, drawn anew; the addresses of the files and
of what became of their pictures travel in a signed token.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from contest.contests import queries as contests
from contest.core import storage
from contest.core.errors import NotFound
from contest.core.forms import clean_line
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.drafts import Draft, Picture
from contest.quiz.service import bank_pictures
from contest.quiz.service.bank import digest_of
from contest.quiz.service.bank_pictures import Drawn
from question_bank import checks, formats, shortening
from question_bank.schema import MAX_ALT, MAX_ITEMS, Problem, Question, Unsupported
from question_bank.schema import Picture as FilePicture

TOKEN_LASTS = 24 * 3600  # seconds
MOST_FILES = 20
MOST_LISTED = 100_000
_WORD = (".docx", ".docm")
_REPEATED = ("duplicate", "contradiction")
_LONGEST_LIST = 200_000


@dataclass(frozen=True)
class Remark:
    """One thing found about a question, in words."""

    message: str
    grave: bool


@dataclass(frozen=True)
class Item:
    """One question of the files; `place` counts from 0 through all of them. `taken` is the code of a question that has the same code.

    Of the picture in the file only the words stay with the question; `picture` is the one in storage.
    """

    place: int
    file: str
    question: Question
    remarks: Sequence[Remark]
    known: bool
    faulty: bool
    doubtful: bool
    taken: str
    picture: Picture | None = None

    @property
    def choosable(self) -> bool:
        """Whether it may be imported at all."""
        return not (self.known or self.faulty)

    @property
    def ticked(self) -> bool:
        """Whether it is chosen until a person says otherwise."""
        return self.choosable and not self.doubtful


@dataclass(frozen=True)
class _Read:
    """One question as a file gave it, the bytes of its picture let go: what became of that picture, or why it is not kept."""

    file: str
    question: Question
    picture: Picture | None
    fault: str


@dataclass(frozen=True)
class Place:
    """A problem or an item that the quiz cannot hold, with the file that it is in."""

    file: str
    line: int | None
    message: str
    kept: bool
    unsupported: bool

    @property
    def where(self) -> str:
        """The line in words; Word files are counted by paragraphs."""
        if self.line is None:
            return "Cả tệp"
        return f"{'Đoạn' if self.file.lower().endswith(_WORD) else 'Dòng'} {self.line}"


@dataclass(frozen=True)
class Looked:
    """Files as they would be imported."""

    names: Sequence[str]
    items: Sequence[Item]
    places: Sequence[Place]

    def count(self, what: str) -> int:
        """How many questions are so: an attribute of Item."""
        return sum(bool(getattr(item, what)) for item in self.items)

    def chosen(self, places: Iterable[int], alts: Mapping[str, str] | None = None) -> list[Item]:
        """The items at these places that may be imported; `alts` holds words for pictures under "alt-" and the place."""
        wanted = set(places)
        return [_worded(item, alts or {}) for item in self.items if item.place in wanted and item.choosable]

    @property
    def defaults(self) -> list[int]:
        """The places of all that are ticked at first."""
        return [item.place for item in self.items if item.ticked]


def keep(files: Iterable[tuple[str, bytes]]) -> str:
    """Put files into storage and return the token that finds them again."""
    kept = [(name, content, storage.put(content)) for name, content in files]
    pictured = [(name, content) for name, content, _ in kept if content.startswith(b"PK") or b"<" in content]
    read = (question for name, content in pictured for question in formats.read(name, content).questions)
    drawn = bank_pictures.draw_pictures(read, most=bank_pictures.MOST)
    return _signer().dumps([storage.put(drawn.written().encode()), [[address, name] for name, _, address in kept]])


def look(token: str) -> Looked:
    """The files behind a token; raises NotFound for a token that is not ours, is too old, or whose files are gone."""
    try:
        pictures, kept = _signer().loads(token, max_age=TOKEN_LASTS)
    except BadSignature:
        raise _gone() from None
    drawn = Drawn.read(_held(pictures))
    names: list[str] = []
    questions: list[_Read] = []
    places: list[Place] = []
    for address, name in kept:
        parsed = formats.read(name, _held(address))
        names.append(name)
        questions += [_let_go(name, question, drawn) for question in checks.pin_all(parsed.questions)]
        places += _places(name, parsed.problems, parsed.unsupported)
        if len(questions) > MAX_ITEMS:
            del questions[MAX_ITEMS:]
            places.append(
                Place(name, None, f"Chỉ xem được {MAX_ITEMS} câu đầu của mọi tệp.", kept=False, unsupported=False)
            )
            break
    return Looked(names, _items(questions), places)


def ranges(places: Iterable[int]) -> str:
    """Places as short text: "0-19,22"."""
    found: list[list[int]] = []
    for place in sorted(set(places)):
        if found and place == found[-1][1] + 1:
            found[-1][1] = place
        else:
            found.append([place, place])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def places_of(text: str, most: int = MOST_LISTED) -> list[int]:
    """The reverse of `ranges`, at most so many numbers; whatever is no number is left out."""
    found: set[int] = set()
    for part in text[:_LONGEST_LIST].split(","):
        first, _, last = part.partition("-")
        last = last or first
        if all(end.isascii() and end.isdecimal() and len(end) < 16 for end in (first, last)):
            start = int(first)
            found.update(range(start, min(int(last) + 1, start + most - len(found))))
    return sorted(found)


def _gone() -> NotFound:
    return NotFound("Lần xem trước này không còn.", todo="Bạn gửi lại tệp câu hỏi.")


def _held(address: str) -> bytes:
    try:
        return storage.get(address)
    except FileNotFoundError:
        raise _gone() from None


def _let_go(name: str, question: Question, drawn: Drawn) -> _Read:
    picture, fault = drawn.of(question), drawn.fault(question)
    words = FilePicture(b"", question.picture.alt) if question.picture and not fault else None
    return _Read(name, replace(question, picture=words), picture, fault)


def _places(name: str, problems: Sequence[Problem], unsupported: Sequence[Unsupported]) -> Iterator[Place]:
    for problem in problems:
        yield Place(name, problem.line, problem.message, problem.kept, unsupported=False)
    for item in unsupported:
        yield Place(name, item.line, item.message, kept=False, unsupported=True)


def _worded(item: Item, alts: Mapping[str, str]) -> Item:
    """The item with the words that a person gave its picture, where they did."""
    alt = alts.get(f"alt-{item.place}")
    if item.picture is None or alt is None:
        return item
    return replace(item, picture=replace(item.picture, alt=clean_line(alt)[:MAX_ALT]))


def _items(found: Sequence[_Read]) -> list[Item]:
    contest_id = contests.the_contest().id
    known, codes = quiz.known(contest_id), quiz.codes(contest_id)
    asked = [Draft(replace(read.question, picture=None), picture=read.picture).compared() for read in found]
    alike = {finding.index: finding for finding in service.alike(contest_id, asked)}
    items = []
    for place, read in enumerate(found):
        question = read.question
        single, among = checks.check([asked[place]], multiple=True), alike.get(place)
        remarks = [Remark(one.message, one.severity == "error") for one in ([*single, among] if among else single)]
        items.append(
            Item(
                place=place,
                file=read.file,
                question=question,
                remarks=[*remarks, Remark(read.fault, grave=False)] if read.fault else remarks,
                known=known.holds(digest_of(question), read.picture),
                faulty=any(finding.severity == "error" for finding in single),
                doubtful=among is not None and among.kind in _REPEATED,
                taken=code if (code := shortening.code(question.code)) in codes else "",
                picture=read.picture,
            )
        )
    return items


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="backoffice.bank.look")
