"""A log of its own for each test: its keys lie in a folder of the test."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Settings) -> Path:
    """Where this test's keys lie."""
    settings.KEYS = tmp_path / "keys"
    return tmp_path / "keys"
