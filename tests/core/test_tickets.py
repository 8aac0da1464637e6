"""One ticket an account for the queue of files, waiting or at work; it is given back by its holder alone, or when its worker says nothing."""

import pytest
from flask import Flask
from redis import Redis

from contest import run
from contest.core import queue, tickets
from contest.photo import jobs
from tests.core.threads import race


def ask(account_id: int, number: int = 1) -> bool:
    return tickets.ask(account_id, jobs.make_thumbnails, number, "0" * 64, timeout=9)


def waiting() -> list[int]:
    return [job.args[0] for job in queue.queue(queue.FILES).jobs]


def test_twenty_requests_at_once_get_one_ticket(app: Flask) -> None:
    outcomes = race(app, lambda number: ask(7, number))

    assert sorted(map(bool, outcomes)) == [False] * 19 + [True]
    with app.app_context():
        assert len(waiting()) == 1


def test_others_stand_behind_the_first_of_an_account(app_context: Flask) -> None:
    assert [ask(1, 11), ask(1, 12), ask(1, 13), ask(2, 21)] == [True, False, False, True]
    assert waiting() == [11, 21]


def test_ticket_is_held_while_its_job_is_at_work_and_free_afterwards(app_context: Flask, redis: Redis) -> None:
    ask(1)
    meta = queue.queue(queue.FILES).jobs[0].meta
    tickets.enter(meta)
    assert not ask(1)
    assert 0 < redis.ttl("kv:ticket:1") <= tickets.LEASE
    assert tickets.leave() == 1
    assert tickets.leave() is None
    assert ask(1)


def test_who_comes_late_takes_nothing_from_the_next_holder(app_context: Flask, redis: Redis) -> None:
    ask(1)
    late = queue.queue(queue.FILES).jobs[0].meta
    redis.delete("kv:ticket:1")
    ask(1)
    held = redis.get("kv:ticket:1")

    tickets.let_go(late)
    tickets.renew(late)

    assert redis.get("kv:ticket:1") == held
    assert redis.ttl("kv:ticket:1") > tickets.LEASE


def test_silent_redis_is_no_error(app_context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Redis.from_url("unix:///nowhere/valkey.sock")
    monkeypatch.setitem(app_context.extensions, "kv_redis", away)
    assert ask(1) is False
    tickets.enter({"account": 1, "ticket": "x"})
    assert tickets.leave() == 1
    away.close()


def test_two_workers_hear_the_queue_of_files() -> None:
    hearing = [command for command in run.worker_commands().values() if "files" in command]
    assert len(hearing) == 2
    assert all("--forking" in command for command in hearing)
