"""The numbered migrations: what the newest is, and bringing a database to it or back; commands, `contest run` and readiness call it.

Alembic is loaded only to migrate: a web process, which never does, saves its memory and its time.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


@cache
def newest() -> str:
    """The revision that this code needs: files are numbered in the order of their revisions."""
    return max(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(revision: str = "head") -> None:
    """Bring the application's database up to `revision`."""
    from alembic import command

    command.upgrade(_config(), revision)


def downgrade(revision: str) -> None:
    """Take the application's database back to `revision`; "-1" is one step, "base" all."""
    from alembic import command

    command.downgrade(_config(), revision)


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
