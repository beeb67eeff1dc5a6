"""Attacks by number and by silence: bulks, approvals, appeals that nobody answers."""

import re

from kaimen.colours import leaves, statements
from kaimen.colours.judging import Judgement
from kaimen.colours.leaves import About
from kaimen.colours.moments import DAY, HOUR
from kaimen.colours.statements import Approval
from kaimen.colours.tests.attacks import assert_nobody_is_red, publish_red
from kaimen.colours.tests.world import NEGATIVE, PEOPLE, POSITIVE, TEXT, Source, World


def test_a_bulk_of_one_source_without_a_second_organisation() -> None:
    world = World()
    for person in world.people:
        given = world.give(world.hospital, person, "test", POSITIVE)
        if world.by_id[given].waits:
            now = Judgement("yellow", "being-checked", (given,), ("hospital",), world.now + 7 * DAY)
            about = About(person, "evidence")
            world.log(leaves.colour("person", "green", now, world.definition.digest, about))
    report = assert_nobody_is_red(world, colour_underived=PEOPLE - 20)
    assert len(report.colours["person"]) == 20


def test_a_bulk_split_into_small_batches_over_hours_and_days() -> None:
    world = World()
    for batch in range(0, PEOPLE, 10):
        for person in world.people[batch : batch + 10]:
            world.give(world.hospital, person, "test", POSITIVE)
        world.wait(world.now + 3 * HOUR)
    assert not world.replay().alarms
    turned = [leaf.public["to"] for leaf in map(leaves.read, world.leaves) if leaf.kind == "colour"]
    assert turned.count("yellow") == 20  # what waits is counted on: neither the next day nor the next week brings more


def test_a_bulk_split_between_two_keys_of_one_organisation() -> None:
    world = World()
    for number, person in enumerate(world.people):
        world.give([world.hospital, world.clinic][number % 2], person, "test", POSITIVE)
    report = world.replay()
    assert not report.alarms
    assert len(report.colours["person"]) == 20


def test_a_bulk_approved_by_its_own_organisation() -> None:
    world = World()
    given = [world.give(world.laboratory, person, "test", POSITIVE) for person in world.people[:100]]
    insider = Source("laboratory-head", "laboratory", ("approval",))
    world.accredit(insider)
    said = Approval(world.genesis, world.new_id(), world.now, insider.slug, insider.key.public.key_id, tuple(given))
    world.log(leaves.of_source(statements.sign(said, insider.key)))
    report = assert_nobody_is_red(world, approval_refused=1)
    assert len(report.colours["person"]) == 20


def test_taking_back_what_kept_people_green_is_a_bulk_too() -> None:
    checked = rb"(?s)(rule: being-checked\n.*?)    lasts: P7D\n(.*?when: )[^\n]*"
    kept_green = rb"\1\2close_contact and (test_result is null or test_result = 'positive')"
    world = World(text=re.sub(checked, kept_green, TEXT, count=1))
    some = world.people[:30]
    tests = [world.give(world.hospital, person, "test", NEGATIVE) for person in some]
    for number, person in enumerate(some):
        world.now += DAY if number % 15 == 14 else 0
        world.give(world.hospital, person, "contact", {"close_contact": True, "last_contact_on": "2020-03-16"})
    world.now += 8 * DAY
    assert not world.replay().colours
    for test in tests:
        world.withdraw(test)
    assert len(world.replay().colours["person"]) == 20


def test_appeals_that_nobody_answers() -> None:
    world = World()
    for person in world.people[:20]:
        world.give(world.hospital, person, "test", POSITIVE)
        world.give(world.cdc, person, "test", POSITIVE)
    for person in world.people[:20]:
        world.appeal(person)
    world.now += DAY
    world.goes_on(HOUR)
    publish_red(world)
    report = assert_nobody_is_red(world, appeal_ignored=20, colour_missing=20, list_underived=1)
    assert not report.colours


def test_an_appeal_with_a_longer_clock_than_the_rules_give() -> None:
    world = World()
    ill = world.people[0]
    world.give(world.hospital, ill, "test", POSITIVE)
    because = world.judged(ill).because
    world.log(leaves.appeal("person", ill, "SS-0001", because, world.now + 30 * DAY))
    assert world.replay().counted() == {"appeal-unsound": 1}


def test_an_appeal_turned_against_what_keeps_somebody_green() -> None:
    world = World()
    well = world.people[0]
    negative = world.give(world.hospital, well, "test", NEGATIVE)
    world.log(leaves.appeal("person", well, "SS-0001", [negative], world.now + DAY))
    assert_nobody_is_red(world, appeal_unsound=1)


def test_an_appeal_answered_by_the_organisation_it_is_against() -> None:
    world = World()
    ill = world.people[0]
    world.give(world.hospital, ill, "test", POSITIVE)
    own = Source("hospital-desk", "hospital", ("finding",))
    world.accredit(own)
    world.reviewer.key, key = own.key, world.reviewer.key
    appeal = world.appeal(ill)
    said = statements.Finding(
        world.genesis, world.new_id(), world.now, own.slug, own.key.public.key_id, appeal, (),
        world.judged(ill).because, "it stays",
    )  # fmt: skip
    world.log(leaves.of_source(statements.sign(said, own.key)))
    assert key is not own.key
    assert world.replay().counted() == {"finding-refused": 1}
