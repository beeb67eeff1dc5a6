"""Attacks on what gates fetch: lists that do not follow from the log."""

import pytest

from kaimen.colours import leaves, lists, statements
from kaimen.colours.moments import DAY, HOUR
from kaimen.colours.replay import Replay
from kaimen.colours.statements import AccreditationEnd
from kaimen.colours.tests.attacks import assert_nobody_is_red, publish_red, turn_red
from kaimen.colours.tests.world import PEOPLE, POSITIVE, World
from kaimen.kit.keys import SigningKey


def test_a_list_alone_without_a_word_in_the_log_about_anybody() -> None:
    world = World()
    publish_red(world)
    assert_nobody_is_red(world, list_underived=1)


def test_what_a_stolen_key_signed_before_it_was_ended_counts_no_more() -> None:
    world = World()
    stolen_at = world.now
    for person in world.people[:20]:
        world.give(world.hospital, person, "test", POSITIVE)
        world.give(world.cdc, person, "test", POSITIVE)
    end = AccreditationEnd(world.genesis, world.new_id(), world.now, world.hospital.accreditation, stolen_at)
    world.log(leaves.accreditation_ended(statements.sign(end, *world.two())))
    world.goes_on(HOUR)  # and the server keeps them red
    assert_nobody_is_red(world, colour_missing=20)


def test_a_list_published_without_the_log() -> None:
    world = World()
    quiet = world.signed(world.computed(lambda _: "red")[0])
    replay = Replay(world.genesis, world.objects.get)
    replay.take_all(world.logged())
    assert not replay.published(quiet, world.list_key.public)
    assert replay.report().counted() == {"list-unlogged": 1}


def test_a_list_signed_with_another_key() -> None:
    world = World()
    good = world.publish()
    replay = Replay(world.genesis, world.objects.get)
    replay.take_all(world.logged())
    assert replay.published(good, world.list_key.public)
    assert not replay.published(good, SigningKey.generate().public)


def test_a_list_computed_when_the_log_was_smaller() -> None:
    world = World()
    ill = world.people[:20]
    for person in ill:
        world.give(world.hospital, person, "test", POSITIVE)
        world.give(world.cdc, person, "test", POSITIVE)
    stale, size, as_of = world.computed(), len(world.leaves), world.now
    for person in ill:
        for known in world.known[person]:
            world.withdraw(known.said.id)
    world.publish(stale, log=size)
    world.publish(stale, log=size, as_of=as_of)
    report = world.replay()
    assert report.counted() == {"list-elsewhere": 1}  # the second is old, and says so: fresh enough, and true of then
    assert len(report.lists) == 1


def test_a_list_of_yesterday_published_again() -> None:
    world = World()
    stale, size, as_of = world.computed(), len(world.leaves), world.now
    world.wait(world.now + DAY)
    world.publish(stale, log=size, as_of=as_of)
    assert_nobody_is_red(world, list_elsewhere=1)


@pytest.mark.parametrize("people", [1, PEOPLE])
def test_a_list_with_flipped_bits(people: int) -> None:
    world = World()
    made, counts = world.computed()
    cells = bytearray(made.packed)
    for person in world.people[:people]:
        place = world.places[person]
        cells[place // 4] |= 1 << place % 4 * 2
    flipped = lists.StatusList(2, bytes(cells))
    world.publish((flipped, counts))
    assert_nobody_is_red(world, list_underived=1)


def test_a_list_whose_counts_hide_what_is_in_it() -> None:
    world = World()
    world.give(world.hospital, world.people[0], "test", POSITIVE)
    made, _counts = world.computed()
    world.publish((made, {"red": 0, "yellow": 0, "green": PEOPLE}))
    assert_nobody_is_red(world, list_underived=1)


def test_places_in_the_list_moved_to_others() -> None:
    world = World()
    ill = world.people[0]
    world.give(world.hospital, ill, "test", POSITIVE)
    world.give(world.cdc, ill, "test", POSITIVE)
    for person in world.people[1:]:
        world.log(leaves.index(person, world.places[ill], None))
    assert world.replay().counted() == {"index-moved": PEOPLE - 1}


def test_a_subject_registered_again_as_somebody_else() -> None:
    world = World()
    for number, person in enumerate(world.people):
        world.log(leaves.index(person, 5_000 + number, world.identity(world.people[number - 1])))
    assert world.replay().counted() == {"identity-changed": PEOPLE}


def test_lists_go_on_after_the_emergency_has_ended() -> None:
    world = World()
    world.log(leaves.Body("emergency-ended", {"emergency": "epidemic"}))
    turn_red(world)
    report = world.replay()
    assert report.counted() == {"after-the-end": PEOPLE + 1}
    assert report.ended
