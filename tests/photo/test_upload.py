"""Sending photographs: what is taken, what is refused with which words, limits, and whose turn it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from contest.accounts.rules import Role
from contest.contests.rules import RoundState
from contest.core import queue, storage
from contest.core.db import db
from contest.entries.models import Entry, EntryFile
from contest.photo.rules import PhotoState
from tests.fixtures.requirements import lacking
from tests.photo.conftest import DATA, Room, jpeg, saved, shared


def count(room: Room) -> int:
    """How many entries there are."""
    with room.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Entry)) or 0


def test_every_shared_file_is_taken_or_refused_with_a_sentence(room: Room) -> None:
    if not DATA.is_dir():
        lacking("data", "the shared files are not on this machine")
    taken, refused = [], []
    for path in sorted(p for folder in ("photos", "docs") for p in (DATA / folder).rglob("*") if p.is_file()):
        reply = room.send((path.read_bytes(), path.name))
        assert reply.status_code in (201, 422), (path, reply.status_code)
        if reply.status_code == 422:
            (problem,) = reply.json["refused"]
            assert all(problem.values()), path
            refused.append(path.name)
            continue
        photo = room.develop(reply.json["accepted"][0]["id"])
        assert photo.state is (PhotoState.REFUSED if path.name == "webp.webp" else PhotoState.READY), path
        assert photo.state is PhotoState.READY or photo.problem
        taken.append(path.name)
    assert {"libheif_example.heic", "hopper.webp", "pil_sample_cmyk.jpg", "heif.heif"} <= set(taken)
    strangers = {"svg.svg", "gif.gif", "tiff.tif", "jxl.jxl", "libheif_example.avif", "pdf.pdf", "ico.ico", "bmp.bmp"}
    assert strangers | {"zip.zip", "html5.html", "doc-coreprops.docx"} <= set(refused)
    assert count(room) == len(taken)


@pytest.mark.parametrize("content", [b"", b"\0", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n"])
def test_stub_of_a_file_is_refused_and_makes_no_entry(room: Room, content: bytes) -> None:
    assert room.send((content, "anh.jpg")).status_code == 422
    assert count(room) == 0


def test_small_picture_is_refused_with_its_size_and_the_cure(make_room: Callable[..., Room]) -> None:
    room = make_room(long_edge=3000)
    page = room.send((jpeg(2048, 1365), "zalo_8842.jpg"), accept="text/html")
    assert page.status_code == 422
    text = page.text.replace("\xa0", " ")
    for words in ("zalo_8842.jpg", "Ảnh quá nhỏ", "2.048 × 1.365 px, thể lệ cần cạnh dài từ 3.000 px", "qua Zalo"):
        assert words in text
    assert count(room) == 0


def test_heavy_file_is_refused(make_room: Callable[..., Room]) -> None:
    room = make_room(megabytes=1)
    reply = room.send((jpeg() + b"\0" * 1_000_000, "nang.jpg"))
    assert reply.status_code == 422
    assert reply.json["refused"][0]["title"] == "Tệp quá lớn"


def test_several_files_without_a_script_are_each_a_work(room: Room) -> None:
    page = room.send((jpeg(60), "mot.jpg"), (jpeg(61), "hai.jpg"), accept="text/html")
    assert page.status_code == 303
    text = room.client.get("/thi-anh").text
    assert "Đã nhận 2 tấm" in text
    assert "mot.jpg" in text
    assert "hai.jpg" in text


def test_one_bad_file_does_not_hold_up_the_good_one(room: Room) -> None:
    page = room.send((jpeg(), "tot.jpg"), (b"<svg/>", "hinh.svg"), accept="text/html")
    assert page.status_code == 422
    assert "hinh.svg" in page.text
    assert "SVG" in page.text
    assert count(room) == 1


def test_original_is_kept_byte_for_byte_under_its_content(room: Room) -> None:
    entry_id = room.sent(jpeg(), "Ảnh của Hoa.jpg")
    with room.app.app_context():
        file = db.session.scalars(select(EntryFile).where(EntryFile.entry_id == entry_id)).one()
        assert storage.get(file.address) == jpeg()
        assert (file.media_type, file.original_name) == ("image/jpeg", "Ảnh của Hoa.jpg")


def test_same_file_sent_again_is_the_same_work(room: Room) -> None:
    assert room.sent(jpeg()) == room.sent(jpeg(), "ten-khac.jpg")
    assert count(room) == 1


def test_file_name_is_shown_back_escaped(room: Room) -> None:
    page = room.send((b"x", "<script>alert(1)</script>.jpg"), accept="text/html")
    assert "<script>alert(1)" not in page.text


def test_no_file_is_answered_with_words(room: Room) -> None:
    reply = room.post("/thi-anh/gui-anh")
    assert reply.status_code == 400
    assert "Chưa có tấm ảnh nào" in reply.text


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.SOON, RoundState.PAUSED])
def test_round_that_is_not_open_takes_nothing(make_room: Callable[..., Room], state: RoundState) -> None:
    room = make_room(state=state)
    reply = room.send((jpeg(), "anh.jpg"))
    assert reply.status_code == 409
    assert "không nhận" in reply.json["error"]["happened"]
    assert count(room) == 0
    assert 'name="photos"' not in room.client.get("/thi-anh").text


def test_stranger_is_asked_to_sign_in(room: Room) -> None:
    assert room.send((jpeg(), "anh.jpg"), client=room.app.test_client()).status_code == 401
    assert "Bạn cần đăng nhập" in room.app.test_client().get("/thi-anh").text


@pytest.mark.parametrize("role", [Role.JUDGE, Role.ORGANIZER, Role.ADMIN])
def test_staff_may_not_enter(room: Room, role: Role) -> None:
    assert room.send((jpeg(), "anh.jpg"), client=room.browser(role)).status_code == 403


def test_wrong_method_is_told(room: Room) -> None:
    assert room.client.get("/thi-anh/gui-anh").status_code == 405
    assert room.post("/thi-anh").status_code == 405


def test_without_token_nothing_is_taken(room: Room) -> None:
    assert room.client.post("/thi-anh/gui-anh", data={}).status_code == 400
    assert count(room) == 0


def test_limit_is_told_and_a_discarded_draft_frees_its_place(make_room: Callable[..., Room]) -> None:
    room = make_room(entries=2)
    first, _ = room.sent(jpeg(60)), room.sent(jpeg(61))
    refused = room.send((jpeg(62), "ba.jpg"))
    assert refused.status_code == 422
    assert "đủ 2" in refused.json["refused"][0]["happened"]
    assert room.post(f"/thi-anh/{first}/bo").status_code == 303
    assert room.send((jpeg(62), "ba.jpg")).status_code == 201


@pytest.mark.both_databases
def test_limit_holds_when_twenty_press_at_once(make_room: Callable[..., Room]) -> None:
    room = make_room(entries=5)
    browsers = [room.browser(room.entrant_id) for _ in range(20)]
    barrier = Barrier(20)

    def press(number: int) -> int:
        barrier.wait()
        return room.send((jpeg(50 + number), f"{number}.jpg"), client=browsers[number]).status_code

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(press, range(20)))
    assert sorted(statuses) == [201] * 5 + [422] * 15
    assert count(room) == 5


def test_dead_redis_loses_no_photograph(room: Room, redis_url: str) -> None:
    broken = queue.redis.Redis.from_url("unix:///nowhere/valkey.sock")
    kept = room.app.extensions["kv_rq_redis"]
    room.app.extensions["kv_rq_redis"] = broken
    entry_id = room.sent(jpeg())
    room.app.extensions["kv_rq_redis"] = kept
    assert room.photo(entry_id).state is PhotoState.PROCESSING
    broken.close()


def test_png_with_the_name_of_a_jpeg_is_taken_for_what_it_is(room: Room) -> None:
    from PIL import Image

    entry_id = room.sent(saved(Image.new("RGB", (30, 20)), "PNG"), "anh.jpg")
    with room.app.app_context():
        assert (
            db.session.scalars(select(EntryFile.media_type).where(EntryFile.entry_id == entry_id)).one() == "image/png"
        )


def test_heic_from_a_phone_is_shown_after_the_check(room: Room) -> None:
    entry_id = room.ready(shared("photos/heic/libheif_example.heic"), "IMG_2041.HEIC")
    reply = room.client.get(f"/thi-anh/{entry_id}/anh/320.jpg")
    assert (reply.status_code, reply.mimetype) == (200, "image/jpeg")


def test_path_in_a_file_name_is_dropped(room: Room) -> None:
    room.sent(jpeg(), "Users/Hoa/anh.jpg")
    assert room.client.get("/thi-anh").text.count("Users") == 0
