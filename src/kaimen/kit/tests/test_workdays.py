"""Working days: the start is not counted, a later notice overrules, an unknown year says so."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.kit.workdays import Calendar, Day, Notice, NoWorkingDay

DAYS = st.dates(date(2019, 6, 1), date(2021, 6, 1))
FRIDAY = date(2020, 3, 13)


def _off(number: str, issued: date, *days: date, worked: tuple[date, ...] = (), **more: Any) -> Notice:
    return Notice(number, issued, frozenset(days), frozenset(worked), **more)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


SPRING = Calendar.of(
    [
        _off(
            "2019-16",
            date(2019, 11, 21),
            *_days(date(2020, 1, 24), date(2020, 1, 30)),
            worked=(date(2020, 1, 19), date(2020, 2, 1)),
            covers=frozenset({2020}),
        ),
        _off("2020-1", date(2020, 1, 26), *_days(date(2020, 1, 31), date(2020, 2, 2))),
    ]
)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2020-01-23", 5, "2020-02-07"),
        ("2020-03-13", 5, "2020-03-20"),
        ("2020-03-13", 1, "2020-03-16"),
        ("2020-01-18", 1, "2020-01-19"),
        ("2020-02-02", 0, "2020-02-02"),
    ],
)
def test_deadlines_of_the_source_come_out_as_computed(start: str, n: int, end: str) -> None:
    assert SPRING.add(date.fromisoformat(start), n) == Day(date.fromisoformat(end), provisional=False)


def test_before_the_extension_was_announced_the_deadline_was_earlier() -> None:
    before = SPRING.as_known_on(date(2020, 1, 25))
    assert before.add(date(2020, 1, 23), 5).date == date(2020, 2, 5)
    assert before.is_workday(date(2020, 2, 1))


def test_a_count_that_touches_an_unannounced_year_is_provisional() -> None:
    assert SPRING.add(date(2020, 12, 28), 3) == Day(date(2020, 12, 31), provisional=False)
    assert SPRING.add(date(2020, 12, 31), 1).provisional
    assert SPRING.is_provisional(date(2021, 1, 4))


def test_a_notice_for_one_area_leaves_the_others_alone() -> None:
    monday = date(2020, 3, 16)
    calendar = Calendar.of([_off("local", FRIDAY, monday, areas=frozenset({"370215"}))])
    assert calendar.within(["370200", "370215"]).add(FRIDAY, 1).date == date(2020, 3, 17)
    assert calendar.within(["370200", "370212"]).add(FRIDAY, 1).date == monday


def test_the_later_notice_wins_in_whatever_order_they_are_given() -> None:
    day = date(2020, 2, 1)
    first = _off("1", date(2019, 11, 21), worked=(day,))
    second = _off("2", date(2020, 1, 26), day)
    assert not Calendar.of([first, second]).is_workday(day)
    assert not Calendar.of([second, first]).is_workday(day)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="count forward"):
        SPRING.add(FRIDAY, -1)


def test_a_calendar_without_working_days_is_no_endless_loop() -> None:
    with pytest.raises(NoWorkingDay):
        Calendar.of([], range(7)).add(FRIDAY, 1)
    with pytest.raises(NoWorkingDay):
        Calendar.of([]).add(date(9999, 12, 30), 5)


@given(DAYS, st.integers(1, 60))
def test_the_day_found_is_worked_and_so_many_lie_between(start: date, n: int) -> None:
    calendar = Calendar.of([_off("x", FRIDAY, date(2020, 5, 1), worked=(date(2020, 5, 9),))])
    end = calendar.add(start, n).date
    assert calendar.is_workday(end)
    assert calendar.between(start, end) == n
    assert calendar.between(end, start) == 0


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_counting_in_two_goes_is_counting_in_one(start: date, a: int, b: int) -> None:
    calendar = Calendar.of([])
    assert calendar.add(calendar.add(start, a).date, b).date == calendar.add(start, a + b).date
