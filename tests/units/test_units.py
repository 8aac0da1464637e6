"""The units in the database and behind their address."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.units import queries, service
from contest.units.models import Unit
from contest.units.rules import UnitKind

MARCH = date(2025, 3, 4)


@pytest.mark.both_databases
def test_loading_the_seed_twice_is_loading_it_once(app_context):
    with unit_of_work():
        assert service.load_seed() == 288
    with unit_of_work():
        assert service.load_seed() == 0
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 288
    assert queries.path(queries.by_code("07540-2025").id) == "Xã Sa Lý, huyện Lục Ngạn"


def test_what_organisers_renamed_stays_renamed(app_context):
    with unit_of_work():
        service.load_seed()
    with unit_of_work():
        db.session.scalars(select(Unit).where(Unit.code == "TD")).one().name = "Tỉnh đoàn"
    with unit_of_work():
        service.load_seed()
    assert queries.path(queries.by_code("TD").id) == "Tỉnh đoàn"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "NT"},
        {"valid_from": date(2025, 2, 1), "valid_to": date(2025, 1, 1)},
        {"parent_id": 10**6},
    ],
)
def test_the_database_refuses_a_unit_that_cannot_be(app_context, wrong):
    with unit_of_work():
        service.load_seed()
    fields = {"code": "MOI", "name": "Mới", "folded": "moi", "kind": UnitKind.OTHER, **wrong}
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.add(Unit(**fields))


def test_a_rename_is_seen_at_once(app_context):
    with unit_of_work():
        service.load_seed()
    assert queries.search("truong chinh tri", MARCH)
    with unit_of_work():
        unit = db.session.scalars(select(Unit).where(Unit.code == "TCT")).one()
        unit.name, unit.folded = "Tỉnh bạn", "tinh ban"
    assert not queries.search("truong chinh tri", MARCH)
    assert queries.search("tinh ban", MARCH)


def test_the_address_finds_units_of_the_day(app, client):
    with app.app_context(), unit_of_work():
        service.load_seed()
    with clock.frozen(datetime(2025, 3, 4, 7, tzinfo=UTC)):
        reply = client.get("/don-vi/tim", query_string={"q": "xa dai lam"})
    assert reply.status_code == 200
    assert [unit["name"] for unit in reply.json["units"]] == ["Xã Đại Lâm, huyện Lạng Giang"]
    assert reply.cache_control.public
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("query", ["", "?q=", "?q=%00%ff", "?q=" + "a" * 5000, "?q=%27%3B--", "?p=1"])
def test_a_strange_question_gets_an_empty_answer(client, query):
    reply = client.get("/don-vi/tim" + query)
    assert reply.status_code == 200
    assert reply.json == {"units": []}


def test_who_names_no_unit_is_counted_under_no_name(app_context):
    with unit_of_work():
        service.load_seed()
    assert queries.district_name(queries.by_code("07540-2025").id) == "Huyện Lục Ngạn"
    assert queries.district_name(None) == ""
    assert queries.district_of(None) is None
