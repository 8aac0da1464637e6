"""The contest that runs in its own processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.resilience.site import Site
from tests.tools.running import free_port


@pytest.fixture(scope="module")
def one_site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    """A contest over its own data folder."""
    made = Site(tmp_path_factory.mktemp("site") / "var", free_port(), sqlite_template)
    yield made
    made.stop()


@pytest.fixture
def site(one_site: Site) -> Site:
    """The contest, running; a test seeds its own round and entrants."""
    if not one_site.is_up():
        one_site.start()
    return one_site
