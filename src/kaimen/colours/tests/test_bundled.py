"""A bundle of colours, on a machine that asks nobody: an honest one is sound, and a spoiled one names the alarm."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kaimen.colours import asking, leaves
from kaimen.colours.bundled import replayed
from kaimen.colours.moments import when
from kaimen.colours.tests.board import lived
from kaimen.colours.tests.world import World, honest
from kaimen.proofs import bundles, checkpoints
from kaimen.proofs.audit import Trust, audit
from kaimen.proofs.bundles import Bundle, Content
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.commitments import Opening
from kaimen.proofs.merkle import leaf_hash, root_of
from kaimen.proofs.notes import LogKey, WitnessKey

LOG, COURT = LogKey.generate("log.example/east"), WitnessKey.generate("court.example")
TRUST = Trust((LOG.verifier,), (COURT.verifier,), quorum=1)


def notes(world: World) -> Iterator[str]:
    """Each checkpoint, signed, and seen by the court when the world says."""
    hashes = [leaf_hash(leaf) for leaf in world.leaves]
    for size, at in world.checkpoints:
        signed = checkpoints.signed(Checkpoint(LOG.name, size, root_of(hashes[:size])), LOG)
        yield str(checkpoints.cosigned(signed, COURT, when(at)))


def bundled(world: World, path: Path, *, openings: bool = True) -> Path:
    """The bundle of a world, in a file."""
    opened = [(index, Opening(one.salt, one.secret)) for index, one in enumerate(world.openings) if one]
    content = Content(
        (LOG.verifier,), (COURT.verifier,), notes(world), world.leaves, opened if openings else None,
        world.objects.values(),
    )  # fmt: skip
    with path.open("wb") as file:
        bundles.write(file, content)
    return path


@pytest.fixture(scope="module")
def world() -> World:
    return honest(seed=5, people=120)


def asked(path: Path, **more: Any) -> Mapping[str, Any]:
    """What somebody may say on the command line."""
    about = {"bundle": path, "log": [LOG.verifier], "witness": [COURT.verifier], "quorum": 1, "seen": []}
    return about | {"genesis": None, "json": False} | more


def test_an_honest_bundle_is_sound(world: World, tmp_path: Path) -> None:
    with bundled(world, tmp_path / "a.zip").open("rb") as file:
        assert audit(Bundle(file), TRUST).leaves == len(world.leaves)
        report = replayed(Bundle(file), TRUST, world.genesis)
    assert report.alarms == ()
    assert report.leaves == len(world.leaves)
    assert report.lists


def test_it_is_replayed_as_the_log_itself_is(world: World, tmp_path: Path) -> None:
    with bundled(world, tmp_path / "a.zip").open("rb") as file:
        report = replayed(Bundle(file), TRUST, world.genesis)
    assert replace(report, colours={}) == replace(world.replay(), colours={})


def test_a_colour_without_evidence_is_an_alarm_though_the_log_holds(tmp_path: Path) -> None:
    spoiled = honest(seed=6, people=60, days=1)
    one = next(leaf for leaf in map(leaves.read, spoiled.leaves) if leaf.kind == "colour")
    secret: dict[str, Any] = {"subject": spoiled.people[0], "evidence": [], "appeal": None}
    spoiled.log(leaves.Body("colour", one.public, secret))
    spoiled.checkpoint()
    path = bundled(spoiled, tmp_path / "a.zip")
    said, sound = asking.verified(asked(path))
    assert sound
    said, sound = asking.verified(asked(path, genesis=spoiled.genesis))
    assert not sound
    assert "ALARM: colour-" in said
    answer, sound = asking.verified(asked(path, genesis=spoiled.genesis, json=True))
    assert json.loads(answer)["replay"]["sound"] is sound is False


def test_the_words_of_a_sound_bundle(world: World, tmp_path: Path) -> None:
    said, sound = asking.verified(asked(bundled(world, tmp_path / "a.zip"), genesis=world.genesis))
    assert sound
    assert said.endswith("lists follow from evidence and rules.")
    assert "court.example has seen" in said


def test_a_public_bundle_holds_but_cannot_be_replayed(world: World, tmp_path: Path) -> None:
    path = bundled(world, tmp_path / "a.zip", openings=False)
    assert asking.verified(asked(path))[1]
    said, sound = asking.verified(asked(path, genesis=world.genesis))
    assert not sound
    assert "opening-missing" in said


def test_another_genesis_than_the_pinned_is_found(world: World, tmp_path: Path) -> None:
    said, sound = asking.verified(asked(bundled(world, tmp_path / "a.zip"), genesis=bytes(32)))
    assert (sound, "genesis-missing 1" in said) == (False, True)


def test_a_checkpoint_kept_from_earlier_is_read_from_a_file(world: World, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text(next(notes(world)), "utf-8")
    path = bundled(world, tmp_path / "a.zip")
    assert asking.verified(asked(path, seen=[asking.kept(str(tmp_path / "kept"))]))[1]


def test_what_was_said_wrongly_is_told() -> None:
    for read, text in (
        (asking.key, "x"),
        (asking.leaf_hash, "xy"),
        (asking.leaf_hash, "00"),
        (asking.kept, "/nothing"),
    ):
        with pytest.raises(ArgumentTypeError):
            read(text)
    assert asking.leaf_hash("ab" * 32) == b"\xab" * 32


def test_a_frozen_day_that_somebody_was_handed_is_held_against_the_log(tmp_path: Path) -> None:
    board = lived()
    honest_day = board.freeze()
    board.checkpoint()
    path = bundled(board, tmp_path / "a.zip")
    (tmp_path / "good").write_bytes(honest_day)
    (tmp_path / "bad").write_bytes(honest_day.replace(b"ferry-house", b"ferry-hause"))
    said, holds = asking.verified(asked(path, genesis=board.genesis, picture=[tmp_path / "good"]))
    assert holds, said
    said, holds = asking.verified(asked(path, genesis=board.genesis, picture=[tmp_path / "good", tmp_path / "bad"]))
    assert not holds
    assert "picture-unlogged" in said
