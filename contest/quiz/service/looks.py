"""Looking at files of questions before anything is imported: at once where they are small, by a job where they are large; the desk and the job call it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace

import redis
import structlog

from contest.contests import queries as contests
from contest.core import queue, storage
from contest.core.errors import NotFound, Refused
from contest.quiz import looks
from contest.quiz import queries as bank
from contest.quiz.drafts import Draft, Picture
from contest.quiz.looks import LISTED, PART, Looked, Mark, Place, Remark, Row, Sign
from contest.quiz.queries import looks as queries
from contest.quiz.queries.looks import READING
from contest.quiz.queries.twins import bank_stamp, in_use
from contest.quiz.service import bank_pictures
from contest.quiz.service.bank import digest_of
from contest.quiz.service.bank_pictures import Drawn
from contest.quiz.service.twins import alike
from question_bank import checks, formats, shortening
from question_bank.formats import zipped
from question_bank.formats.archive import MAX_MEMBERS
from question_bank.schema import MAX_ITEMS, Parsed, Question
from question_bank.schema import Picture as FilePicture

log = structlog.get_logger(__name__)
LARGE = 500_000  # bytes of text, in all files together; more are read by a job
MANY = 1_500  # questions in them, which take a second; so are more
_ZIPPED = 3  # bytes of text in a byte of a zipped file
_DRAWN = 10  # bytes of a zipped picture that are drawn as quickly as one of text is read
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".emf", ".wmf", ".tif", ".tiff")
_REPEATED = ("duplicate", "contradiction")
_READ, _COMPARED = 45, 90  # of a hundred


@dataclass(frozen=True)
class Sent:
    """Files as they lie in storage: (address, name) each. `word` names the list of large ones, whose pictures a job draws; `pictures` what became of those
    of small ones.
    """

    files: tuple[tuple[str, str], ...]
    pictures: str = ""
    word: str = ""


@dataclass
class _Found:
    """What files hold so far: each question with its file, its picture in storage, and why that is not kept where it is not."""

    questions: list[tuple[str, Question, Picture | None, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether no file after the last is looked at."""
        return len(self.questions) > MAX_ITEMS

    def add(self, name: str, parsed: Parsed, drawn: Drawn) -> None:
        """Take what a file holds, the bytes of its pictures let go."""
        self.names.append(name)
        for question in checks.pin_all(parsed.questions):
            picture, fault = drawn.of(question), drawn.fault(question)
            words = FilePicture(b"", question.picture.alt) if question.picture and not fault else None
            self.questions.append((name, replace(question, picture=words), picture, fault))
        self.places += [Place(name, p.line, p.message, p.kept, unsupported=False) for p in parsed.problems]
        self.places += [
            Place(name, item.line, item.message, kept=False, unsupported=True) for item in parsed.unsupported
        ]
        if self.full:
            del self.questions[MAX_ITEMS:]
            message = f"Chỉ xem được {MAX_ITEMS} câu đầu của mọi tệp."
            self.places.append(Place(name, None, message, kept=False, unsupported=False))


def keep_files(files: Iterable[tuple[str, bytes]]) -> Sent:
    """Put files into storage to be looked at; the pictures of small ones are drawn at once."""
    kept = [(name, content, storage.put(content)) for name, content in files]
    found = tuple((address, name) for name, _, address in kept)
    if sum(_weight(content) for _, content, _ in kept) <= LARGE:
        read = [question for name, content, _ in kept for question in formats.read(name, content).questions]
        if len(read) <= MANY:
            drawn = bank_pictures.draw_pictures(read, most=bank_pictures.MOST)
            return Sent(found, pictures=storage.put(drawn.written().encode()))
    return Sent(found, word=storage.put(json.dumps([contests.the_contest().id, found]).encode()))


def look_at(sent: Sent, *, older: bool = False) -> Looked | None:
    """What the files hold against the bank as it is now; None while a job reads large ones, which it is asked for unless it has failed.

    Where the bank has changed since they were compared with it, large files are read again, unless an `older` comparison will do. Raises NotFound
    where the files are gone, and Refused where a job is needed and Redis is silent.
    """
    contest_id = contests.the_contest().id
    if not sent.word:
        found = _read(sent.files, Drawn.read(_held(sent.pictures)))
        rows, signs = _rows(contest_id, found)
        return Looked(
            found.names,
            _marks(contest_id, signs),
            found.places,
            len(found.places),
            lambda part: rows[part * PART : (part + 1) * PART],
        )
    kept = queries.kept_look(sent.word)
    if kept and (older or kept.stamp == bank_stamp(contest_id)):
        return opened(contest_id, kept.index)
    if not (older or READING.failed(sent.word)):
        ask_for_look(sent)
    return None


def ask_for_look(sent: Sent) -> None:
    """Put large files before the job that reads such, also where it failed before; those that wait already wait once. Raises NotFound, Refused."""
    _held(sent.word)
    try:
        READING.ask(sent.word)
    except redis.RedisError as error:
        log.warning("reading_not_asked", error=type(error).__name__)
        raise Refused(
            "Hàng đợi đang gián đoạn nên chưa đọc được tệp lớn.",
            kept="Tệp đã gửi được giữ một ngày. Chưa có gì được ghi.",
            todo="Bạn tải lại trang sau ít phút, hoặc chia thành các tệp nhỏ hơn.",
        ) from None


def look_next() -> bool:
    """Read one list of large files that was asked for and that no living worker has; False when there is none. What a killed worker held is taken up again."""
    mine = READING.take()
    if mine is None:
        return False
    with READING.at_work(mine):
        _look(mine)
    return True


def _weight(content: bytes) -> int:
    """How many bytes of text take as long to read."""
    if not content.startswith(b"PK"):
        return len(content)
    try:
        held = zipped.opened(content, most=MAX_MEMBERS)[1].values()
    except zipped.NotOpened:
        return len(content)
    pictures = sum(one.compress_size for one in held if one.filename.lower().endswith(_PICTURES))
    return (
        sum(one.compress_size for one in held if not one.filename.lower().endswith(_PICTURES)) * _ZIPPED
        + pictures // _DRAWN
    )


def _look(word: str) -> None:
    contest_id, files = json.loads(_held(word))
    stamp = bank_stamp(contest_id)

    def tell(done: float) -> None:
        READING.tell(word, int(done))

    found = _read(files, Drawn(), tell, draw=True)
    total = len(found.questions) + in_use(contest_id)
    rows, signs = _rows(contest_id, found, lambda done: tell(_READ + (_COMPARED - _READ) * done / total))
    tell(_COMPARED)
    parts: list[str] = []
    for start in range(0, len(rows), PART):
        parts.append(storage.put(looks.packed(rows[start : start + PART])))
        tell(_COMPARED + (100 - _COMPARED) * start / len(rows))
    index = {
        "names": found.names,
        "places": [asdict(place) for place in found.places[:LISTED]],
        "places_found": len(found.places),
        "signs": [astuple(sign) for sign in signs],
        "parts": parts,
    }
    kept = queries.Kept(stamp, storage.put(json.dumps(index, ensure_ascii=False).encode()))
    queue.connection().set(READING.key(word), json.dumps(astuple(kept)), ex=queries.LASTS)


def opened(contest_id: int, index: str) -> Looked:
    """A look that a job left in storage, against the bank as it is now. Raises NotFound."""
    body = json.loads(_held(index))
    parts = body["parts"]
    return Looked(
        body["names"],
        _marks(contest_id, (Sign(*sign) for sign in body["signs"])),
        [Place(**place) for place in body["places"]],
        body["places_found"],
        lambda part: looks.unpacked(_held(parts[part])),
        index,
    )


def _marks(contest_id: int, signs: Iterable[Sign]) -> list[Mark]:
    return looks.marked(signs, bank.known(contest_id), bank.codes(contest_id))


def _read(
    files: Sequence[tuple[str, str]],
    drawn: Drawn,
    told: Callable[[float], object] | None = None,
    *,
    draw: bool = False,
) -> _Found:
    """What these files hold; `draw` draws their pictures on the way, `told` hears how far it is, up to _READ."""
    found = _Found()
    for number, (address, name) in enumerate(files):
        parsed = formats.read(name, _held(address))
        if draw:
            bank_pictures.draw_pictures(
                _telling(parsed.questions, told, _READ * number / len(files)), most=bank_pictures.MOST, onto=drawn
            )
        found.add(name, parsed, drawn)
        if told:
            told(_READ * (number + 1) / len(files))
        if found.full:
            break
    return found


def _rows(contest_id: int, found: _Found, told: Callable[[int], object] | None = None) -> tuple[list[Row], list[Sign]]:
    """Every question with what is to be said about it, and what it is known by; `told` hears how many are compared."""
    asked = [
        Draft(replace(question, picture=None), picture=picture).compared()
        for _, question, picture, _ in found.questions
    ]
    repeating = {finding.index: finding for finding in alike(contest_id, asked, told)}
    rows: list[Row] = []
    signs: list[Sign] = []
    for place, (name, question, picture, fault) in enumerate(found.questions):
        single, among = checks.check([asked[place]], multiple=True), repeating.get(place)
        remarks = [Remark(one.message, one.severity == "error") for one in single]
        if among:
            other = among.others[0] if among.others else None
            remarks.append(Remark(among.message, among.severity == "error", among.code, other))
        if fault:
            remarks.append(Remark(fault, grave=False))
        rows.append(Row(name, question, picture, tuple(remarks)))
        signs.append(
            Sign(
                digest_of(question),
                picture.address if picture else "",
                shortening.code(question.code),
                any(finding.severity == "error" for finding in single),
                among is not None and among.kind in _REPEATED,
            )
        )
    return rows, signs


def _telling(questions: Sequence[Question], told: Callable[[float], object] | None, done: float) -> Iterator[Question]:
    """The questions, with a word before each picture that the worker lives: drawing many takes minutes."""
    for question in questions:
        if told and question.picture is not None:
            told(done)
        yield question


def _held(address: str) -> bytes:
    try:
        return storage.get(address)
    except FileNotFoundError:
        raise NotFound("Lần xem trước này không còn.", todo="Bạn gửi lại tệp câu hỏi.") from None
