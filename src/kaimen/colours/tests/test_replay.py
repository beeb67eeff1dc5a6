"""Honest data raise no alarm, whatever happens in them; and what is honest is seen to have happened."""

from collections import Counter

import pytest

from kaimen.colours import leaves, statements
from kaimen.colours.alarms import ALARMS
from kaimen.colours.moments import DAY, HOUR
from kaimen.colours.replay import Replay
from kaimen.colours.signatures import replayed
from kaimen.colours.tests.world import POSITIVE, ROOT, World, honest


@pytest.mark.parametrize("seed", range(4))
def test_some_honest_days_raise_no_alarm_and_every_list_is_derived(seed: int) -> None:
    world = honest(seed, 300, 10)
    report = world.replay()
    assert not report.alarms
    assert len(report.lists) == 20


def test_in_honest_days_colours_change_for_every_reason() -> None:
    world = honest(2, 300, 20)
    changes = [leaf.public for leaf in map(leaves.read, world.leaves) if leaf.kind == "colour"]
    assert {"evidence", "time", "appeal", "withdrawal"} <= {one["why"] for one in changes}
    assert {"red", "yellow", "green"} == {one["to"] for one in changes}


def test_the_verifier_works_out_the_same_colours_as_the_server() -> None:
    world = honest(3, 300, 6)
    report = world.replay()
    mine = {person: world.judged(person) for person in world.known}
    assert report.colours["person"] == {person: one for person, one in mine.items() if one.colour != "green"}


def test_signatures_checked_ahead_by_other_processes_change_nothing() -> None:
    world = honest(4, 200, 3)
    replay = replayed(world.genesis, world.logged(), world.objects.get, processes=2)
    assert replay.report(world.now) == world.replay()


def test_a_forged_signature_is_not_good_because_another_was_checked_ahead() -> None:
    world = World(5, 50)
    said = world.says(world.hospital, world.people[0], "test", POSITIVE)
    body = leaves.of_source(statements.sign(said, world.hospital.key))
    assert isinstance(body.secret, bytes)
    world.log(body)
    world.log(leaves.of_source(body.secret[:-1] + bytes([body.secret[-1] ^ 1])))
    replay = replayed(world.genesis, world.logged(), world.objects.get, processes=1)
    assert replay.report().counted() == {"evidence-twice": 1}


def test_evidence_of_two_organisations_is_red_until_the_first_of_them_ends() -> None:
    world = World(6, 50)
    ill = world.people[0]
    world.give(world.hospital, ill, "test", POSITIVE)
    world.wait(world.now + DAY)
    world.give(world.cdc, ill, "test", POSITIVE)
    assert world.judged(ill).colour == "red"
    world.wait(world.now + 14 * DAY)
    assert world.judged(ill).colour == "green"
    colours = [leaf.public["to"] for leaf in map(leaves.read, world.leaves) if leaf.kind == "colour"]
    assert colours == ["yellow", "red", "green"]
    assert not world.replay().alarms


def test_an_appeal_that_nobody_answers_falls_back_and_a_late_finding_brings_it_back() -> None:
    world = World(7, 50)
    ill = world.people[0]
    world.give(world.hospital, ill, "test", POSITIVE)
    because = world.judged(ill).because
    appeal = world.appeal(ill)
    world.wait(world.now + DAY)
    world.lapse(appeal, ill, because)
    report = world.replay()
    assert not report.alarms
    assert not report.colours
    world.wait(world.now + HOUR)
    world.answer_late(appeal, ill, because)
    report = world.replay()
    assert not report.alarms
    assert report.colours["person"][ill].colour == "yellow"


def test_a_bulk_counts_once_another_organisation_approves_it() -> None:
    world = World(8, 200)
    given = [world.give(world.laboratory, person, "test", POSITIVE) for person in world.people[:100]]
    assert len(world.replay().colours["person"]) == 20
    world.approve(world.cdc, given[20:])
    report = world.replay()
    assert not report.alarms
    assert len(report.colours["person"]) == 100


def test_new_rules_hold_from_their_moment_on_and_not_before() -> None:
    world = World(9, 50)
    world.give(world.hospital, world.people[0], "symptoms", {"temperature": "37.2", "symptoms_on": "2020-03-16"})
    lower = world.text.replace(b'"37.3"', b'"37.0"')
    since = world.now + 2 * HOUR
    world.publish_rules(lower, since=since)
    world.now += HOUR
    replay = Replay(world.genesis, world.objects.get)
    replay.take_all(world.logged())
    assert not replay.report(world.now).colours
    assert replay.report(since).colours["person"][world.people[0]].rule == "fever-or-symptoms"
    world.now = since
    world.goes_on(HOUR)
    assert world.replay().counted() == Counter({"colour-missing": 1})


def test_the_reference_names_every_alarm_and_every_leaf() -> None:
    page = (ROOT / "docs/reference/colours.md").read_text("utf-8")
    assert [name for name, words in ALARMS.items() if f"| `{name}` | {words.en} | {words.zh} |" not in page] == []
    assert [kind for kind in leaves.FORMS if f"`{kind}`" not in page] == []
