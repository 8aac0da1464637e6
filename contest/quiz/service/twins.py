"""Comparing the questions of the bank with each other and with those of a file: at once in a small bank, by a job in a large one; the desk and the job call it."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta
from functools import partial

import redis
import structlog

from contest.core import clock, queue
from contest.core.errors import Refused
from contest.quiz import queries as bank
from contest.quiz.queries import twins as queries
from contest.quiz.queries.twins import Twin, Twins
from question_bank import duplicates
from question_bank.findings import Finding
from question_bank.schema import Question as BankQuestion

log = structlog.get_logger(__name__)
SMALL = 1_500  # questions; more are compared in a job
MOST_PAIRS = 20_000
GRAVEST_FIRST = ("contradiction", "duplicate", "same_stem", "near_duplicate")
_KEPT = timedelta(days=30)
_FILE_KEPT = timedelta(hours=2)


@dataclass(frozen=True)
class Compared:
    """What is known of the bank's pairs, and whether it holds for the bank as it is now; `found` is None until a job has brought any.

    `failed` is a job that broke off and is not asked again by itself.
    """

    found: Twins | None
    fresh: bool
    failed: bool = False


def twins_of(contest_id: int) -> Compared:
    """The pairs of the bank: worked out now in a small one; of a large one what a job found last, and where that is old the job is asked again, unless it has failed.

    Pairs of which a question was edited or retired since are left out. Raises Refused where a job is needed and Redis is silent.
    """
    stamp = queries.bank_stamp(contest_id)
    kept = queries.kept_twins(contest_id)
    if kept and kept.stamp == stamp:
        return Compared(kept, fresh=True)
    if queries.in_use(contest_id) <= SMALL:
        return Compared(compare(contest_id), fresh=True)
    failed = queries.WAITING.failed(str(contest_id))
    if not failed:
        ask_for_twins(contest_id)
    return Compared(_still_there(contest_id, kept) if kept else None, fresh=False, failed=failed)


def ask_for_twins(contest_id: int) -> None:
    """Put the bank before the job that compares large ones, also where that failed before. Raises Refused without Redis."""
    try:
        queries.WAITING.ask(str(contest_id))
    except redis.RedisError as error:
        log.warning("twins_not_asked", error=type(error).__name__)
        raise Refused(
            "Hàng đợi đang gián đoạn nên chưa so được các câu hỏi.",
            kept="Ngân hàng câu hỏi giữ nguyên.",
            todo="Bạn thử lại sau ít phút.",
        ) from None


def compare(contest_id: int, told: Callable[[int], object] | None = None) -> Twins:
    """Compare the bank's questions with each other; `told` hears now and then how many are done."""
    stamp = queries.bank_stamp(contest_id)
    held = bank.compared(contest_id)
    pairs = duplicates.pairs([question for _, question in held], told)
    pairs.sort(key=lambda pair: (GRAVEST_FIRST.index(pair.kind), pair.index))
    kept = tuple(Twin(pair.kind, held[pair.other][0], held[pair.index][0]) for pair in pairs[:MOST_PAIRS])
    return Twins(stamp, clock.now(), len(held), len(pairs), kept)


def compare_next() -> bool:
    """Compare one bank that was asked about and that no living worker has; False when there is none. What a killed worker held is taken up again."""
    mine = queries.WAITING.take()
    if mine is None:
        return False
    with queries.WAITING.at_work(mine):
        found = compare(int(mine), partial(queries.WAITING.tell, mine))
        queue.connection().set(queries.WAITING.key(mine), queries.packed(found), ex=_KEPT)
    return True


def alike(contest_id: int, asked: Sequence[BankQuestion], told: Callable[[int], object] | None = None) -> list[Finding]:
    """What repeats the bank's questions in use or an earlier one of `asked`, as `duplicates.find` tells it; kept, for a preview is looked at again and again.

    `told` hears now and then how many questions, those of the bank first, are compared.
    """
    body = [[q.stem, [[c.text, c.correct] for c in q.choices], _picture(q)] for q in asked]
    words = hashlib.sha256(json.dumps([queries.bank_stamp(contest_id), contest_id, body]).encode()).hexdigest()
    key = f"kv:alike:{words}"
    try:
        content = queue.connection().get(key)
    except redis.RedisError as error:
        log.warning("alike_not_read", error=type(error).__name__)
        content = None
    if isinstance(content, bytes):
        rows = json.loads(content)
        return [Finding(index, kind, how, told, tuple(others), *code) for index, kind, how, told, others, *code in rows]
    held = [question for _, question in bank.compared(contest_id)]
    names = [f"{question.code} trong ngân hàng" for question in held]
    found = duplicates.find(asked, bank=held, bank_names=names, progress=told)
    try:
        queue.connection().set(key, json.dumps([astuple(finding) for finding in found]), ex=_FILE_KEPT)
    except redis.RedisError as error:
        log.warning("alike_not_kept", error=type(error).__name__)
    return found


def _still_there(contest_id: int, kept: Twins) -> Twins:
    there = queries.versions_in_use(contest_id)
    pairs = tuple(pair for pair in kept.pairs if pair.earlier in there and pair.later in there)
    return Twins(kept.stamp, kept.at, kept.looked_at, kept.total - len(kept.pairs) + len(pairs), pairs)


def _picture(question: BankQuestion) -> str:
    return hashlib.sha256(question.picture.content).hexdigest() if question.picture else ""
