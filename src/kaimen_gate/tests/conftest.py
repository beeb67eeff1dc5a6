"""A fake centre, and a data folder enrolled with it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kaimen_gate.enrolment import enrol
from kaimen_gate.tests.fake_centre import FakeCentre, served, snapshot
from kaimen_gate.tests.running import Running, running, until


@pytest.fixture
def centre() -> FakeCentre:
    """A centre with one list, open at every hour."""
    return _centre()


@pytest.fixture
def address(centre: FakeCentre) -> Iterator[str]:
    """Where the centre is."""
    with served(centre) as address:
        yield address


@pytest.fixture
def data(tmp_path: Path, address: str) -> Path:
    """An enrolled node's folder."""
    enrol(tmp_path / "node", address, "GOOD-CODE", "east gate")
    return tmp_path / "node"


@pytest.fixture
def node(data: Path) -> Iterator[Running]:
    """A running node that has its list."""
    with running(data) as node:
        until(lambda: node.state()["places"][0]["version"] == 1)
        yield node


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One node for tests that leave nothing behind."""
    with served(_centre()) as address:
        data = tmp_path_factory.mktemp("shared") / "node"
        enrol(data, address, "GOOD-CODE", "east gate")
        with running(data) as node:
            yield node


def _centre() -> FakeCentre:
    centre = FakeCentre()
    centre.publish(snapshot(centre.key, datetime.now(UTC), opens="00:00", closes="24:00"))
    return centre
