"""A node takes a list of colours only with its proof; every other is refused with its reason and changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kaimen.kit.keys import SigningKey
from kaimen.proofs.notes import LogKey, WitnessKey
from kaimen_gate.colour_proof import BadPins, ColourProof, NotProved, Pins
from kaimen_gate.colours import Colours
from kaimen_gate.tests.colour_world import ColourWorld, leaf, of, unwitnessed

EIGHT = datetime(2020, 3, 16, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RED, YELLOW = 1, 2


@pytest.fixture
def world() -> ColourWorld:
    """A log that has begun."""
    return ColourWorld(SigningKey.generate(), EIGHT)


@pytest.fixture
def colours(world: ColourWorld, tmp_path: Path) -> Colours:
    """A node that believes the world's log and witnesses."""
    return Colours(tmp_path, world.pins, world.centre.public)


def refused(colours: Colours, proof: ColourProof, why: str) -> None:
    """Assert that the proof is refused for this reason, and what was in force stays."""
    before = colours.held
    with pytest.raises(NotProved, match=why):
        colours.take(proof.to_bytes())
    assert colours.held is before
    assert colours.refused


def test_a_list_with_its_proof_is_taken(colours: Colours, world: ColourWorld) -> None:
    colours.take(world.publish({11: RED, 12: YELLOW}).to_bytes())
    assert colours.held is not None
    assert [colours.held.value(index) for index in (11, 12, 13, 2**24)] == [RED, YELLOW, 0, 0]
    assert sorted(colours.held.witnessed) == ["court.example/w", "university.example/w"]


def test_the_last_good_list_survives_a_restart_and_a_refusal(
    colours: Colours, world: ColourWorld, tmp_path: Path
) -> None:
    colours.take(world.publish({11: RED}).to_bytes())
    refused(colours, unwitnessed(world.publish({12: RED}, EIGHT + HOUR)), "0 of 1 pinned witnesses")
    again = Colours(tmp_path, world.pins, world.centre.public)
    assert again.held is not None
    assert (again.held.value(11), again.held.value(12), again.held.age(EIGHT + 3 * HOUR)) == (RED, 0, 3 * 3600)


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (lambda _world, proof: unwitnessed(proof), "0 of 1 pinned witnesses"),
        (lambda world, proof: replace(proof, note=world.note(WitnessKey.generate("court.example/w"))), "0 of 1"),
        (lambda world, proof: replace(proof, note=world.note(log=LogKey.generate("fork.example"))), "not pinned"),
        (lambda world, proof: replace(proof, note=world.note(log=LogKey.generate(world.log.name))), "did not sign"),
        (lambda world, proof: replace(proof, content=world.proof(of({13: RED}), EIGHT).content), "its leaf names"),
        (lambda world, proof: replace(proof, content=world.proof(of({11: RED}), EIGHT + HOUR).content), "moment"),
        (lambda _world, proof: replace(proof, listed=replace(proof.listed, index=0)), "its leaf is not in the log"),
        (lambda _world, proof: replace(proof, listed=replace(proof.listed, path=())), "its leaf is not in the log"),
        (lambda _world, proof: replace(proof, listed=proof.genesis), "before the genesis"),
        (lambda _world, proof: replace(proof, genesis=proof.listed), "another genesis"),
        (lambda _world, proof: replace(proof, genesis=replace(proof.genesis, index=0)), "genesis is not in the log"),
        (lambda world, _proof: world.publish({11: RED}, name="passes"), "no list of the name person"),
    ],
)  # fmt: skip
def test_a_list_whose_proof_lacks_something_is_refused(
    colours: Colours,
    world: ColourWorld,
    spoilt: Callable[[ColourWorld, ColourProof], ColourProof],
    why: str,
) -> None:
    proof = world.publish({11: RED})
    refused(colours, spoilt(world, proof), why)


def test_a_list_logged_before_the_genesis_is_refused(colours: Colours, world: ColourWorld) -> None:
    proof = world.publish({11: RED})
    world.leaves = [world.leaves[2], world.leaves[1]]
    refused(colours, replace(world.proof(of({11: RED}), EIGHT, 0), content=proof.content), "before the genesis")


def test_a_list_signed_by_somebody_else_than_the_centre_is_refused(colours: Colours, world: ColourWorld) -> None:
    world.centre = SigningKey.generate()
    refused(colours, world.publish({11: RED}), "names ES256, this key")


def test_no_older_list_comes_back_even_after_none_was_held(colours: Colours, world: ColourWorld) -> None:
    old = world.publish({11: RED})
    colours.take(world.publish({}, EIGHT + HOUR).to_bytes())
    refused(colours, old, "older than one that was in force")
    colours.let_go()
    assert colours.held is None
    refused(colours, old, "older than one that was in force")


def test_a_list_on_disk_that_proves_nothing_to_new_pins_is_not_used(
    colours: Colours, world: ColourWorld, tmp_path: Path
) -> None:
    colours.take(world.publish({11: RED}).to_bytes())
    pins = replace(world.pins, genesis=bytes(32))
    assert Colours(tmp_path, pins, world.centre.public).held is None


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x80", b"\x85\x01\x40\x80\x80\x60", b"\x85\x02\x40\x80\x80\x60"])
def test_bytes_that_are_no_proof_are_refused(colours: Colours, data: bytes) -> None:
    with pytest.raises(NotProved):
        colours.take(data)


def test_any_changed_bit_is_refused_or_changes_nothing(colours: Colours, world: ColourWorld) -> None:
    good = world.publish({11: RED}).to_bytes()
    for at in range(0, len(good), 3):
        data = bytearray(good)
        data[at] ^= 1 << at % 8
        try:
            colours.take(bytes(data))
        except NotProved:
            continue
        assert colours.held is not None  # a line of a witness fewer, or one nobody asked about
        assert [colours.held.value(index) for index in (11, 12)] == [RED, 0]


def test_pins_are_read_as_they_were_kept(world: ColourWorld, tmp_path: Path) -> None:
    world.pins.keep(tmp_path / "pins")
    assert Pins.kept_at(tmp_path / "pins") == world.pins
    assert Pins.kept_at(tmp_path / "none") is None
    (tmp_path / "pins").write_text("{}")
    with pytest.raises(BadPins, match="kaimen-gate trust"):
        Pins.kept_at(tmp_path / "pins")


def test_pins_that_would_believe_anybody_are_refused(world: ColourWorld) -> None:
    log, (court, university) = str(world.log.verifier), (str(one.verifier) for one in world.witnesses)
    genesis = world.pins.genesis.hex()
    assert Pins.of(genesis, [log], [court, university]).quorum == 2
    for wrong in (
        (genesis, [log], []),
        (genesis, [], [court]),
        (genesis, [court], [court]),
        (genesis, [log], [log]),
        (genesis, [log], [court, court]),
        (genesis, [log], [court], 2),
        (genesis, [log], [court], -1),
        ("ab", [log], [court]),
        ("no hash", [log], [court]),
    ):
        with pytest.raises(BadPins):
            Pins.of(*wrong)


def test_the_leaf_of_another_kind_is_no_list(colours: Colours, world: ColourWorld) -> None:
    proof = world.publish({11: RED})
    world.leaves.append(leaf("snapshot", EIGHT, digest=of({11: RED}).digest))
    refused(colours, replace(world.proof(of({11: RED}), EIGHT), content=proof.content), "no list of the name")


def test_a_list_that_the_disk_does_not_let_go_is_let_go(colours: Colours, world: ColourWorld, tmp_path: Path) -> None:
    colours.take(world.publish({11: RED}).to_bytes())
    (tmp_path / "colours.list").unlink()
    (tmp_path / "colours.list").mkdir()  # as a read-only disk refuses it
    colours.let_go()
    assert colours.held is None


def test_a_quorum_of_none_is_no_quorum(world: ColourWorld) -> None:
    about = world.pins.genesis.hex(), [str(one) for one in world.pins.logs], [str(one) for one in world.pins.witnesses]
    for quorum in (0, -1, 3):
        with pytest.raises(BadPins, match="a quorum of 1 to 2"):
            Pins.of(*about, quorum)
