"""What is asked of Redis on a connection that each thread keeps: another thread's and a child's are their own, and one that was ended is opened anew."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask
from redis import Redis, RedisError

from contest.config import Config
from contest.core import queue
from tests.core.test_queue import NOWHERE
from tests.core.threads import race

IN_A_CHILD = """
import os, sys
from flask import Flask
from redis import Redis
from contest.core import queue

app = Flask("asks")
queue.init_app(app, url=sys.argv[1])
with app.app_context():
    print(queue.read(Redis.client_id), flush=True)
    child = os.fork()
    if child:
        os.waitpid(child, 0)
    print(queue.read(Redis.client_id), flush=True)
"""


def test_a_thread_keeps_its_connection_and_shares_it_with_no_other(app: Flask) -> None:
    all_asked = Barrier(3)

    def thrice(_: int) -> set[int]:
        ids = {queue.read(Redis.client_id) for _ in range(3)}
        all_asked.wait(10)  # A thread that has ended leaves its connection to the next.
        return ids

    kept = race(app, thrice, threads=3)

    assert all(isinstance(ids, set) and len(ids) == 1 for ids in kept)
    assert len(set.union(*kept)) == 3


def test_a_connection_that_redis_ended_is_opened_anew(app_context: Flask, redis: Redis) -> None:
    ended = queue.read(Redis.client_id)
    redis.client_kill_filter(_id=str(ended))

    assert queue.read(Redis.client_id) != ended
    assert queue.read(Redis.ping)


def test_a_forked_child_speaks_on_a_connection_of_its_own(config: Config) -> None:
    command = [sys.executable, "-c", IN_A_CHILD, config.redis_url]
    before, in_child, after = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    assert before == after != in_child


def test_a_silent_redis_is_told_as_such(config: Config, make_app: Callable[[Config], Flask]) -> None:
    with make_app(replace(config, redis_url=NOWHERE)).app_context(), pytest.raises(RedisError):
        queue.read(Redis.ping)
