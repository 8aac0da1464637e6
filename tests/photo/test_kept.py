"""What is kept of files that are sent: nothing before every cheap check, nothing of what is refused, no more than an hour's bytes of one account."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from contest.core import clock, storage
from contest.core.db import unit_of_work
from contest.entries import rules
from contest.entries import service as entries
from contest.entries.models import UploadHour
from contest.entries.service import TooManyBytes
from tests.core.threads import race
from tests.photo.conftest import Room, jpeg


def kept(room: Room) -> set[str]:
    """Everything that lies in the store, by path."""
    folder = room.app.config["KV"].data_dir / "files"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_picture_at_the_limit_is_refused_before_anything_is_kept(make_room: Callable[..., Room]) -> None:
    room = make_room(entries=1)
    room.sent(jpeg(60))
    before = kept(room)
    for width in range(61, 73):
        assert room.send((jpeg(width), "them.jpg")).status_code == 422
    assert kept(room) == before
    assert room.sent(jpeg(60)) > 0  # The same file is the same work, at the limit too.


def test_file_that_is_no_picture_leaves_nothing(room: Room) -> None:
    assert room.send((b"GIF89a" + bytes(900_000), "a.gif")).status_code == 422
    assert kept(room) == set()


@pytest.mark.both_databases
def test_refused_at_the_last_moment_leaves_nothing_either(make_room: Callable[..., Room]) -> None:
    room = make_room(entries=2)
    browsers = [room.browser(room.entrant_id) for _ in range(10)]
    barrier = Barrier(10)

    def press(number: int) -> int:
        barrier.wait()
        return room.send((jpeg(50 + number), f"{number}.jpg"), client=browsers[number]).status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(press, range(10)))

    assert sorted(statuses) == [201] * 2 + [422] * 8
    assert len(kept(room)) == 2
    assert not any(path.startswith(storage.WAITING) for path in kept(room))


def test_bytes_of_an_hour_are_told_when_used_up_and_come_back(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "UPLOADED_MOST", 2 * len(jpeg(60)))
    room.sent(jpeg(60))
    assert room.send((jpeg(60), "lai.jpg")).status_code == 201  # already there: nothing is carried into the store
    room.sent(jpeg(61)[: len(jpeg(60))])
    before = kept(room)
    reply = room.send((jpeg(62), "a.jpg"))
    assert reply.status_code == 422
    assert "Bạn gửi tiếp sau" in reply.json["refused"][0]["todo"]
    assert kept(room) == before
    with clock.shifted(rules.UPLOAD_HOUR + timedelta(seconds=1)):
        assert room.send((jpeg(62), "a.jpg")).status_code == 201


@pytest.mark.both_databases
def test_hour_holds_when_twenty_send_at_once(room: Room) -> None:
    size = rules.UPLOADED_MOST // 5

    def send(number: int) -> None:
        with unit_of_work():
            entries.count_upload(account_id=room.entrant_id, size=size)

    outcomes = race(room.app, send)

    assert len([one for one in outcomes if one is None]) == 5
    assert all(isinstance(one, TooManyBytes) for one in outcomes if one is not None)
    with room.app.app_context(), unit_of_work() as session:
        assert session.get_one(UploadHour, room.entrant_id).sent == 5 * size


def test_what_a_dead_process_left_waiting_is_swept(room: Room) -> None:
    folder = room.app.config["KV"].data_dir / "files" / storage.WAITING
    with room.app.app_context():
        storage.put(b"there is a store")
        folder.mkdir()
        (folder / "left").write_bytes(b"half")
        assert storage.forget_waiting(before=clock.now() - timedelta(hours=1)) == 0
        assert storage.forget_waiting(before=clock.now() + timedelta(hours=1)) == 1
    assert not (folder / "left").exists()
