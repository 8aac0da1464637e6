"""The demo's essay entries: most handed in for the round that is over, a few in the open one; load.py calls it inside its transaction."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.core import clock
from contest.demo import essays
from contest.demo.people import Cast
from contest.demo.timetable import Programme
from contest.entries.models import Entry
from contest.essay import service
from contest.essay.rules import Draft

_IN_OPEN_ROUND = 4


def write(programme: Programme, cast: Cast, count: int, now: datetime, step: Callable[[], None]) -> None:
    """Write `count` different essays (at least five): the visitor has one handed in and one draft in the open round, another entrant too."""
    rng = random.Random("essays")
    over, running = programme.essay
    early = [a for a in cast.entrants if a.created_at < over.closes_at - timedelta(days=3) and a is not cast.visitor]
    authors = rng.sample(early, min(len(early), count - _IN_OPEN_ROUND + 1))
    other = authors.pop()
    for number in range(count - _IN_OPEN_ROUND):
        author = authors[number % len(authors)]
        _hand_in(_draft(over, author, number, _moment(rng, over, author, over.closes_at)), author, number)
        step()
    number = count - _IN_OPEN_ROUND
    for author in (cast.visitor, other):
        for handed_in in (True, False):
            entry, moment = _draft(running, author, number, _moment(rng, running, author, now - timedelta(hours=3)))
            if handed_in:
                _hand_in((entry, moment), author, number)
            number += 1
            step()


def _moment(rng: random.Random, round_: Round, author: Account, until: datetime) -> datetime:
    """A moment of writing while the round is open and the author registered, likelier towards the end."""
    start = max(round_.opens_at, author.created_at) + timedelta(hours=1)
    return start + (until - start - timedelta(hours=2)) * max(rng.random(), rng.random())


def _draft(round_: Round, author: Account, number: int, moment: datetime) -> tuple[Entry, datetime]:
    """A draft written in the page and saved twice, as one who writes does."""
    essay = essays.essay(number)
    with clock.frozen(moment):
        entry = service.begin(round_=round_, entrant=author)
        first = Draft(0, essay.theme, essay.title, essay.text.split("\n\n")[0])
        service.save(entry_id=entry.id, entrant=author, draft=first)
    with clock.frozen(moment + timedelta(minutes=50)):
        whole = Draft(1, essay.theme, essay.title, essay.text)
        service.save(entry_id=entry.id, entrant=author, draft=whole)
    return entry, moment


def _hand_in(written: tuple[Entry, datetime], author: Account, number: int) -> None:
    entry, moment = written
    with clock.frozen(moment + timedelta(minutes=53, seconds=7 * number % 60)):
        service.hand_in(entry_id=entry.id, entrant=author, sequence=2)
