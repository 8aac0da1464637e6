"""The contest that runs in its own processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.requirements import lacking
from tests.fixtures.schema import build_schema
from tests.resilience.site import Site
from tests.tools.running import free_port
from tools.postgres import NoPostgres, ThrowawayPostgres


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


@pytest.fixture
def database_site(tmp_path: Path) -> Iterator[tuple[Site, ThrowawayPostgres]]:
    """A contest over a PostgreSQL server of its own that forgets nothing it has acknowledged."""
    try:
        cluster = ThrowawayPostgres({"shared_buffers": "64MB"})
    except NoPostgres as reason:
        lacking("postgresql", str(reason))
    with cluster:
        url = cluster.create("contest")
        build_schema(url)
        made = Site(tmp_path / "var", free_port(), database_url=url)
        made.start()
        yield made, cluster
        made.stop()
