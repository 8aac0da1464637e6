"""A work of one's own: words, handing in, receipt, withdrawing, and who may see what."""

import io
import json
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select

from contest.accounts.rules import Role
from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.core.errors import NotFound
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.photo import queries
from contest.photo.rules import PhotoState
from tests.factories import make_account
from tests.photo.conftest import DATA, Room, jpeg


def entry(room: Room, entry_id: int) -> Entry:
    """The entry as the database has it now."""
    with room.app.app_context():
        db.session.expunge_all()
        return db.session.scalars(select(Entry).where(Entry.id == entry_id)).one()


@pytest.mark.both_databases
def test_complete_work_is_handed_in_and_gets_a_receipt(room: Room) -> None:
    entry_id = room.ready()
    reply = room.words(entry_id)
    assert reply.location.endswith(f"/thi-anh/{entry_id}/bien-nhan")
    found = entry(room, entry_id)
    assert found.state is EntryState.HANDED_IN
    page = room.client.get(reply.location).text
    for words in (found.receipt, "Đồi vải", "Lục Ngạn, tháng sáu.", "Giờ máy chủ"):
        assert words
        assert words in page
    assert found.blind_code is not None
    assert found.blind_code not in page
    assert len(found.digest or "") == 64


def test_declarations_are_never_ticked_beforehand(room: Room) -> None:
    entry_id = room.ready()
    page = room.client.get(f"/thi-anh/{entry_id}").text
    assert 'name="own_work"' in page
    assert "checked" not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": " "}, "đặt tên cho tác phẩm"),
        ({"theme": ""}, "chọn một chủ đề"),
        ({"theme": "Chủ đề lạ"}, "trong danh sách"),
        ({"caption": ""}, "viết chú thích"),
        ({"caption": "một " * 21}, "Chú thích có 21 từ"),
        ({"caption": "m" * 5001}, "quá dài"),
        ({"title": "m" * 201}, "tối đa 200 ký tự"),
        ({"own_work": ""}, "do chính mình chụp"),
        ({"unpublished": ""}, "chưa đăng ở đâu"),
    ],
)
def test_incomplete_work_is_not_handed_in_and_says_why(room: Room, fields: dict[str, str], words: str) -> None:
    entry_id = room.ready()
    reply = room.words(entry_id, **fields)
    assert reply.status_code == 422
    assert words in reply.text
    assert entry(room, entry_id).state is EntryState.DRAFT


def test_failed_hand_in_keeps_the_words(room: Room) -> None:
    entry_id = room.ready()
    assert "Lục Ngạn" in room.words(entry_id, own_work="").text
    assert entry(room, entry_id).title == "Đồi vải"


def test_picture_still_in_check_cannot_be_handed_in(room: Room) -> None:
    entry_id = room.sent(jpeg())
    reply = room.words(entry_id)
    assert reply.status_code == 422
    assert "đang được kiểm tra" in reply.text


def test_unfinished_draft_is_saved(room: Room) -> None:
    entry_id = room.sent(jpeg())
    assert room.words(entry_id, act="save", theme="", caption="", own_work="").status_code == 303
    assert "Đã lưu bản nháp" in room.client.get(f"/thi-anh/{entry_id}").text


def test_handed_in_work_does_not_change(room: Room) -> None:
    entry_id = room.handed_in()
    assert room.words(entry_id, title="Tên khác").status_code == 409
    assert entry(room, entry_id).title == "Đồi vải"
    assert room.post(f"/thi-anh/{entry_id}/bo").status_code == 409


def test_withdrawn_work_is_a_draft_again(room: Room) -> None:
    entry_id = room.handed_in()
    assert room.post(f"/thi-anh/{entry_id}/rut-bai").status_code == 303
    found = entry(room, entry_id)
    assert (found.state, found.receipt) == (EntryState.DRAFT, None)
    assert room.words(entry_id).status_code == 303


def test_after_close_nothing_changes(room: Room) -> None:
    draft, handed = room.ready(jpeg(50)), room.handed_in(jpeg(51))
    with room.app.app_context(), unit_of_work():
        db.session.get_one(Round, room.round_id).closes_at = clock.now()
    assert room.words(draft).status_code == 409
    assert room.post(f"/thi-anh/{handed}/rut-bai").status_code == 409
    page = room.client.get(f"/thi-anh/{draft}").text
    assert "hiện không nhận bài" in page
    assert 'name="title"' not in page
    assert "Rút tác phẩm" not in room.client.get(f"/thi-anh/{handed}/bien-nhan").text


ADDRESSES = ("", "/bien-nhan", "/trang-thai", "/anh/320.jpg", "/anh-goc")


@pytest.mark.parametrize("tail", ADDRESSES)
def test_another_entrant_finds_nothing(room: Room, tail: str) -> None:
    entry_id = room.handed_in()
    other = room.browser(Role.ENTRANT)
    assert other.get(f"/thi-anh/{entry_id}{tail}").status_code == 404
    assert other.get(f"/thi-anh/{10**12}{tail}").status_code == 404
    assert other.get(f"/thi-anh/{10**30}{tail}").status_code == 404


@pytest.mark.parametrize("tail", ["", "/rut-bai", "/bo"])
def test_another_entrant_changes_nothing(room: Room, tail: str) -> None:
    entry_id = room.handed_in()
    assert room.post(f"/thi-anh/{entry_id}{tail}", client=room.browser(Role.ENTRANT)).status_code == 404
    assert entry(room, entry_id).state is EntryState.HANDED_IN


@pytest.mark.parametrize("tail", ADDRESSES)
def test_judge_sees_nothing_here(room: Room, tail: str) -> None:
    entry_id = room.handed_in()
    assert room.browser(Role.JUDGE).get(f"/thi-anh/{entry_id}{tail}").status_code in (403, 404)


@pytest.mark.parametrize("tail", ["/anh/960.jpg", "/anh-goc"])
def test_organiser_sees_pictures(room: Room, tail: str) -> None:
    entry_id = room.handed_in()
    assert room.browser(Role.ORGANIZER).get(f"/thi-anh/{entry_id}{tail}").status_code == 200


@pytest.mark.parametrize("tail", ADDRESSES)
def test_stranger_is_sent_to_sign_in(room: Room, tail: str) -> None:
    entry_id = room.handed_in()
    assert room.app.test_client().get(f"/thi-anh/{entry_id}{tail}").status_code in (302, 401)


def test_thumbnail_is_a_bare_jpeg_kept_for_long(room: Room) -> None:
    reply = room.client.get(f"/thi-anh/{room.ready(jpeg(2000, 1000))}/anh/960.jpg")
    assert reply.mimetype == "image/jpeg"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in reply.headers["Cache-Control"]
    assert "immutable" in reply.headers["Cache-Control"]
    assert Image.open(io.BytesIO(reply.data)).size == (960, 480)


def test_other_sizes_do_not_exist(room: Room) -> None:
    entry_id = room.ready()
    assert [room.client.get(f"/thi-anh/{entry_id}/anh/{size}.jpg").status_code for size in (1, 961, "x")] == [404] * 3


def test_original_comes_back_as_it_was_sent_under_a_neutral_name(room: Room) -> None:
    entry_id = room.ready(jpeg(), "Nguyễn Thị Hoa.jpg")
    reply = room.client.get(f"/thi-anh/{entry_id}/anh-goc")
    assert reply.data == jpeg()
    assert reply.headers["Content-Disposition"] == f'attachment; filename="anh-{entry_id}.jpg"'
    assert reply.headers["Cache-Control"] == "private, no-store"


def test_status_tells_the_waiting_page(room: Room) -> None:
    entry_id = room.sent(jpeg())
    assert room.client.get(f"/thi-anh/{entry_id}/trang-thai").json["state"] == "processing"
    room.develop(entry_id)
    state = room.client.get(f"/thi-anh/{entry_id}/trang-thai").json
    assert state["state"] == "ready"
    assert "64 × 48" in state["detail"].replace("\xa0", " ")
    assert room.client.get(state["thumbnail"]).status_code == 200


def test_judging_learns_the_picture_and_its_words_only(room: Room) -> None:
    entry_id, draft = room.handed_in(jpeg(2000, 1000)), room.ready(jpeg(90))
    with room.app.app_context():
        found = queries.blind_photo(entry_id)
        assert set(vars(found)) == {"title", "theme", "caption", "sizes"}
        assert found.sizes == {320: (320, 160), 960: (960, 480), 1920: (1920, 960)}
        assert queries.thumbnail(entry_id, 1920)
        for missing in (draft, 10**12):
            with pytest.raises(NotFound):
                queries.blind_photo(missing)


def test_strings_that_break_things_are_kept_and_shown_escaped(make_room: Callable[..., Room]) -> None:
    room = make_room(caption_words=10**6)
    entry_id = room.ready()
    source = DATA / "badinput" / "blns.json"
    strings = json.loads(source.read_text()) if source.exists() else ["<script>alert(1)</script>", "' OR 1=1--"]
    for text in strings:
        reply = room.words(entry_id, act="save", title=text[:200], caption=text)
        assert reply.status_code in (303, 422), text
        page = room.client.get(f"/thi-anh/{entry_id}")
        assert page.status_code == 200, text
        assert "<script>alert" not in page.text, text


def test_account_that_is_new_has_an_empty_list(room: Room) -> None:
    with room.app.app_context(), unit_of_work():
        fresh = make_account().id
    assert "Bạn chưa có tác phẩm nào" in room.browser(fresh).get("/thi-anh").text
    assert PhotoState.READY.value not in room.browser(fresh).get("/thi-anh").text
