"""Winners of one name and one unit are told apart in an award list: by the commune, then by the year of birth; the service calls it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from contest.accounts.models import Account
from contest.core.db import db
from contest.core.vietnamese import fold
from contest.results.rules import Awarded, Candidate, Placed
from contest.units import queries as units


def told_apart(listed: Awarded) -> Awarded:
    """The same list; where two people in it would read alike, their unit says more, and no more than is needed."""
    people = [*(win.placed.candidate for win in listed.wins), *(passed.placed.candidate for passed in listed.passed)]
    shown = {person.id: person.unit for person in people}
    for person in _alike(people, shown):
        shown[person.id] = (units.path(person.unit_id) if person.unit_id else "") or person.unit
    alike = list(_alike(people, shown))
    if alike:
        wanted = {person.account_id for person in alike}
        query = select(Account.id, Account.birth_date).where(Account.id.in_(wanted))
        born: dict[int, date | None] = dict(db.session.execute(query).all())
        for person in alike:
            if day := born.get(person.account_id):
                shown[person.id] = f"{shown[person.id]}, sinh năm {day.year}".removeprefix(", ")
    return Awarded(
        [replace(win, placed=_with_unit(win.placed, shown)) for win in listed.wins],
        [replace(passed, placed=_with_unit(passed.placed, shown)) for passed in listed.passed],
    )


def _alike(people: Iterable[Candidate], shown: dict[int, str]) -> Iterable[Candidate]:
    """Whose name and unit read like another person's; marks and capitals do not part people."""
    groups = defaultdict(list)
    for person in people:
        groups[fold(person.name), fold(shown[person.id])].append(person)
    for group in groups.values():
        if len({person.account_id for person in group}) > 1:
            yield from group


def _with_unit(placed: Placed, shown: dict[int, str]) -> Placed:
    person = placed.candidate
    return (
        placed if person.unit == shown[person.id] else replace(placed, candidate=replace(person, unit=shown[person.id]))
    )
