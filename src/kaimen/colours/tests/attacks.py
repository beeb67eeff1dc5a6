"""How somebody who holds the server, its disk, its database or one source's key goes about turning 1,317 people red.

Each way in is refused at the door or found by whoever replays the log outside; and no list that gates accept follows
from it. The threat model is in docs/decisions.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kaimen.colours import leaves, statements
from kaimen.colours.judging import Judgement
from kaimen.colours.leaves import About
from kaimen.colours.moments import DAY
from kaimen.colours.replay import Report
from kaimen.colours.tests.world import Source, World
from kaimen.kit.keys import SigningKey

RED = Judgement("red", "infected", (), ("cdc", "hospital"), None)


def reds(report: Report) -> int:
    """How many are red by what the outside verifier works out itself."""
    return sum(one.colour == "red" for one in report.colours.get("person", {}).values())


def turn_red(world: World, because: Callable[[bytes], tuple[bytes, ...]] = lambda _: (), rules: bytes = b"") -> None:
    """Write a red for everybody into log and list, as nobody honest would."""
    for person in world.people:
        now = replace(RED, because=because(person), until=world.now + DAY)
        about = About(person, "evidence")
        world.log(leaves.colour("person", "green", now, rules or world.definition.digest, about))
    publish_red(world)


def publish_red(world: World) -> bytes:
    """A list in which everybody is red."""
    return world.publish(world.computed(lambda _: "red"))


def give(
    world: World, source: Source, person: bytes, says: Mapping[str, object], key: SigningKey, **other: object
) -> None:
    """A piece of evidence into the log, signed by whatever key; nothing follows from it unless it is sound."""
    said = world.says(source, person, "test", says, **other)
    world.log(leaves.of_source(statements.sign(said, key)))


def assert_nobody_is_red(world: World, **alarms: int) -> Report:
    """Exactly these alarms, nobody red, no list derived."""
    report = world.replay()
    found = {kind.replace("-", "_"): number for kind, number in report.counted().items()}
    assert found == alarms
    assert reds(report) == 0
    assert report.lists == ()
    return report
