"""The configuration: read from the environment alone, and refusing what must not face citizens."""

import dataclasses
from pathlib import Path

import pytest

from contest.config import Config, UnsafeConfig

SAFE = {
    "KV_ENV": "production",
    "DATABASE_URL": "postgresql://contest:x@db/contest",
    "REDIS_URL": "redis://queue:6379/0",
    "STORAGE_URL": "s3://contest-files",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCD",
}


def test_four_addresses_are_enough_for_production() -> None:
    config = Config.from_env(SAFE)
    assert not config.development
    assert config.https
    assert config.trusted_proxies == 0
    assert config.database_url == "postgresql+psycopg://contest:x@db/contest"


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL", "STORAGE_URL", "SECRET_KEY"])
def test_production_without_one_of_the_four_is_refused_by_name(missing: str) -> None:
    with pytest.raises(UnsafeConfig, match=missing):
        Config.from_env({name: value for name, value in SAFE.items() if name != missing})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY is too weak"),
        ({"KV_DEBUG": "1"}, "KV_DEBUG"),
        ({"DATABASE_URL": "sqlite:////srv/contest.sqlite3", "KV_MACHINES": "2"}, "SQLite serves one machine"),
        ({"STORAGE_URL": "file:///srv/files", "KV_MACHINES": "2"}, "local folder serves one machine"),
        ({"KV_MACHINES": "many"}, "KV_MACHINES"),
        ({"KV_HTTPS": "perhaps"}, "KV_HTTPS"),
        ({"KV_ENV": "staging"}, "KV_ENV"),
        ({"KV_PUBLIC_URL": "contest.example.vn"}, "KV_PUBLIC_URL"),
        ({"KV_PUBLIC_URL": "https://contest.example.vn/thi"}, "KV_PUBLIC_URL"),
        ({"KV_PUBLIC_URL": "https://[broken"}, "KV_PUBLIC_URL"),
    ],
)
def test_unsafe_or_unusable_values_are_refused_with_the_reason(changes: dict[str, str], words: str) -> None:
    with pytest.raises(UnsafeConfig, match=words):
        Config.from_env(SAFE | changes)


def test_development_needs_nothing_and_keeps_to_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("made-once-by-contest-run\n")
    config = Config.from_env({"KV_DATA_DIR": str(tmp_path)})
    assert config.development
    assert config.secret_key == "made-once-by-contest-run"
    assert str(tmp_path) in config.database_url
    assert str(tmp_path) in config.storage_url


def test_configuration_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config.from_env(SAFE).debug = True  # type: ignore[misc]


def test_public_address_names_the_hosts_that_are_answered() -> None:
    config = Config.from_env(
        SAFE | {"KV_PUBLIC_URL": "https://contest.example.vn/", "KV_OTHER_HOSTS": "old.example.vn"}
    )
    assert config.public_url == "https://contest.example.vn"
    assert set(config.trusted_hosts or ()) > {"contest.example.vn", "old.example.vn", "127.0.0.1"}
    assert Config.from_env(SAFE).trusted_hosts is None
