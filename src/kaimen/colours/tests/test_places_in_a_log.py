"""What a board writes beside the colours of people: a replay passes over it, and misses nothing of theirs."""

from kaimen.colours import statements
from kaimen.colours.leaves import Body
from kaimen.colours.tests.test_definitions import BUILDING
from kaimen.colours.tests.world import NEGATIVE, POSITIVE, World


def with_a_board(world: World) -> World:
    """A building is inspected, coloured and frozen among what happens to people, as `kaimen.board` writes it."""
    world.give(world.hospital, world.people[0], "test", POSITIVE)
    said = world.says(world.cdc, world.people[1], "test", NEGATIVE, status="building")
    envelope = statements.sign(said, world.cdc.key)
    world.log(Body("place-evidence", {"source": said.source, "of": said.of}, envelope))
    coloured = {"place": "ferry-house", "from": "", "to": "red", "rule": 2, "facts": {"fever_unresolved": 1}}
    world.log(Body("place-colour", {"status": "building", "rules": b"r" * 32}, coloured))
    world.checkpoint()
    world.log(Body("snapshot", {"day": "2020-03-16", "digest": b"d" * 32}))
    world.give(world.cdc, world.people[0], "test", POSITIVE)
    world.publish()
    world.checkpoint()
    return world


def test_leaves_of_a_board_raise_no_alarm_and_hide_no_colour() -> None:
    world = with_a_board(World(11, 20))
    report = world.replay()
    assert [str(one) for one in report.alarms] == []
    assert {one.colour for one in report.colours["person"].values()} == {"red"}
    assert len(report.lists) == 1


def test_nor_do_published_rules_of_buildings() -> None:
    world = World(12, 20)
    world.publish_rules(BUILDING, status="building")
    report = with_a_board(world).replay()
    assert [str(one) for one in report.alarms] == []
    assert report.colours.keys() == {"person"}
