"""What was expected at a moment is told from what changed since, and no more of that is kept than lists may ask for."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.colours import lists
from kaimen.colours.moments import DAY, MINUTE
from kaimen.colours.replay import Replay
from kaimen.colours.standings import Places
from kaimen.colours.tests.world import POSITIVE, TEXT, World

FRESH, FOREVER = 30, 10**12
PEOPLE = [number.to_bytes(16) for number in range(4)]


def allowed(times: list[int], now: int) -> list[tuple[int, int]]:
    """Every size and moment that a list whose leaf comes `now`, behind leaves of these times, may name."""
    size = len(times)
    return [
        (named, as_of)
        for named in range(1, size + 1)
        for as_of in range(max(0, now - FRESH), now + 1)
        if times[named - 1] <= as_of and (named == size or times[named] >= as_of)
    ]


@given(st.integers(0, 10**6))
def test_a_bounded_journal_answers_all_that_may_be_asked_as_an_unbounded_one(seed: int) -> None:
    chance = random.Random(seed)
    bounded, whole = Places(fresh=FRESH), Places(fresh=FOREVER)
    for places in (bounded, whole):
        for place, person in enumerate(PEOPLE):
            places.assign(place, person)
    times: list[int] = []
    now = 0
    for _ in range(25):
        before, now = now, now + chance.choice([0, 1, 5, 20, 50])
        ran_out = sorted(chance.randint(before, now) for _ in range(chance.randrange(3)))
        changes = [(len(times), at) for at in ran_out]  # what happens by itself before the leaf
        changes += [(len(times) + 1, now)] * chance.randrange(3)  # what follows from it
        for size, at in changes:
            status, person, value = chance.choice(["person", "traveller"]), chance.choice(PEOPLE), chance.randrange(3)
            for places in (bounded, whole):
                places.show(status, person, value, size, at)
        times.append(now)
        for size, as_of in allowed(times, now):
            assert bounded.at("person", size, as_of) == whole.at("person", size, as_of)
            assert as_of > bounded.forgotten
    assert all(at >= bounded.journal[-1][1] - FRESH for _size, at, *_ in bounded.journal)


def test_a_long_log_is_remembered_only_as_far_back_as_a_list_may_look() -> None:
    world = World(people=20)
    replay = Replay(world.genesis, world.objects.get)
    for day in range(6):
        person = world.people[day]
        world.give(world.hospital, person, "test", POSITIVE)
        world.give(world.cdc, person, "test", POSITIVE)
        world.wait(world.now + DAY)
        world.publish()
    replay.take_all(world.logged())
    assert replay.report().sound
    assert replay._hearing is not None
    assert len(replay._hearing._places.journal) <= 2


@pytest.mark.parametrize(("minutes", "alarms"), [(5, {}), (50, {"list-underived": 1})])
def test_rules_that_let_lists_be_older_do_not_reach_back_before_themselves(
    minutes: int, alarms: dict[str, int]
) -> None:
    world = World(people=20)
    ill, later = world.people[:2]
    world.now += 60 * MINUTE
    stale, at = world.computed(), (len(world.leaves), world.now)
    for person in (ill, later):
        for source in (world.hospital, world.cdc):
            world.give(source, person, "test", POSITIVE)
        world.now += minutes * MINUTE // 2
    world.publish_rules(TEXT.replace(b"fresh: PT15M", b"fresh: PT99H"))
    world.publish(stale, log=at[0], as_of=at[1])
    assert isinstance(stale[0], lists.StatusList)
    report = world.replay()
    assert {kind: count for kind, count in report.counted().items() if kind.startswith("list-")} == alarms
