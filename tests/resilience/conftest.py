"""The seeded contest that runs in its own processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from contest.config import Config
from tests.resilience.site import Site
from tests.tools.running import free_port


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path, make_app: Callable[[Config], Flask]) -> Iterator[Site]:
    """A contest over its own data folder; the test seeds it and starts it."""
    made = Site(tmp_path / "var", free_port(), sqlite_template, make_app)
    yield made
    made.stop()
