"""Loads the shared fixtures and runs tests marked `both_databases` on SQLite and on PostgreSQL."""

import pytest

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
