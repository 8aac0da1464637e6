"""Fixtures of the question bank's tests: the shared collections beside the repository, where they are present."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The folder of shared collections; the test is skipped, saying so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared collections (../shared/data) are not on this machine")
    return SHARED
