"""A PostgreSQL cluster that lives as long as a test run or a benchmark; tests/fixtures and bench start it."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


class NoPostgres(RuntimeError):
    """This machine cannot start a PostgreSQL cluster; the message says what is missing."""


def binaries() -> Path:
    """The folder that holds initdb and pg_ctl; raises NoPostgres when there is none."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if not found:
        raise NoPostgres("PostgreSQL is not installed (no initdb on PATH or under /usr/lib/postgresql)")
    return max(found, key=lambda path: int(path.parent.name))


class ThrowawayPostgres:
    """A cluster in a temporary folder on a free loopback port, gone on exit.

    PostgreSQL refuses to run as root, so root hands the folder to the user `postgres` (else `nobody`) and starts it there.
    """

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        self.bin = binaries()
        self.settings = TEST_SETTINGS if settings is None else settings
        self.owner = _unprivileged_user() if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="kv-pg-"))
        self.data = self.folder / "data"
        self.port = _free_port()

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        try:
            self._run(
                "initdb",
                "-D",
                str(self.data),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            )
            options = {
                "port": str(self.port),
                "listen_addresses": "127.0.0.1",
                "unix_socket_directories": str(self.folder),
                **self.settings,
            }
            with (self.data / "postgresql.conf").open("a") as conf:
                conf.writelines(f"{name} = '{value}'\n" for name, value in options.items())
            self._run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-t", "30", "start")
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self) -> None:
        """Stop the server as a power cut would, and start it again."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-t", "30", "start")

    def url(self, database: str) -> str:
        """The SQLAlchemy address of `database`."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Create `database` as a copy of `template` and return its address."""
        self._admin(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template))
        )
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop `database`, closing whatever is still connected to it."""
        self._admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _admin(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        who: dict[str, object] = {}
        if self.owner:
            who = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self.bin / program), *arguments],
            check=False,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
            **who,  # type: ignore[call-overload]
        )
        if done.returncode:
            log = self.folder / "log"
            raise NoPostgres(
                f"{program} failed: {done.stderr.strip()} {log.read_text() if log.exists() else ''}".strip()
            )


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("running as root without a user `postgres` or `nobody` to hand the cluster to")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
