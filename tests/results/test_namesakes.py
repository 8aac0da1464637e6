"""Winners who would read alike in an award list are told apart, by no more than is needed."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from contest.accounts.models import Account
from contest.core.db import db, unit_of_work
from contest.results.namesakes import told_apart
from contest.results.rules import Awarded, Candidate, Placed, PrizeOffer, Win
from contest.units import queries as units
from contest.units.models import Unit
from contest.units.rules import UnitKind
from tests.factories import make_account, make_unit

pytestmark = pytest.mark.both_databases


@pytest.fixture
def communes(app_context: Flask) -> list[Unit]:
    """Two communes of one district, and another district."""
    with unit_of_work():
        province = make_unit(name="Tỉnh thử", kind=UnitKind.PROVINCE)
        district = make_unit(name="Huyện Thử", kind=UnitKind.DISTRICT, parent_id=province.id)
        return [
            *(make_unit(name=name, kind=UnitKind.COMMUNE, parent_id=district.id) for name in ("Xã Một", "Xã Hai")),
            make_unit(name="Huyện Khác", kind=UnitKind.DISTRICT, parent_id=province.id),
        ]


def listed(*people: tuple[str, Unit | None, date | None], account: Account | None = None) -> Awarded:
    """A list of these people, name, unit and day of birth, one prize each."""
    wins = []
    with unit_of_work():
        for number, (name, unit, born) in enumerate(people, start=1):
            unit_id = unit.id if unit else None
            person = account or make_account(full_name=name, unit_id=unit_id, birth_date=born)
            candidate = Candidate(number, person.id, name, "", units.shown_name(unit_id), "", (), unit_id)
            placed = Placed(number, candidate, shared=False, decided_above=None, decided_below=None)
            wins.append(Win(placed, PrizeOffer(id=1, name="Giải Ba", places=9, amount=0)))
    return Awarded(wins, [])


def shown(found: Awarded) -> list[str]:
    return [win.placed.candidate.unit for win in found.wins]


def test_one_name_in_one_district_is_told_apart_by_the_commune(communes: list[Unit]) -> None:
    one, two, other = communes
    people = listed(
        ("Vũ Thị Lan", one, None), ("Vũ Thị LAN", two, None), ("Vũ Thị Lan", other, None), ("An", one, None)
    )

    assert shown(told_apart(people)) == ["Xã Một, huyện Thử", "Xã Hai, huyện Thử", "Huyện Khác", "Huyện Thử"]


def test_one_name_in_one_commune_is_told_apart_by_the_year_of_birth(communes: list[Unit]) -> None:
    one = communes[0]
    people = listed(("Lan", one, date(1959, 3, 4)), ("Lan", one, date(2001, 1, 1)), ("Lan", None, None))

    assert shown(told_apart(people)) == ["Xã Một, huyện Thử, sinh năm 1959", "Xã Một, huyện Thử, sinh năm 2001", ""]


def test_two_works_of_one_person_need_no_telling_apart_and_ask_nothing_more(communes: list[Unit]) -> None:
    with unit_of_work():
        author = make_account(full_name="Lan", birth_date=date(1959, 3, 4))
    people = listed(("Lan", communes[0], None), ("Lan", communes[0], None), account=author)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    assert shown(told_apart(people)) == ["Huyện Thử", "Huyện Thử"]
    assert told_apart(people).wins == people.wins
    assert not [statement for statement in asked if "birth_date" in statement]


def test_people_without_a_unit_are_told_apart_by_the_year_alone(communes: list[Unit]) -> None:
    people = listed(("Lan", None, date(1959, 3, 4)), ("Lan", None, date(1960, 3, 4)))

    assert shown(told_apart(people)) == ["sinh năm 1959", "sinh năm 1960"]
    assert shown(told_apart(replace(people, wins=people.wins[:1]))) == [""]
