"""Importing many questions of a large file by a job, some hundreds a transaction, so that nobody who writes meanwhile waits long; the desk and the job call it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, field, replace

import redis
import structlog

from contest.core import queue, storage
from contest.core.errors import NotFound, Refused
from contest.quiz.looks import Item, Looked
from contest.quiz.queries.looks import IMPORTING, LASTS, Imported
from contest.quiz.service.bank_import import import_questions
from contest.quiz.service.looks import opened

log = structlog.get_logger(__name__)
AT_ONCE = 500  # questions of a transaction


@dataclass(frozen=True)
class Order:
    """What an organiser confirmed: the places of questions in a look that lies in storage at `index`, what becomes of those whose code the bank has, words
    for their pictures by place, and the reason.
    """

    contest_id: int
    index: str
    places: tuple[int, ...]
    versions: bool
    alts: Mapping[str, str]
    reason: str
    actor_id: int


@dataclass
class Underway:
    """An order that a worker has: what it is about, how many of its questions were seen to, how many came in, and the codes that they have."""

    word: str
    order: Order
    looked: Looked
    seen: int = 0
    added: int = 0
    versions: int = 0
    given: set[str] = field(default_factory=set)


def worded(items: Iterable[Item], alts: Mapping[str, str]) -> list[Item]:
    """The questions, their pictures with the words that a person gave them by place, where they did."""
    return [
        replace(item, picture=replace(item.picture, alt=alts[str(item.place)]))
        if item.picture and str(item.place) in alts
        else item
        for item in items
    ]


def ask_for_import(order: Order) -> str:
    """Put an order before the job that imports, and return its word; pressed again while it waits or runs, nothing is added. Raises Refused without Redis."""
    word = storage.put(json.dumps(asdict(order), ensure_ascii=False).encode())
    try:
        if IMPORTING.ask(word):
            queue.connection().delete(IMPORTING.key(word))
    except redis.RedisError as error:
        log.warning("import_not_asked", error=type(error).__name__)
        raise Refused(
            "Hàng đợi đang gián đoạn nên chưa nhập được nhiều câu hỏi một lúc.",
            kept="Ngân hàng câu hỏi giữ nguyên.",
            todo="Bạn thử lại sau ít phút.",
        ) from None
    return word


def order_of(word: str) -> Order:
    """The order of that word. Raises NotFound once it is forgotten."""
    try:
        body = json.loads(storage.get(word))
    except FileNotFoundError:
        raise NotFound("Lần nhập này không còn được giữ.", todo="Bạn xem ngân hàng câu hỏi và nhật ký.") from None
    return Order(**(body | {"places": tuple(body["places"])}))


def import_taken() -> str | None:
    """The word of an order that was asked for and that no living worker has; None when there is none. What a killed worker held is taken up again."""
    return IMPORTING.take()


def begin_import(word: str) -> Underway:
    """Open an order. What a worker that was killed said of it counts; its questions are gone through from the first, those that came in are passed over."""
    order = order_of(word)
    _, added, versions = (IMPORTING.told(word) or b"0:0:0").split(b":")
    return Underway(word, order, opened(order.contest_id, order.index), added=int(added), versions=int(versions))


def import_part(underway: Underway) -> bool:
    """Import the next questions of an order; False once there are no more. Called in a unit of work, each in its own."""
    order = underway.order
    part = order.places[underway.seen : underway.seen + AT_ONCE]
    if part:
        items = worded(underway.looked.items(part), order.alts)
        done = import_questions(
            contest_id=order.contest_id,
            questions=[item.question for item in items],
            actor_id=order.actor_id,
            source=order.reason,
            versions=order.versions,
            pictures={place: item.picture for place, item in enumerate(items) if item.picture},
            given=underway.given,
        )
        underway.added += done.added
        underway.versions += done.versions
    underway.seen += len(part)
    return underway.seen < len(order.places)


def tell_import(underway: Underway) -> None:
    """Say how far a committed part has brought an order, and once all of it is in, what came of it."""
    if underway.seen < len(underway.order.places):
        IMPORTING.tell(underway.word, f"{underway.seen}:{underway.added}:{underway.versions}")
        return
    done = Imported(underway.added, underway.seen - underway.added, underway.versions)
    queue.connection().set(IMPORTING.key(underway.word), json.dumps(astuple(done)), ex=LASTS)
