"""`contest run`: the whole contest on one machine; prepares the data folder, then starts, watches and stops every process. cli calls it."""

import errno
import fcntl
import os
import secrets
import shutil
import socket
import sys
import time
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from contest.config import ROOT, Config, UnsafeConfig
from contest.supervisor import CannotRun, Child, EmbeddedValkey, Signals, Supervisor


def main(*, host: str = "127.0.0.1", port: int = 8000) -> int:
    """Run until Ctrl-C or SIGTERM; returns the exit status. Data lives in KV_DATA_DIR (var/ by default) and is kept."""
    signals = Signals()
    supervisor: Supervisor | None = None
    lock: IO[str] | None = None
    try:
        env = dict(os.environ)
        data_dir = Path(env.get("KV_DATA_DIR") or ROOT / "var").resolve()
        lock = _own(data_dir)
        _wait_for_port(host, port)
        _keep_secret(data_dir)
        supervisor = Supervisor(data_dir / "log", signals)
        if not env.get("REDIS_URL") and env.get("KV_ENV", "development") != "production":
            valkey = EmbeddedValkey(data_dir / "valkey")
            env["REDIS_URL"] = valkey.url
            supervisor.start(valkey)
        accounts = _prepare(Config.from_env(env))
        web = Child("web", web_command(f"{_bracketed(host)}:{port}"), {**env, **_shared_figures(data_dir)})
        supervisor.start(web)
        supervisor.wait_until_ready(web, lambda: _answers(host, port))
        for name, command in worker_commands().items():
            supervisor.start(Child(name, command, env))
        _announce(host, port, data_dir, accounts)
        supervisor.watch()
    except (CannotRun, UnsafeConfig) as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
    finally:
        if supervisor:
            supervisor.stop()
        if lock:
            lock.close()
    return 0


def web_command(bind: str, *, workers: int = 2, threads: int = 8) -> list[str]:
    """The web server as it is run here, in benchmarks and in production: two processes of threads, each with its own socket."""
    return [
        *(
            sys.executable,
            "-m",
            "gunicorn",
            "wsgi:app",
            "--config",
            str(ROOT / "gunicorn.conf.py"),
            "--chdir",
            str(ROOT),
        ),
        *("--bind", bind),
        *("--workers", str(workers), "--threads", str(threads), "--worker-class", "contest.web.Worker", "--reuse-port"),
        *(
            "--graceful-timeout",
            "8",
            "--timeout",
            "60",
            "--keep-alive",
            "15",
            "--log-level",
            "warning",
            "--no-control-socket",
        ),
    ]


def worker_commands() -> dict[str, list[str]]:
    """One process that grades and runs small jobs in itself, one for what takes long, two that fork for strangers' files, one that asks for periodic jobs."""
    contest = str(Path(sys.executable).with_name("contest"))
    files = [contest, "worker", "--queue", "files", "--forking"]
    return {
        "worker": [contest, "worker", "--queue", "quiz", "--queue", "default"],
        "long": [contest, "worker", "--queue", "long"],
        "files": files,
        "files-2": files,
        "scheduler": [contest, "scheduler"],
    }


def _own(data_dir: Path) -> IO[str]:
    """Make the data folder ours until the returned file is closed; raises CannotRun when it cannot be written or another run has it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "run.lock").open("a")
    except OSError as error:
        raise CannotRun(f"The data folder {data_dir} cannot be written: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CannotRun(
            f"The contest in {data_dir} is already running: stop that one first, or set KV_DATA_DIR to another folder."
        ) from None
    return lock


def _wait_for_port(host: str, port: int) -> None:
    """Raise CannotRun unless the port is free; a run that was killed a moment ago gets three seconds to let it go."""
    until = time.monotonic() + 3
    while True:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
            return
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotRun(f"The address {host}:{port} cannot be used: {error.strerror}.") from None
            if time.monotonic() > until:
                raise CannotRun(
                    f"Port {port} is already in use: stop the other program, or choose another port (make run PORT={port + 1})."
                ) from None
        except OverflowError:
            raise CannotRun(f"{port} is not a port: choose one between 1 and 65535.") from None
        time.sleep(0.1)


def _keep_secret(data_dir: Path) -> None:
    """Make the development secret once; whoever may read it may forge a session, so only its owner may."""
    try:
        with open(os.open(data_dir / "secret", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
    except FileExistsError:
        return


def _prepare(config: Config) -> list[str]:
    """Bring the database to the newest migration and load the demo contest into an empty one; returns lines about its accounts."""
    from contest import create_app
    from contest.core import migrations
    from contest.core.db import db

    with create_app(config).app_context():
        migrations.upgrade()
        lines = _demo() if config.mode == "development" else []
        db.session.remove()
        db.engine.dispose()
    return lines


def _demo() -> list[str]:
    """Load the demo contest unless there is a contest; returns lines about those of its accounts that there are."""
    from contest.cli import progress_bar
    from contest.contests import queries as contests
    from contest.demo import load

    if contests.current_contest() is None:
        with progress_bar() as progress:
            load.load(progress)
    return load.account_lines() or ["Your own contest is here, not the demo: sign in as somebody of it."]


def _shared_figures(data_dir: Path) -> dict[str, str]:
    """An empty folder in which the web processes add up their figures for /metrics."""
    folder = data_dir / "metrics"
    memory = Path("/dev/shm")  # nosec B108
    if os.access(memory, os.W_OK):  # The figures are mapped files, and touching one on a full disk ends its process.
        folder = memory / f"khat-vong-{os.getuid()}-{sha256(os.fsencode(data_dir)).hexdigest()[:12]}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def _announce(host: str, port: int, data_dir: Path, accounts: list[str]) -> None:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, _bracketed(host))
    print(f"\n  http://{shown}:{port}/\n")
    for line in accounts:
        print(f"  {line}")
    print(f"\n  Data: {data_dir}   Logs: {data_dir / 'log'}   Stop: Ctrl-C\n", flush=True)


def _answers(host: str, port: int) -> bool:
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with urlopen(f"http://{_bracketed(shown)}:{port}/healthz", timeout=10) as reply:  # nosec B310
            return bool(reply.status == HTTPStatus.OK)
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
