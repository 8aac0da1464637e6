"""The demo's people: staff with plain passwords, one entrant to sign in as, and many more; load.py calls it inside its transaction."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from contest.accounts import contacts, passwords, service
from contest.accounts import queries as known
from contest.accounts import rules as accounts
from contest.accounts.models import Account
from contest.accounts.rules import Role
from contest.accounts.service import Agreed, Identity
from contest.core import clock
from contest.core.db import db
from contest.core.display import vietnam_time
from contest.demo import names
from contest.demo.timetable import Calendar
from contest.units import queries as units
from contest.units.rules import Place

# Shown to everybody who runs the demo.
PASSWORD = "khatvong2045"  # nosec B105
ENTRANT = "nguoidu.thi@demo.khatvong.example"
JUDGES = tuple(f"giam.khao{number}@demo.khatvong.example" for number in (1, 2, 3, 4))
ORGANIZER = "ban.tochuc@demo.khatvong.example"
ADMIN = "quan.tri@demo.khatvong.example"

_STAFF = (
    *zip(JUDGES, ("Nguyễn Văn Mẫu", "Lê Thị Mẫu", "Hoàng Đức Mẫu", "Vũ Thu Mẫu"), (Role.JUDGE,) * 4, strict=True),
    (ORGANIZER, "Phạm Thị Mẫu", Role.ORGANIZER),
    (ADMIN, "Đinh Công Mẫu", Role.ADMIN),
)
_ENTRANT_NAME = "Trần Thị Minh Họa"
_GUARDIANS_FROM = 50_000
_LATECOMERS = 0.13

_OCCUPATIONS = {
    "Giáo viên": "Giáo viên, giảng viên",
    "Công nhân": "Công nhân, người lao động",
    "Kinh doanh, dịch vụ": "Kinh doanh, nghề tự do",
}
_SEXES = {"nam": "Nam", "nữ": "Nữ"}

# How many of a hundred or so come from each district or group, by its code; what is not named here sends a few.
_SHARES = {
    "213": 60, "222": 42, "223": 32, "217": 30, "218": 32, "219": 20, "224": 24, "220": 15, "216": 27, "215": 17, "CQT": 30,
}  # fmt: skip
_FEW = 7


@dataclass(frozen=True)
class Cast:
    """Everybody in the demo; `entrants` stand in the order in which they registered and include `visitor`, whose account is printed."""

    judges: list[Account]
    organizer: Account
    entrants: list[Account]
    visitor: Account


def account_lines() -> list[str]:
    """How to sign in as each role of the demo, of those who can; empty where the contest is no demo, or nobody has the demo's password any more."""
    rows = {Role.ENTRANT: ENTRANT, Role.JUDGE: JUDGES[0], Role.ORGANIZER: ORGANIZER, Role.ADMIN: ADMIN}
    known = select(Account).where(Account.email.in_(rows.values()), Account.disabled_at.is_(None))
    there = {account.email: account for account in db.session.scalars(known)}
    able = {
        role: address
        for role, address in rows.items()
        if address in there
        and there[address].role is role
        and passwords.matches(there[address].password_hash, PASSWORD)
    }
    if not able:
        return []
    return [
        f"Tài khoản trình diễn, mật khẩu chung: {PASSWORD}",
        *(f"{accounts.ROLE_NAMES[role]:<20}{address}" for role, address in able.items()),
    ]


def gather(calendar: Calendar, count: int, step: Callable[[], None]) -> Cast:
    """Open the accounts of staff and of `count` entrants, each at its own moment; the password is hashed once for all."""
    kept = passwords.hashed(PASSWORD)
    with clock.frozen(calendar.announced):
        staff = {address: _staff(address, name, role, kept) for address, name, role in _STAFF}
    rng = random.Random("people")
    moments = registrations(calendar, count)
    at_visitor = len(moments) // 3
    chooser = _Units(vietnam_time(calendar.now).date())
    entrants = []
    for number, moment in enumerate(moments):
        with clock.frozen(moment):
            visitor = number == at_visitor
            account = _entrant(rng, number, chooser, kept, visitor=visitor)
        entrants.append(account)
        step()
    db.session.flush()
    return Cast([staff[address] for address in JUDGES], staff[ORGANIZER], entrants, entrants[at_visitor])


def registrations(calendar: Calendar, count: int) -> list[datetime]:
    """When each entrant registers, in order: most before the first quiz round closed, some for the second; mostly by day, in the evening too."""
    rng = random.Random("registrations")
    late = round(count * _LATECOMERS)
    days = [rng.triangular(-58, -23, -47) for _ in range(count - late)] + [rng.uniform(-6, -1) for _ in range(late)]
    hours = (7, 8, 8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 15, 16, 17, 19, 20, 20, 21, 22)
    moments = [
        calendar.at(int(day), rng.choice(hours), rng.randrange(60)) + timedelta(seconds=rng.uniform(0, 60))
        for day in days
    ]
    return sorted(moments)


def _staff(address: str, name: str, role: Role, kept: str) -> Account:
    account = service.create_account(
        identity=Identity(full_name=name), phone=None, email=address, password_hash=kept, role=role
    )
    account.is_demo = True
    return account


def _entrant(rng: random.Random, number: int, chooser: "_Units", kept: str, *, visitor: bool) -> Account:
    today = vietnam_time(clock.now()).date()
    asked = known.asked()
    person, born = _of_age(rng, asked.min_age, today)
    unit = chooser.choose(rng)
    guarded = not visitor and accounts.age_on(born, today) < asked.guardian_age
    guardian, guardian_phone = "", ""
    if guarded:
        family = person.full_name.split()[0]
        guardian = " ".join([family, *_grown_up(rng).full_name.split()[1:]])
        guardian_phone = contacts.phone(names.phone(_GUARDIANS_FROM + number)) or ""
    by = rng.random()
    phone = contacts.phone(names.phone(number)) if by < 0.8 else None
    email = names.email(person.full_name, number) if by >= 0.7 else None
    if visitor:
        person = person._replace(full_name=_ENTRANT_NAME, sex="nữ", occupation="Giáo viên")
        born, phone, email = date(today.year - 34, 3, 14), None, ENTRANT
    identity = Identity(
        full_name=person.full_name,
        birth_date=born,
        sex=_SEXES[person.sex],
        occupation=_OCCUPATIONS.get(person.occupation, person.occupation),
        unit_id=unit.id,
        guardian_name=guardian,
        guardian_phone=guardian_phone,
    )
    consents = [Agreed(accounts.CONSENT_TO_TAKE_PART, accounts.consent_text(asked))]
    if guarded:
        words = accounts.consent_text(asked, guardian=True)
        consents.append(Agreed(accounts.CONSENT_OF_GUARDIAN, words, by_guardian=True))
    account = service.register(
        identity=identity, phone=phone, email=email, password_hash=kept, consents=tuple(consents)
    )
    account.is_demo = True
    return account


def _of_age(rng: random.Random, youngest: int, today: date) -> tuple[names.Person, date]:
    """The next person old enough to take part; ages are as of the day of loading, whatever year that is."""
    while True:
        person = names.person(rng)
        born = person.birth_date + (today - names.BORN_BEFORE)
        if accounts.age_on(born, today) >= youngest:
            return person, born


def _grown_up(rng: random.Random) -> names.Person:
    while True:
        person = names.person(rng)
        if person.occupation not in ("Học sinh", "Sinh viên"):
            return person


class _Units:
    """Draws a unit that may be chosen today: first its district or group by weight, then one within."""

    def __init__(self, today: date) -> None:
        self._within: dict[str, list[Place]] = {}
        for place in units.tree().leaves(today):
            top = units.district_of(place.id) or place
            self._within.setdefault(top.code, []).append(place)
        self._codes: Sequence[str] = list(self._within)
        self._weights = [_SHARES.get(code, _FEW) for code in self._codes]

    def choose(self, rng: random.Random) -> Place:
        return rng.choice(self._within[rng.choices(self._codes, self._weights)[0]])
