"""Refuses unless the migrations, run on an empty database, give exactly what the models say; `make check` calls it."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory


def main() -> int:
    """Migrate a throw-away SQLite file and compare; returns the exit status."""
    contest = str(Path(sys.executable).with_name("contest"))
    with TemporaryDirectory(prefix="kv-migrations-") as folder:
        env = {
            **os.environ,
            "KV_ENV": "test",
            "KV_DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/check.sqlite3",
        }
        for command in ("upgrade", "check"):
            status = subprocess.run([contest, "db", command], env=env, check=False).returncode
            if status:
                return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
