"""Work asked for one picture never lands in another: not when a draft is discarded and somebody sends the next while the job is at it."""

import io
from threading import Barrier, Thread

import pytest
from PIL import Image

from contest.core import storage
from contest.core.db import unit_of_work
from contest.photo import jobs, service
from contest.photo.rules import PhotoState
from contest.photo.service import Task
from tests.factories import make_account
from tests.photo.conftest import Room, jpeg

pytestmark = pytest.mark.both_databases
COLOURS = {"red": (254, 0, 0), "blue": (0, 0, 254), "lime": (0, 255, 1), "yellow": (255, 255, 0)}


def shown(room: Room, entry_id: int) -> tuple[int, ...]:
    """The colour of an entry's smallest thumbnail."""
    with room.app.app_context():
        kept = storage.get(room.photo(entry_id).thumbnails["320"])
    pixel = Image.open(io.BytesIO(kept)).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return pixel


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 8 for a, b in zip(one, other, strict=True))


def test_picture_of_a_discarded_draft_never_shows_in_the_next_ones(room: Room) -> None:
    with room.app.app_context(), unit_of_work():
        stranger = make_account().id
    other = room.browser(stranger)
    first = room.sent(jpeg(colour="red"))
    task = room.task(first)
    with room.app.app_context():
        with unit_of_work():
            assert service.begin_thumbnails(task)
        outcome = service.develop(task)
    room.post(f"/thi-anh/{first}/bo")
    reply = room.send((jpeg(colour="blue"), "b.jpg"), client=other)
    second = reply.json["accepted"][0]["id"]

    with room.app.app_context(), unit_of_work():
        service.keep_thumbnails(outcome)

    assert second != first
    assert room.photo(second).state is PhotoState.PROCESSING
    assert room.develop(second).state is PhotoState.READY
    assert alike(shown(room, second), COLOURS["blue"])


def test_job_for_other_content_does_nothing(room: Room) -> None:
    entry_id = room.sent(jpeg())
    task = room.task(entry_id)
    with room.app.app_context():
        jobs.make_thumbnails(task.photo_id, storage.put(jpeg(colour="red")))
    assert (room.photo(entry_id).state, room.photo(entry_id).tries) == (PhotoState.PROCESSING, 0)


def test_discarding_sending_and_developing_at_once_mix_nothing_up(room: Room) -> None:
    with room.app.app_context(), unit_of_work():
        people = {colour: make_account().id for colour in COLOURS}
    barrier = Barrier(len(people))
    last: dict[str, int] = {}
    numbers: list[int] = []

    def take_part(colour: str) -> None:
        client = room.browser(people[colour])
        barrier.wait()
        for round_ in range(4):
            reply = room.send((jpeg(64 + round_, colour=colour), "a.jpg"), client=client)
            last[colour] = entry_id = reply.json["accepted"][0]["id"]
            numbers.append(entry_id)
            task: Task = room.task(entry_id)
            job = Thread(target=run, args=(task,))
            job.start()
            if round_ < 3:
                assert room.post(f"/thi-anh/{entry_id}/bo", client=client).status_code == 303
            job.join()

    def run(task: Task) -> None:
        with room.app.app_context():
            jobs.make_thumbnails(task.photo_id, task.address)

    threads = [Thread(target=take_part, args=(colour,)) for colour in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(numbers) == len(set(numbers)) == 4 * len(people)
    for colour, entry_id in last.items():
        assert room.photo(entry_id).state is PhotoState.READY
        assert alike(shown(room, entry_id), COLOURS[colour])
