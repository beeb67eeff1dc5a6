"""Attacks on the log: colours without a cause, history rewritten, other systems."""

from dataclasses import replace

import pytest

from kaimen.colours import leaves, statements
from kaimen.colours.judging import Judgement
from kaimen.colours.leaves import About, Opening
from kaimen.colours.moments import DAY, HOUR, MINUTE
from kaimen.colours.replay import Replay
from kaimen.colours.tests.attacks import assert_nobody_is_red, reds, turn_red
from kaimen.colours.tests.world import NEGATIVE, PEOPLE, POSITIVE, World
from kaimen.kit.keys import SigningKey
from kaimen.proofs import merkle


def test_red_without_any_evidence() -> None:
    world = World()
    turn_red(world)
    assert_nobody_is_red(world, colour_underived=PEOPLE, list_underived=1)


def test_leaves_with_a_time_before_the_checkpoints_that_witnesses_saw() -> None:
    world = World()
    world.wait(world.now + DAY)
    world.checkpoint()
    early = world.now - DAY
    for person in world.people:
        said = world.says(world.hospital, person, "test", POSITIVE, made=early, seen=early)
        world.log(leaves.of_source(statements.sign(said, world.hospital.key)), at=early)
    assert world.replay().counted()["leaf-out-of-time"] >= PEOPLE


@pytest.mark.parametrize(("waited", "alarms"), [(45 * MINUTE, 0), (75 * MINUTE, 1)])
def test_a_leaf_may_wait_an_hour_for_a_log_that_stood_still(waited: int, alarms: int) -> None:
    world = World()
    person, recorded = world.people[0], world.now + 10
    world.checkpoints.append((len(world.leaves), recorded + waited))  # witnesses saw the log before the leaf was in it
    said = world.says(world.laboratory, person, "test", NEGATIVE, made=recorded, seen=recorded)
    world.log(leaves.of_source(statements.sign(said, world.laboratory.key)), at=recorded)
    assert world.replay().counted()["leaf-out-of-time"] == alarms


def test_leaves_with_a_time_still_to_come() -> None:
    world = World()
    for person in world.people[:20]:
        said = world.says(world.hospital, person, "test", POSITIVE)
        world.log(leaves.of_source(statements.sign(said, world.hospital.key)), at=world.now + 9 * HOUR)
    world.checkpoint()
    assert world.replay().counted()["leaf-out-of-time"] >= 20


def test_a_row_of_evidence_edited_in_the_database() -> None:
    world = World()
    for person in world.people:
        world.give(world.hospital, person, "test", NEGATIVE)
        world.give(world.cdc, person, "test", NEGATIVE)
    for index, opening in enumerate(world.openings):
        if opening is not None and b"negative" in opening.secret:
            world.openings[index] = Opening(opening.salt, opening.secret.replace(b"negative", b"positive"))
    assert_nobody_is_red(world, opening_false=2 * PEOPLE)


def test_openings_kept_back() -> None:
    world = World()
    turn_red(world)
    for index, data in enumerate(world.leaves):
        if leaves.read(data).kind == "colour":
            world.openings[index] = None
    assert_nobody_is_red(world, opening_missing=PEOPLE, list_underived=1)


def test_a_log_that_was_rewritten() -> None:
    world = World()
    hashes = [leaves.hash_of(data) for data in world.leaves]
    seen = merkle.root_of(hashes)
    world.leaves[-5] = world.leaves[-6]
    again = [leaves.hash_of(data) for data in world.leaves] + [bytes(32)]
    path = merkle.consistency_path(again, len(hashes))
    assert not merkle.verify_consistency(len(hashes), len(again), seen, merkle.root_of(again), path)


def test_two_histories_for_two_witnesses() -> None:
    world = World()
    trunk = [leaves.hash_of(data) for data in world.leaves]
    mine, yours = [*trunk, b"a" * 32], [*trunk, b"b" * 32]
    longer = [*yours, b"c" * 32]
    path = merkle.consistency_path(longer, len(mine))
    assert not merkle.verify_consistency(len(mine), len(longer), merkle.root_of(mine), merkle.root_of(longer), path)


def test_a_quiet_reversal_once_somebody_asks() -> None:
    world = World()
    for person in world.people[:20]:
        world.give(world.hospital, person, "test", POSITIVE)
        world.give(world.cdc, person, "test", POSITIVE)
    world.publish(world.computed(lambda _: "green"))
    assert world.replay().counted() == {"list-underived": 1}
    for person in world.people[:20]:
        about = About(person, "time")
        now = Judgement("green", "nothing-against")
        world.log(leaves.colour("person", "red", now, world.definition.digest, about))
    assert world.replay().counted() == {"list-underived": 1, "colour-underived": 20}


def test_a_history_told_in_another_order() -> None:
    world = World()
    ill = world.people[0]
    world.give(world.hospital, ill, "test", POSITIVE)
    now = world.judged(ill)
    world.log(leaves.colour("person", "green", now, world.definition.digest, About(ill, "evidence")))
    assert world.replay().counted() == {"colour-out-of-order": 1}


def test_everybody_moved_to_a_new_system() -> None:
    old, new = World(1), World(2)
    for person in old.people:
        said = old.says(old.hospital, person, "test", POSITIVE)
        new.log(leaves.of_source(statements.sign(said, old.hospital.key)))
    turn_red(new)
    replay = Replay(old.genesis, new.objects.get)
    replay.take_all(new.logged())
    report = replay.report()
    assert report.counted() == {"genesis-missing": 1}
    assert reds(report) == 0
    assert report.lists == ()
    assert new.replay().counted() == {"evidence-refused": PEOPLE, "colour-underived": PEOPLE, "list-underived": 1}


def test_a_second_beginning_inside_the_same_log() -> None:
    world = World()
    mine = [("a", SigningKey.generate().public.raw), ("b", SigningKey.generate().public.raw)]
    world.log(leaves.genesis("kaimen.test/2020-b", mine))
    turn_red(world)
    assert_nobody_is_red(world, genesis_second=1, after_the_end=PEOPLE + 1)


def test_an_evidence_leaf_that_names_another_source_than_its_statement() -> None:
    world = World()
    said = world.says(world.hospital, world.people[0], "test", POSITIVE)
    body = leaves.of_source(statements.sign(said, world.hospital.key))
    world.log(replace(body, public={"status": "person", "source": "cdc"}))
    assert_nobody_is_red(world, evidence_refused=1)
