"""The replay witness cosigns a log whose colours follow from evidence, and no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kaimen.colours import leaves
from kaimen.colours.moments import when
from kaimen.colours.tests.world import World, honest
from kaimen.kit import clock
from kaimen.proofs import checkpoints
from kaimen.proofs.notes import WitnessKey
from kaimen_witness.following import Alarm, Follower, Looked
from kaimen_witness.memory import Memory
from kaimen_witness.replaying import Replayer
from kaimen_witness.tests.fake_log import FakeLog

KEY = WitnessKey.generate("court.example")


def show(log: FakeLog, world: World) -> None:
    """The log serves what the world has written so far."""
    log.leaves = list(world.leaves)
    log.openings_of = {index: [one.salt, one.secret] for index, one in enumerate(world.openings) if one}
    log.objects = dict(world.objects)


@contextmanager
def at_the_time_of(world: World) -> Iterator[None]:
    """The clock of the witness shows what the world's does."""
    with clock.frozen(when(world.now)):
        yield


def witness(log: FakeLog, world: World, folder: Path) -> Follower:
    check = Replayer(log, world.genesis).check
    return Follower(log, log.key.verifier, KEY, Memory(folder), check)


def forge(world: World) -> None:
    """The server writes a colour that no evidence gives."""
    one = next(leaf for leaf in map(leaves.read, world.leaves) if leaf.kind == "colour")
    world.log(leaves.Body("colour", one.public, {"subject": world.people[0], "evidence": [], "appeal": None}))


@pytest.fixture
def world() -> World:
    return honest(seed=3, people=60, days=2)


def test_an_honest_log_is_cosigned_as_it_grows(world: World, tmp_path: Path) -> None:
    log = FakeLog()
    whole = list(world.leaves)
    follower = witness(log, world, tmp_path)
    for size in (len(whole) // 2, len(whole)):
        show(log, world)
        log.leaves = whole[:size]
        with clock.frozen(when(leaves.read(whole[size - 1]).at)):
            assert follower.look() == Looked(size, fresh=True)
    assert len(log.taken) == 2


def test_a_colour_nobody_can_derive_is_not_cosigned_now_or_ever(world: World, tmp_path: Path) -> None:
    log = FakeLog()
    show(log, world)
    follower = witness(log, world, tmp_path)
    with at_the_time_of(world):
        follower.look()
    forge(world)
    show(log, world)
    for _ in range(2):
        with at_the_time_of(world), pytest.raises(Alarm, match="alarms in the replay: leaf"):
            follower.look()
    assert len(log.taken) == 1


def test_openings_that_are_held_back_are_an_alarm(world: World, tmp_path: Path) -> None:
    log = FakeLog()
    show(log, world)
    log.openings_of.popitem()
    with at_the_time_of(world), pytest.raises(Alarm, match="opening-missing"):
        witness(log, world, tmp_path).look()


def test_leaves_that_are_not_those_that_were_signed_are_an_alarm(world: World) -> None:
    log = FakeLog()
    show(log, world)
    shown = checkpoints.read(log.checkpoint(), log.key.verifier)
    log.leaves[-1] = log.leaves[-2]
    with pytest.raises(Alarm, match="are not those the log has signed"):
        Replayer(log, world.genesis).check(shown)
    log.leaves.pop()
    with pytest.raises(Alarm, match="fewer leaves or openings"):
        Replayer(log, world.genesis).check(shown)


def test_what_is_no_opening_opens_nothing(world: World, tmp_path: Path) -> None:
    log = FakeLog()
    show(log, world)
    index = next(iter(log.openings_of))
    log.openings_of[index] = [b"only one part"]
    with at_the_time_of(world), pytest.raises(Alarm, match=f"leaf {index}: opening-missing"):
        witness(log, world, tmp_path).look()
