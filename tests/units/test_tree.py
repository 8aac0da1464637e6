"""The tree of units as values: dates, finding, paths and choices, over the seed of Bắc Giang."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.core.vietnamese import fold
from contest.units.data import seed_units
from contest.units.rules import Place, Tree, UnitKind

BEFORE = date(2024, 12, 31)
AFTER = date(2025, 1, 1)


def build_tree():
    seed = seed_units()
    ids = {unit.code: place for place, unit in enumerate(seed, start=1)}
    return Tree(
        Place(
            id=ids[unit.code],
            code=unit.code,
            name=unit.name,
            folded=fold(unit.name),
            kind=unit.kind,
            parent_id=ids[unit.parent] if unit.parent else None,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            merged_into_id=ids[unit.merged_into] if unit.merged_into else None,
            position=ids[unit.code],
        )
        for unit in seed
    )


TREE = build_tree()


def by_code(code):
    return next(place for place in TREE.by_id.values() if place.code == code)


def named(places):
    return [TREE.path(place.id) for place in places]


@pytest.mark.parametrize(("day", "communes"), [(BEFORE, 209), (AFTER, 192)])
def test_there_are_ten_districts_and_all_communes_on_both_sides_of_the_new_year(day, communes):
    living = [place for place in TREE.by_id.values() if place.exists_on(day)]
    assert sum(place.kind is UnitKind.DISTRICT for place in living) == 10
    assert sum(place.kind is UnitKind.COMMUNE for place in living) == communes


def test_yen_dung_is_a_district_until_the_new_year_and_chu_a_town_from_then():
    before, after = ({place.name for place in TREE.top_level(day)} for day in (BEFORE, AFTER))
    assert before - after == {"Huyện Yên Dũng"}
    assert after - before == {"Thị xã Chũ"}


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_what_exists_lies_in_something_that_exists(day):
    for place in TREE.by_id.values():
        if place.exists_on(day) and place.parent_id is not None:
            assert TREE.by_id[place.parent_id].exists_on(day), place.name


def test_names_are_one_of_a_kind_within_their_parent_on_any_day():
    for day in (BEFORE, AFTER):
        seen = [(place.parent_id, place.folded) for place in TREE.by_id.values() if place.exists_on(day)]
        assert len(seen) == len(set(seen))


@pytest.mark.parametrize("text", ["xa dai lam", "đại lâm", "Xã Đại  Lâm, Lạng Giang", "dai lam lang", "DAI LAM"])
def test_a_commune_is_found_however_it_is_typed(text):
    assert named(TREE.search(text, AFTER))[0] == "Xã Đại Lâm, huyện Lạng Giang"


def test_a_search_knows_the_day():
    assert named(TREE.search("kien lao", BEFORE)) == ["Xã Kiên Lao, huyện Lục Ngạn"]
    assert named(TREE.search("kien lao", AFTER)) == ["Xã Kiên Lao, thị xã Chũ"]


def test_a_district_comes_before_what_lies_in_it():
    assert named(TREE.search("hiep hoa", AFTER))[0] == "Huyện Hiệp Hòa"


def test_a_search_gives_no_more_than_asked_and_nothing_for_nothing():
    assert len(TREE.search("tan", AFTER, 5)) == 5
    assert TREE.search("  ", AFTER) == []
    assert TREE.search("tan", AFTER, 0) == []
    assert TREE.search("không có nơi này", AFTER) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hà Nội",
        "ha noi",
        "tp hcm",
        "TP.HCM",
        "TPHCM",
        "TP. Hồ Chí Minh",
        "sài gòn",
        "tỉnh khác",
        "ngoại tỉnh",
        "tỉnh Nghệ An",
        "nước ngoài",
    ],
)
def test_people_from_elsewhere_find_outside_the_province_first(text):
    assert named(TREE.search(text, AFTER))[0] == "Ngoài tỉnh"


@pytest.mark.parametrize("text", ["ha no", "tp ho ch", "thanh h"])
def test_the_beginning_of_another_province_finds_it_after_what_is_here(text):
    assert named(TREE.search(text, AFTER))[-1] == "Ngoài tỉnh"


@pytest.mark.parametrize("text", ["Bắc Giang", "tỉnh Bắc Giang", "tp", "ha"])
def test_the_own_province_and_a_mere_kind_are_nowhere_else(text):
    assert "Ngoài tỉnh" not in named(TREE.search(text, AFTER, 500))


@given(st.text())
def test_any_text_may_be_searched_for(text):
    for place in TREE.search(text, AFTER):
        assert place.exists_on(AFTER)


def test_neither_the_province_nor_a_heading_may_be_chosen():
    for code in ("24", "CQT", "221"):
        assert not TREE.may_choose(by_code(code).id, AFTER)
    for code in ("213", "07681-2025", "DB-QS", "NT", "KHAC"):
        assert TREE.may_choose(by_code(code).id, AFTER)
    assert not TREE.may_choose(10**9, AFTER)


def test_a_party_committee_of_a_district_is_counted_with_the_district():
    assert TREE.district_of(by_code("DB-223").id) == by_code("223")
    assert TREE.path(by_code("DB-223").id) == "Huyện ủy Hiệp Hòa"
    assert TREE.district_of(by_code("DB-QS").id) == by_code("CQT")
    assert TREE.district_of(by_code("NT").id) == by_code("NT")
    assert TREE.district_of(by_code("24").id) is None


def test_what_was_merged_is_counted_with_what_followed():
    city = TREE.descendants(by_code("213").id)
    assert {by_code("221").id, by_code("07681").id, by_code("07681-2025").id} <= city
    assert by_code("223").id not in city
    assert TREE.descendants(10**9) == set()


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_the_plain_select_offers_each_choice_once(day):
    offered = [unit_id for group in TREE.groups(day) for unit_id, _ in group.units]
    assert len(offered) == len(set(offered))
    assert set(offered) == {place.id for place in TREE.leaves(day)}
    assert [name for _, name in TREE.groups(day)[-1].units] == ["Ngoài tỉnh", "Khác"]


def test_a_circle_in_the_rows_does_not_hang():
    def place(unit_id, parent_id):
        return Place(unit_id, str(unit_id), "Vòng", "vong", UnitKind.DISTRICT, parent_id, None, None, None, 0)

    circle = Tree([place(1, 2), place(2, 1)])
    assert len(circle.chain(1)) == 2
    assert circle.descendants(1) == {1, 2}


def test_unit_beside_a_name_is_the_district_of_a_commune_and_an_organisation_itself():
    assert TREE.shown_of(by_code("DB-CA").id).name == "Đảng bộ Công an tỉnh"
    assert TREE.shown_of(by_code("DB-217").id).name == "Huyện ủy Lạng Giang"
    commune = next(place for place in TREE.by_id.values() if place.kind is UnitKind.COMMUNE)
    assert TREE.shown_of(commune.id) is TREE.district_of(commune.id)
    assert TREE.shown_of(by_code("NT").id).name == "Ngoài tỉnh"
    assert TREE.shown_of(0) is None
