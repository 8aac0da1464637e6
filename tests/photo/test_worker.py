"""Thumbnails through the real queue and a real forking worker: lost requests, killed workers, files that kill."""

import os
import signal
from datetime import timedelta
from threading import Thread

import pytest
from PIL import Image
from redis import Redis

from contest.core import clock, queue, storage, tickets
from contest.core.db import db, unit_of_work
from contest.photo import jobs, service
from contest.photo.models import Photo
from contest.photo.rules import UNDECODABLE, PhotoState
from contest.worker import MEMORY
from tests.factories import make_account
from tests.photo import processes
from tests.photo.conftest import Room, jpeg, saved


def work(room: Room, memory: int = MEMORY) -> None:
    """Let a forking worker empty the queue of files."""
    process = processes.start(room.app.config["KV"], [queue.FILES], memory)
    process.join()
    assert process.exitcode == 0


def sweep(room: Room) -> None:
    """Run the periodic job."""
    with room.app.app_context():
        jobs.ask_again()


@pytest.mark.both_databases
def test_worker_makes_three_thumbnails(room: Room) -> None:
    entry_id = room.sent(jpeg(2400, 1600))
    work(room)
    photo = room.photo(entry_id)
    assert (photo.state, photo.tries) == (PhotoState.READY, 1)
    assert sorted(photo.thumbnails, key=int) == ["320", "960", "1920"]
    with room.app.app_context():
        assert all(storage.exists(address) for address in photo.thumbnails.values())


def test_job_that_runs_twice_changes_nothing(room: Room) -> None:
    entry_id = room.ready()
    before = room.photo(entry_id).thumbnails
    after = room.develop(entry_id)
    assert (after.thumbnails, after.tries) == (before, 1)


def test_two_runs_at_once_leave_one_result(room: Room) -> None:
    entry_id = room.sent(jpeg(1200, 900))
    threads = [Thread(target=room.develop, args=(entry_id,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert room.photo(entry_id).state is PhotoState.READY


def test_job_of_a_discarded_draft_does_nothing(room: Room) -> None:
    entry_id = room.sent(jpeg())
    task = room.task(entry_id)
    room.post(f"/thi-anh/{entry_id}/bo")
    with room.app.app_context():
        jobs.make_thumbnails(task.photo_id, task.address)
        assert db.session.get(Photo, task.photo_id) is None


def test_draft_discarded_while_its_picture_is_decoded_stays_discarded(room: Room) -> None:
    entry_id = room.sent(jpeg())
    task = room.task(entry_id)
    with room.app.app_context():
        with unit_of_work():
            assert service.begin_thumbnails(task)
        outcome = service.develop(task)
        with unit_of_work():
            service.discard(entry_id=entry_id, entrant_id=room.entrant_id)
        with unit_of_work():
            service.keep_thumbnails(outcome)
        assert db.session.get(Photo, task.photo_id) is None


@pytest.mark.both_databases
def test_request_lost_by_redis_is_asked_again_at_once(room: Room, redis: Redis) -> None:
    entry_id = room.sent(jpeg())
    redis.flushall()
    work(room)
    assert room.photo(entry_id).state is PhotoState.PROCESSING
    sweep(room)
    work(room)
    assert room.photo(entry_id).state is PhotoState.READY


def test_who_waits_in_the_queue_is_not_asked_for_again(room: Room) -> None:
    room.sent(jpeg())
    for _ in range(3):
        sweep(room)
    with room.app.app_context():
        assert queue.queue(queue.FILES).count == 1


def test_killed_child_is_made_up_for_at_once(room: Room) -> None:
    entry_id = room.sent(saved(Image.new("RGB", (10_000, 9_000), "teal"), "PNG"))
    process = processes.start(room.app.config["KV"], [queue.FILES])
    while room.photo(entry_id).tries == 0:
        process.join(0.01)
    for horse in processes.horses(process):
        os.kill(horse, signal.SIGKILL)
    process.join()
    photo = room.photo(entry_id)
    assert (photo.state, photo.tries) == (PhotoState.READY, 2)


def test_ticket_of_a_killed_worker_is_free_when_its_lease_is_over(room: Room, redis: Redis) -> None:
    entry_id = room.sent(saved(Image.new("RGB", (10_000, 9_000), "teal"), "PNG"))
    process = processes.start(room.app.config["KV"], [queue.FILES])
    while room.photo(entry_id).tries == 0:
        process.join(0.01)
    for pid in [*processes.horses(process), process.pid]:
        assert pid
        os.kill(pid, signal.SIGKILL)
    process.join()
    (ticket,) = redis.keys("kv:ticket:*")
    assert 0 < redis.ttl(ticket) <= tickets.LEASE
    sweep(room)
    with room.app.app_context():
        assert queue.queue(queue.FILES).count == 0
    redis.delete(ticket)  # as when its lease is over
    sweep(room)
    work(room)
    assert room.photo(entry_id).state is PhotoState.READY


def test_picture_that_uses_up_its_seconds_is_killed_once_and_told(room: Room) -> None:
    entry_id = room.sent(saved(Image.new("RGB", (10_900, 11_000), "teal"), "PNG"))
    modest = room.sent(jpeg())
    process = processes.start(room.app.config["KV"], [queue.FILES], seconds=1)
    process.join()
    photo = room.photo(entry_id)
    assert (photo.state, photo.tries) == (PhotoState.REFUSED, 1)
    assert "quá nhiều công sức" in room.client.get(f"/thi-anh/{entry_id}").text
    assert room.photo(modest).state is PhotoState.READY


def test_store_that_is_away_costs_no_try(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    entry_id = room.sent(jpeg())
    task = room.task(entry_id)
    with room.app.app_context():
        kept = room.app.extensions.pop("kv_storage")
        with pytest.raises(storage.Away):
            jobs.make_thumbnails(task.photo_id, task.address)
        room.app.extensions["kv_storage"] = kept
        assert service.waiting_tasks() == []
        with clock.shifted(timedelta(minutes=1)):
            assert service.waiting_tasks() == [(room.entrant_id, task)]
    assert room.photo(entry_id).tries == 0


def test_account_has_one_ticket_and_the_next_account_is_second(room: Room) -> None:
    mine = [room.sent(jpeg(60 + number)) for number in range(5)]
    with room.app.app_context(), unit_of_work():
        stranger = make_account().id
    reply = room.send((jpeg(90), "b.jpg"), client=room.browser(stranger))
    theirs = reply.json["accepted"][0]["id"]
    with room.app.app_context():
        assert [job.args[0] for job in queue.queue(queue.FILES).jobs] == [
            room.photo(mine[0]).id,
            room.photo(theirs).id,
        ]
    work(room)
    assert all(room.photo(entry_id).state is PhotoState.READY for entry_id in [*mine, theirs])


def test_file_that_always_kills_its_worker_is_refused_after_three_tries(room: Room) -> None:
    entry_id = room.sent(jpeg())
    task = room.task(entry_id)
    with room.app.app_context():
        for _ in range(3):
            with unit_of_work():
                assert service.begin_thumbnails(task)
        jobs.make_thumbnails(task.photo_id, task.address)
    photo = room.photo(entry_id)
    assert (photo.state, photo.problem, photo.tries) == (PhotoState.REFUSED, UNDECODABLE, 3)
    text = room.client.get(f"/thi-anh/{entry_id}").text
    assert "đã thử ba lần" in text
    assert room.post(f"/thi-anh/{entry_id}/bo").status_code == 303


def test_picture_beyond_the_memory_limit_harms_only_its_own_process(room: Room) -> None:
    greedy, modest = room.sent(saved(Image.new("L", (9000, 9000)), "PNG")), room.sent(jpeg())
    work(room, memory=60_000_000)
    assert room.photo(greedy).state is PhotoState.REFUSED
    assert "quá nhiều công sức" in room.photo(greedy).problem
    assert room.photo(modest).state is PhotoState.READY


def test_truncated_jpeg_is_refused_with_words_and_can_be_discarded(room: Room) -> None:
    content = saved(Image.effect_noise((600, 400), 90), "JPEG")
    entry_id = room.sent(content[: len(content) // 2])
    work(room)
    assert room.photo(entry_id).state is PhotoState.REFUSED
    assert "Tệp bị thiếu hoặc hỏng" in room.client.get(f"/thi-anh/{entry_id}").text
    assert room.words(entry_id).status_code == 422
    assert room.post(f"/thi-anh/{entry_id}/bo").status_code == 303
    assert room.client.get(f"/thi-anh/{entry_id}").status_code == 404
