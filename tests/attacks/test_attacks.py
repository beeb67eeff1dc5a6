"""Whoever has the server’s disk, database, keys and environment, and one source’s key, turns nobody red at a gate."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from kaimen.kit import clock
from kaimen.ledger.advancing import advance
from kaimen.proofs.notes import VerifierKey
from kaimen.status import lists
from kaimen_gate.colour_proof import ColourProof, NotProved
from kaimen_gate.colours import Colours
from kaimen_gate.wire import NotWire
from kaimen_witness.following import Alarm
from tests.attacks.hands import Hands
from tests.attacks.installation import MONDAY, ROOT, Town, build, copied, opened
from tests.attacks.outside import Outside
from tests.attacks.ways import WAYS, Way, usual_colour_shut

pytestmark = pytest.mark.django_db(databases=["default", "events"])
PEOPLE = int(os.environ.get("KAIMEN_ATTACKED", "28"))
MINUTE = timedelta(minutes=1)
RED = 1


@dataclass(frozen=True)
class Honest:
    """An installation, the disks of a witness and a gate that have followed it, and the first list as it was served."""

    town: Town
    outside: Path
    log_key: VerifierKey
    first: bytes


@pytest.fixture(scope="module")
def honest(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Honest]:
    """Two lists that witness and gate have taken; each attack has a copy."""
    folder = tmp_path_factory.mktemp("town")
    with django_db_blocker.unblock():
        town = build(folder / "honest", PEOPLE)
        with opened(town.folder):
            with clock.frozen(MONDAY + MINUTE):
                log_key = town.log_key()
                outside = Outside(town, folder / "outside", log_key)
                first = followed(outside)
            with clock.frozen(MONDAY + 10 * MINUTE):
                lists.publish(town.activation)
                advance()
                followed(outside)
        yield Honest(town, outside.folder, log_key, first)


def followed(outside: Outside) -> bytes:
    """The witness has looked and found nothing; the gate has taken what it was served."""
    outside.witness_looks()
    colours = outside.gate()
    served = outside.gate_asks(colours)
    colours.take(served)
    return served


@dataclass
class Come:
    """What came of it outside."""

    alarm: str
    gate: str
    colours: Colours


def attacked(way: Way, honest: Honest, folder: Path) -> Come:
    """Try a way on a copy of the town, from the honest state that witness and gate have seen."""
    town = copied(honest.town, folder / "taken")
    shutil.copytree(honest.outside, folder / "outside")
    with opened(town.folder), clock.frozen(MONDAY + way.after):
        outside = Outside(town, folder / "outside", honest.log_key)
        served = way.does(Hands(town, honest.first))
        if isinstance(served, set):
            assert served == {way.door}
            served = None
        return seen_outside(way, outside, served)


def seen_outside(way: Way, outside: Outside, served: bytes | None) -> Come:
    """The witness looks, then the gate is given what the server would serve."""
    advance()
    colours = outside.gate()
    alarm = refusal = ""
    try:
        outside.witness_looks()
    except Alarm as error:
        alarm = error.what
    data = served or outside.gate_asks(colours)
    try:
        if way.does is usual_colour_shut:
            outside.gate_takes_name_list(data)
        elif data:
            colours.take(data)
    except (NotProved, NotWire) as error:
        refusal = str(error)
    if way.found == "list-unlogged":
        alarm = "list-unlogged" if outside.list_unlogged(ColourProof.read(data).content) else alarm
    return Come(alarm, refusal, colours)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_nobody_turns_red_at_a_gate_and_what_is_untrue_is_found(way: Way, honest: Honest, tmp_path: Path) -> None:
    come = attacked(way, honest, tmp_path)
    assert way.found in come.alarm, come.alarm
    assert bool(way.found) == bool(come.alarm), come.alarm
    assert way.gate in come.gate, come.gate
    assert bool(way.gate) == bool(come.gate), come.gate
    held = come.colours.held
    assert held is not None
    with opened(tmp_path / "taken"):
        assert [index for index in honest.town.places(honest.town.well) if held.value(index) == RED] == []


def test_each_way_stands_in_the_reference() -> None:
    written = (ROOT / "docs" / "reference" / "attacks.md").read_text("utf-8").partition("\n## Buildings")[0]
    assert [line for line in written.splitlines() if line.startswith("| `")] == [way.row for way in WAYS]
