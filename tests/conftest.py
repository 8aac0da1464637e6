"""Loads the shared fixtures, runs tests marked `both_databases` on SQLite and on PostgreSQL, and lets what is slow begin first."""

import pytest
from hypothesis import HealthCheck, settings

# A first call loads NumPy and tables, and a machine may be busy: how long an example takes is no fault.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

pytest_plugins = [
    "tests.fixtures.sqlite",
    "tests.fixtures.postgres",
    "tests.fixtures.valkey",
    "tests.fixtures.application",
    "tests.fixtures.demo",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test marked `both_databases` one run per database."""
    if metafunc.definition.get_closest_marker("both_databases"):
        if "database_url" not in metafunc.fixturenames:
            metafunc.fixturenames.append("database_url")
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that hold slow tests: one that came last would keep its process at work while the others have nothing left to do."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
