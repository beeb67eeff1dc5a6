"""The drill's day: the same each time, in order, believable."""

from collections import Counter

from kaimen.demo import day_plan

EXPECTED = [list(range(3000)), list(range(3000, 3500))]
STRANGERS = {0: list(range(5000, 5200))}


def day() -> list[day_plan.Appearance]:
    """A day of two buildings."""
    return [day_plan.unpacked(packed) for packed in day_plan.appearances(7, EXPECTED, STRANGERS)]


def test_it_is_the_same_each_time_and_in_order() -> None:
    first = day()
    assert first == day()
    assert [one.second for one in first] == sorted(one.second for one in first)


def test_everybody_expected_comes_and_goes_home() -> None:
    inside = Counter[int]()
    for one in day():
        if one.index < 5000:
            inside[one.index] += 1 if one.direction == "in" else -1
            assert inside[one.index] in (0, 1)
    assert set(inside) == set(range(3500))
    assert not any(inside.values())


def test_most_come_between_a_quarter_to_eight_and_a_quarter_to_nine() -> None:
    arrivals = [one.second for one in day() if one.direction == "in" and one.second < 11 * 3600]
    peak = sum(7.75 * 3600 <= second < 8.75 * 3600 for second in arrivals)
    assert min(arrivals) >= day_plan.FIRST
    assert peak / len(arrivals) > 0.7


def test_strangers_are_few_and_stand_at_the_building_they_work_in() -> None:
    strangers = [one for one in day() if one.index >= 5000]
    assert 10 <= len(strangers) <= 60
    assert {one.gate for one in strangers} == {0}
    assert {one.direction for one in strangers} == {"in"}


def test_the_day_ends_before_ten() -> None:
    assert max(one.second for one in day()) < day_plan.LAST
