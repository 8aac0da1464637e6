"""Signals as read by the desk: one page of a round's, one with its attempts, and how many wait to be looked at."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.accounts.models import Account
from contest.core.db import db
from contest.core.errors import NotFound
from contest.core.paging import Page, page_of
from contest.quiz.ledger import Signal, SignalKind, SignalState
from contest.quiz.models import Attempt
from contest.quiz.queries.keys import keys_by_version
from contest.quiz.queries.papers import frozen_bank
from question_bank import answers as codes
from question_bank.grading import ANY, FREE

MOST_COMPARED = 50


@dataclass(frozen=True)
class SignalPage(Page[Signal]):
    """One page of a round's signals; `names` gives the person of each first attempt."""

    names: dict[int, str]


@dataclass(frozen=True)
class SharedError:
    """A question that at least two of the attempts have wrong with the same choice: what they ticked, what is right now, and which attempts."""

    version_id: int
    stem: str
    given: tuple[str, ...]
    right: tuple[str, ...]
    attempt_ids: tuple[int, ...]


def signals_page(
    round_id: int,
    *,
    kind: SignalKind | None = None,
    state: SignalState | None = None,
    page: int = 1,
    per_page: int = 25,
) -> SignalPage:
    """Signals of a round, those not looked at first."""
    wanted = [Signal.round_id == round_id]
    wanted += [Signal.kind == kind] if kind else []
    wanted += [Signal.state == state] if state else []
    total = db.session.scalar(select(func.count()).select_from(Signal).where(*wanted)) or 0
    query = select(Signal).where(*wanted).order_by(Signal.state != SignalState.NEW, Signal.id)

    def read(offset: int, most: int) -> Sequence[Signal]:
        return db.session.scalars(query.offset(offset).limit(most)).all()

    found = page_of(read, total=total, page=page, per_page=per_page)
    names = {which: name for which, (_, name) in people_of([row.attempt_ids[0] for row in found.rows]).items()}
    return SignalPage(**vars(found), names=names)


def signal_by_id(signal_id: int) -> Signal:
    """The signal; raises NotFound."""
    found = db.session.get(Signal, signal_id)
    if found is None:
        raise NotFound("Không có tín hiệu này.")
    return found


def attempts_of(found: Signal) -> list[tuple[Attempt, Account]]:
    """The attempts that a signal is about, with their people, in the order of hand-in; of more than `MOST_COMPARED` the first."""
    query = select(Attempt, Account).join(Account, Account.id == Attempt.entrant_id)
    query = query.where(Attempt.id.in_(found.attempt_ids)).order_by(Attempt.handed_in_at, Attempt.id)
    return [(attempt, account) for attempt, account in db.session.execute(query.limit(MOST_COMPARED))]


def shared_errors(round_id: int, attempts: Sequence[Attempt]) -> list[SharedError]:
    """What these attempts of a round have wrong alike by the keys of now, what most of them share first; as many reads for two attempts as for fifty."""
    bank = frozen_bank(round_id)
    keys = keys_by_version(round_id, bank)
    chose: dict[tuple[int, str], list[int]] = defaultdict(list)
    for attempt in attempts:
        for item, char in zip(bank.paper(attempt.seed).items, attempt.answers, strict=True):
            if char not in (codes.BLANK, keys[item.key]) and keys[item.key] not in (ANY, FREE):
                chose[item.key, char].append(attempt.id)

    def words(version_id: int, char: str) -> tuple[str, ...]:
        choices = bank.questions[version_id].choices
        return tuple(choices[place] for place in sorted(codes.chosen(char)))

    return [
        SharedError(which, bank.questions[which].stem, words(which, char), words(which, keys[which]), tuple(ids))
        for (which, char), ids in sorted(chose.items(), key=lambda kind: (-len(kind[1]), kind[0]))
        if len(ids) > 1
    ]


def people_of(attempt_ids: list[int]) -> dict[int, tuple[int, str]]:
    """Of each attempt: its entrant's id and name."""
    query = select(Attempt.id, Account.id, Account.full_name).join(Account, Account.id == Attempt.entrant_id)
    return {which: (who, name) for which, who, name in db.session.execute(query.where(Attempt.id.in_(attempt_ids)))}


def waiting_signals(round_id: int) -> int:
    """How many signals of a round nobody has looked at."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Signal).where(Signal.round_id == round_id, Signal.state == SignalState.NEW)
        )
        or 0
    )
