"""A machine that slept is no liar, and one that is awake may not be silent."""

import pytest

from kaimen.colours.moments import DAY, HOUR, MINUTE
from kaimen.colours.patience import Patience
from kaimen.colours.tests.world import POSITIVE, World

GRACE = 15 * MINUTE


def coloured() -> World:
    """One person is yellow for a fortnight, and the log goes on."""
    world = World(11, 20)
    world.give(world.hospital, world.people[0], "test", POSITIVE)
    world.goes_on(HOUR)
    return world


@pytest.mark.parametrize("slept", [20 * MINUTE, 3 * HOUR, 40 * DAY])
def test_a_machine_that_slept_over_the_end_of_evidence_raises_no_alarm(slept: int) -> None:
    world = coloured()
    ends = world.judged(world.people[0]).until
    assert ends is not None
    world.now = ends - MINUTE + slept
    world.goes_on(8 * MINUTE)  # it wakes, writes about others, and comes to it
    world.follow(world.people[0], "time")
    world.goes_on(HOUR)
    assert not world.replay().alarms


def test_a_machine_that_slept_over_the_clock_of_an_appeal_raises_no_alarm() -> None:
    world = coloured()
    ill = world.people[0]
    because, appeal = world.judged(ill).because, world.appeal(ill)
    world.now += 2 * DAY
    world.goes_on(8 * MINUTE)
    world.lapse(appeal, ill, because)
    world.goes_on(HOUR)
    assert not world.replay().alarms


def test_a_machine_that_sleeps_again_and_again_has_its_grace_all_the_same() -> None:
    world = coloured()
    ends = world.judged(world.people[0]).until
    assert ends is not None
    world.now = ends + HOUR
    world.goes_on(2 * HOUR, every=HOUR)
    world.follow(world.people[0], "time")
    assert not world.replay().alarms


def test_a_log_that_is_written_once_an_hour_to_hide_behind_silences_is_found_at_its_fourth_leaf() -> None:
    world = coloured()
    ends = world.judged(world.people[0]).until
    assert ends is not None
    world.now = ends
    world.goes_on(3 * HOUR, every=HOUR)
    assert not world.replay().alarms
    world.goes_on(HOUR, every=HOUR)
    assert world.replay().counted() == {"colour-missing": 1}


def test_an_awake_log_is_found_when_the_grace_is_over() -> None:
    world = coloured()
    ends = world.judged(world.people[0]).until
    assert ends is not None
    world.goes_on(ends - world.now + GRACE - MINUTE, every=4 * MINUTE)
    assert not world.replay().alarms
    world.goes_on(6 * MINUTE)
    assert world.replay().counted() == {"colour-missing": 1}


def test_each_grace_has_its_own_measure_of_silence() -> None:
    patience = Patience()
    patience.goes_on(0)
    patience.awaits(3 * MINUTE, "soon")
    patience.awaits(30 * MINUTE, "late")
    for at in (HOUR, 2 * HOUR):
        patience.goes_on(at)
    assert list(patience.gone()) == []
    patience.goes_on(3 * HOUR)
    assert list(patience.gone()) == [("soon",), ("late",)]
