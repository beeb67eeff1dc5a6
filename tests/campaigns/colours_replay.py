"""Honest logs of colours raise no alarm; a log in which one thing was changed raises one, or says the same."""

import random
from dataclasses import replace

from kaimen.colours.leaves import Opening
from kaimen.colours.replay import Replay, Report
from kaimen.colours.tests.world import World, honest

PART = "colours"
ROUNDS = 200
_EACH = 12


def prove(seed: int) -> int:
    """One round."""
    world = honest(seed, people=60, days=4)
    report = _replayed(world, world.leaves, world.openings)
    assert report.sound, f"an honest log raised {report.alarms[0]}"
    assert len(report.lists) == 8, "an honest list was not derived"
    chance = random.Random(seed)
    for _ in range(_EACH):
        leaves, openings = list(world.leaves), list(world.openings)
        what = _spoil(leaves, openings, chance)
        spoilt = _replayed(world, leaves, openings)
        same = replace(spoilt, leaves=report.leaves, lists=report.lists) == report
        assert same or not spoilt.sound, f"nobody noticed: {what}"
    return 2 + _EACH


def _replayed(world: World, leaves: list[bytes], openings: list[Opening | None]) -> Report:
    """A replay without checkpoints: what they find, they find by themselves."""
    replay = Replay(world.genesis, world.objects.get)
    for logged in World.numbered(leaves, openings):
        replay.take(logged)
    return replay.report(world.now)


def _spoil(leaves: list[bytes], openings: list[Opening | None], chance: random.Random) -> str:
    """Change one thing; what it was. Most of these change the tree, too: here only the replay looks."""
    at = chance.randrange(1, len(leaves))
    match chance.randrange(5):
        case 0:
            data = bytearray(leaves[at])
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            leaves[at] = bytes(data)
            return f"a bit of leaf {at}"
        case 1:
            opening = openings[at]
            openings[at] = Opening(opening.salt, opening.secret[:-1] + b"\xff") if opening else None
            return f"the opening of leaf {at}"
        case 2:
            openings[at] = None
            return f"the opening of leaf {at} kept back"
        case 3:
            leaves.insert(at, leaves[at - 1])
            openings.insert(at, openings[at - 1])
            return f"leaf {at - 1} twice"
    other = chance.randrange(1, len(leaves))
    openings[at], openings[other] = openings[other], openings[at]
    return f"the openings of leaves {at} and {other} exchanged"
