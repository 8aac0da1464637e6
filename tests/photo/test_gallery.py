"""The gallery: nothing before its release, no names after it, and only what is still in the contest."""

import re

import pytest
from sqlalchemy import select

from contest.accounts.rules import Role
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.core.errors import BadInput, NotFound, Refused
from contest.entries import service as entries
from contest.entries.models import Entry
from contest.photo import rules
from contest.photo import service as photos
from tests import pages, statements
from tests.addresses import of_work
from tests.factories import make_account
from tests.photo.conftest import Room, jpeg


def code_of(room: Room, entry_id: int) -> str:
    """The blind code of an entry."""
    with room.app.app_context():
        return db.session.scalars(select(Entry.blind_code).where(Entry.id == entry_id)).one() or ""


def test_public_pages_bear_no_blind_code_and_no_code_leads_to_a_work(room: Room) -> None:
    entries_ = [room.handed_in(jpeg(50 + n)) for n in range(3)]
    codes = [code_of(room, entry_id) for entry_id in entries_]
    room.release()
    stranger = room.app.test_client()
    for address in ("/thu-vien-anh", "/thu-vien-anh?xep=moi", *(of_work(room.app, entry_id) for entry_id in entries_)):
        page = stranger.get(address)
        assert page.status_code == 200
        assert not [code for code in codes if code in page.text]
    for code in codes:
        for address in (f"/thu-vien-anh/{code}", f"/thu-vien-anh/{code.lower()}/960.jpg"):
            assert stranger.get(address).status_code == 404


def order_on(page: str, works: list[str]) -> list[str]:
    """The works in the order in which the page shows them."""
    return sorted((work for work in works if work in page), key=page.index)


def test_order_of_the_gallery_is_drawn_anew_for_whoever_comes(room: Room) -> None:
    arrived = [of_work(room.app, room.handed_in(jpeg(50 + n))) for n in range(9)]
    room.release()
    stranger = room.app.test_client()

    # Nine works have 362,880 orders: eight visits that all drew the same would be no shuffle.
    drawn = {tuple(order_on(stranger.get("/thu-vien-anh").text, arrived)) for _ in range(8)}

    assert len(drawn) > 1
    assert all(sorted(order) == sorted(arrived) for order in drawn)


def test_order_stays_from_page_to_page_and_by_theme(room: Room) -> None:
    works = [of_work(room.app, room.handed_in(jpeg(50 + n), theme="Cảnh đẹp")) for n in range(11)]
    room.release()
    first = pages.get(room.app.test_client(), "/thu-vien-anh")
    second = pages.get(first.client, first.link("Sau"))
    back = pages.get(first.client, second.link("Trước"))
    by_theme = pages.get(first.client, first.link("Cảnh đẹp, 11"))

    orders = [order_on(page.reply.text, works) for page in (first, second, back, by_theme)]
    assert orders[2] == orders[0] == orders[3]
    assert sorted(orders[0] + orders[1]) == sorted(works)
    work = pages.get(first.client, next(link for link in first.links if link.startswith(f"{orders[0][0]}?")))
    again = pages.get(first.client, next(link for link in work.links if link.startswith("/thu-vien-anh?thu-tu=")))
    assert order_on(again.reply.text, works) == orders[0]


def test_shuffle_is_the_same_each_time_and_another_under_another_name_or_secret() -> None:
    ids = range(1, 200)
    found = [
        rules.shuffled(ids, order=order, secret=secret)
        for order, secret in (("a", "x"), ("a", "x"), ("b", "x"), ("a", "y"))
    ]

    assert found[0] == found[1]
    assert len({tuple(order) for order in found}) == 3
    assert sorted(found[0]) == list(ids)


@pytest.mark.parametrize("asked", ["", "x", "0123456789ABCDEF", "0123456789abcdef0", "0123456789abcde\n", "../../etc"])
def test_name_of_an_order_that_is_none_is_drawn_anew(asked: str) -> None:
    assert re.fullmatch("[0-9a-f]{16}", rules.order_of(asked))
    assert rules.order_of(asked) != rules.order_of(asked)
    assert rules.order_of("0123456789abcdef") == "0123456789abcdef"


def test_before_release_nothing_is_public(room: Room) -> None:
    work = of_work(room.app, room.handed_in())
    stranger = room.app.test_client()
    assert "Thư viện ảnh chưa mở" in stranger.get("/thu-vien-anh").text
    for address in (work, f"{work}/320.jpg", "/thu-vien-anh/AV-0"):
        assert stranger.get(address).status_code == 404


@pytest.mark.both_databases
def test_released_works_are_shown_without_names(room: Room) -> None:
    works = [of_work(room.app, room.handed_in(jpeg(50 + n), title=f"Tác phẩm {n}")) for n in range(3)]
    draft = room.ready(jpeg(90))
    room.release()
    stranger = room.app.test_client()
    page = stranger.get("/thu-vien-anh").text
    assert all(work in page for work in works)
    assert "3 tác phẩm" in page
    assert "Nguyễn" not in page
    assert f"/thi-anh/{draft}" not in page
    work = stranger.get(works[0]).text
    assert "Tác phẩm 0" in work
    assert "Lục Ngạn, tháng sáu." in work
    assert "Nguyễn" not in work
    picture = stranger.get(f"{works[0]}/960.jpg")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert picture.headers["Cache-Control"].startswith("public")
    again = stranger.get(f"{works[0]}/960.jpg", headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status_code == 304


def test_themes_count_and_filter(room: Room) -> None:
    for n, theme in enumerate(("Cảnh đẹp", "Cảnh đẹp", "Con người")):
        room.handed_in(jpeg(50 + n), theme=theme, title=f"Tác phẩm {n}")
    room.release()
    page = room.client.get("/thu-vien-anh").text
    assert "Tất cả, 3" in page
    assert "Cảnh đẹp, 2" in page
    assert "Con người, 1" in page
    people = room.client.get("/thu-vien-anh", query_string={"chu-de": "Con người"}).text
    assert "Tác phẩm 2" in people
    assert "Tác phẩm 0" not in people


def test_pages_hold_each_work_once(room: Room) -> None:
    works = {of_work(room.app, room.handed_in(jpeg(50 + n))) for n in range(11)}
    room.release()
    order = "0123456789abcdef"
    both = [room.client.get("/thu-vien-anh", query_string={"page": n, "thu-tu": order}).text for n in (1, 2)]
    seen = [{work for work in works if work in page} for page in both]
    assert [len(found) for found in seen] == [9, 2]
    assert seen[0] | seen[1] == works
    for strange in ("0", "-1", "99999999999999999999", "x"):
        assert room.client.get("/thu-vien-anh", query_string={"page": strange}).status_code == 200


def test_disqualified_work_leaves_the_gallery(room: Room) -> None:
    entry_id = room.handed_in()
    work = of_work(room.app, entry_id)
    room.release()
    with room.app.app_context(), unit_of_work():
        actor = make_account(role=Role.ORGANIZER)
        entries.disqualify(entry_id=entry_id, actor_id=actor.id, reason="Ảnh của người khác")
    assert room.client.get(work).status_code == 404
    assert room.client.get(f"{work}/960.jpg").status_code == 404


def test_release_is_on_the_record_once_and_needs_a_reason(room: Room) -> None:
    with pytest.raises(BadInput):
        room.release(" ")
    room.release("Chung khảo xong")
    with pytest.raises(Refused):
        room.release()
    with room.app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "round.release_gallery")).one()
        assert (row.subject, row.reason) == (f"round:{room.round_id}", "Chung khảo xong")


def test_open_round_and_other_tracks_are_not_released(room: Room) -> None:
    with room.app.app_context():
        for round_id, error in ((room.round_id, Refused), (room.round_id - 1, NotFound), (10**9, NotFound)):
            with pytest.raises(error), unit_of_work():
                photos.release_gallery(round_id=round_id, actor_id=make_account().id, reason="Thử")


def test_queries_stay_the_same_for_one_work_and_nine(room: Room) -> None:
    room.handed_in(jpeg(49))
    for n in range(8):
        room.handed_in(jpeg(60 + n), theme="Con người")
    room.release()
    few, many = (cost(room, f"/thu-vien-anh?chu-de={theme}") for theme in ("Cảnh đẹp", "Con người"))
    assert few == many


def cost(room: Room, address: str) -> int:
    """How many statements a page sends to the database."""
    with statements.sent(room.app) as seen:
        assert room.app.test_client().get(address).status_code == 200
    return len(seen)


def test_phone_need_not_take_the_largest_picture(room: Room) -> None:
    works = [room.handed_in(jpeg(2400 + n, 1600), title=f"Tác phẩm {n}") for n in range(3)]
    room.release()

    first, *others = re.findall(r'<img src="([^"]*)" srcset="([^"]*)"', room.client.get("/thu-vien-anh").text)

    assert re.findall(r"/(\d+)\.jpg\?v=\w+ (\d+)w", first[1]) == [("320", "320"), ("960", "960"), ("1920", "1920")]
    assert all(re.findall(r" (\d+)w", widths) == ["320", "960"] for _, widths in others)
    assert all("/960.jpg" in address for address, _ in (first, *others))
    for address in re.findall(r"\S+\.jpg\S+(?= \d+w)", first[1]):
        assert room.client.get(address.replace("&amp;", "&")).status_code == 200
    large = room.client.get(of_work(room.app, works[0])).text
    assert re.findall(r"/(\d+)\.jpg\?v=\w+ (\d+)w", large) == [("320", "320"), ("960", "960"), ("1920", "1920")]


def test_small_picture_is_offered_once(room: Room) -> None:
    work = room.handed_in(jpeg(600, 800))
    room.release()

    page = room.client.get(of_work(room.app, work)).text

    assert re.findall(r" (\d+)w", page) == ["240", "600"]
