"""The one frozen configuration, read from the environment at start-up and nowhere else; create_app and the commands call it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class UnsafeConfig(RuntimeError):
    """The environment asks for something that must not serve citizens; the message says what to change."""


@dataclass(frozen=True)
class Config:
    """Everything that differs between a laptop and a province.

    Sizes are bytes, durations seconds. `trusted_proxies` counts the reverse proxies in front whose X-Forwarded-* headers are believed.
    `public_url` is the contest's own address, without a slash at its end; empty, links follow the host that was asked.
    """

    mode: str = "development"
    secret_key: str = ""
    database_url: str = ""
    redis_url: str = ""
    storage_url: str = ""
    data_dir: Path = field(default_factory=lambda: ROOT / "var")
    machines: int = 1
    debug: bool = False
    https: bool = False
    trusted_proxies: int = 0
    public_url: str = ""
    other_hosts: tuple[str, ...] = ()
    metrics_token: str = ""
    maintenance: bool = False
    log_level: str = "INFO"
    upload_limit: int = 25 * 1024 * 1024
    form_limit: int = 2 * 1024 * 1024
    session_days: int = 14
    password_checks: int = 0

    @property
    def development(self) -> bool:
        """True on a laptop and in tests: the style page is shown and cookies travel without TLS."""
        return self.mode != "production"

    @property
    def sqlite(self) -> bool:
        """True where the database is a SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def trusted_hosts(self) -> list[str] | None:
        """The hosts that are answered, for probes on the same machine too; None answers every host."""
        if not self.public_url:
            return None
        return [urlsplit(self.public_url).hostname or "", *self.other_hosts, "localhost", "127.0.0.1", "[::1]"]

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        """Read the environment; raises UnsafeConfig when a production would be unsafe or a value is not usable."""
        env = os.environ if env is None else env
        mode = env.get("KV_ENV", "development")
        if mode not in ("development", "production", "test"):
            raise UnsafeConfig(f"KV_ENV must be development, test or production, not {mode!r}.")
        data_dir = Path(env.get("KV_DATA_DIR") or ROOT / "var").resolve()
        config = cls(
            mode=mode,
            secret_key=env.get("SECRET_KEY") or _development_secret(mode, data_dir),
            database_url=_database_url(
                env.get("DATABASE_URL") or ("" if mode == "production" else f"sqlite:///{data_dir / 'contest.sqlite3'}")
            ),
            redis_url=env.get("REDIS_URL")
            or ("" if mode == "production" else f"unix://{data_dir / 'valkey' / 'valkey.sock'}"),
            storage_url=env.get("STORAGE_URL") or ("" if mode == "production" else f"file://{data_dir / 'files'}"),
            data_dir=data_dir,
            machines=_whole(env, "KV_MACHINES", 1),
            debug=_flag(env, "KV_DEBUG"),
            https=_flag(env, "KV_HTTPS", default=mode == "production"),
            trusted_proxies=_whole(env, "KV_TRUSTED_PROXIES", 0),
            public_url=_public_url(env.get("KV_PUBLIC_URL", "")),
            other_hosts=tuple(host.strip() for host in env.get("KV_OTHER_HOSTS", "").split(",") if host.strip()),
            metrics_token=env.get("KV_METRICS_TOKEN", "").strip(),
            maintenance=_flag(env, "KV_MAINTENANCE"),
            log_level=env.get("KV_LOG_LEVEL", "INFO").upper(),
            password_checks=_whole(env, "KV_PASSWORD_CHECKS", 0),
        )
        config.refuse_unsafe()
        return config

    def refuse_unsafe(self) -> None:
        """Raise UnsafeConfig naming the variable to set, when this configuration must not face citizens."""
        if self.mode != "production":
            return
        for name, value in (
            ("SECRET_KEY", self.secret_key),
            ("DATABASE_URL", self.database_url),
            ("REDIS_URL", self.redis_url),
            ("STORAGE_URL", self.storage_url),
        ):
            if not value:
                raise UnsafeConfig(
                    f"{name} is not set; production needs DATABASE_URL, REDIS_URL, STORAGE_URL and SECRET_KEY."
                )
        if len(self.secret_key) < 32 or len(set(self.secret_key)) < 8:
            raise UnsafeConfig("SECRET_KEY is too weak: use at least 32 random characters.")
        if self.debug:
            raise UnsafeConfig("KV_DEBUG must not be set in production.")
        if self.sqlite and self.machines > 1:
            raise UnsafeConfig("SQLite serves one machine only: set DATABASE_URL to PostgreSQL, or KV_MACHINES=1.")
        if urlsplit(self.storage_url).scheme == "file" and self.machines > 1:
            raise UnsafeConfig(
                "A local folder serves one machine only: set STORAGE_URL to an S3 address, or KV_MACHINES=1."
            )


def _development_secret(mode: str, data_dir: Path) -> str:
    """The secret that `make run` keeps in var/, or a fixed one for tests; production never gets one from here."""
    if mode == "production":
        return ""
    kept = data_dir / "secret"
    return kept.read_text().strip() if kept.exists() else "development-only-secret-that-no-production-accepts"


def _database_url(url: str) -> str:
    """Accept the common spellings of a PostgreSQL address and name the driver that is installed."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def _public_url(text: str) -> str:
    """The scheme and host of the contest's own address; raises UnsafeConfig for anything else."""
    text = text.strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        whole = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and f"{parts.scheme}://{parts.netloc}" == text
        )
        whole = whole and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise UnsafeConfig(f"KV_PUBLIC_URL must be like https://contest.example.vn, not {text!r}.")
    return text


def _flag(env: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    text = env.get(name, "").strip().lower()
    if text not in ("", "0", "1", "true", "false", "yes", "no"):
        raise UnsafeConfig(f"{name} must be 0 or 1, not {text!r}.")
    return default if text == "" else text in ("1", "true", "yes")


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit():
        raise UnsafeConfig(f"{name} must be a whole number, not {text!r}.")
    return int(text)
