"""Working days (工作日): which days are worked, and what day it is n of them later. Pure.

A calendar is a list of notices. Each names days off and days worked; a later one overrules an earlier one on the
days it names, for everybody or for some areas. A year no notice covers is counted by the weekend alone and every
answer that touches it is provisional: better said than silently wrong.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

_DAY = timedelta(days=1)
_LONGEST = 3660  # days to look ahead: ten years without enough working days is a mistake in the calendar


class NoWorkingDay(ValueError):
    """The calendar has too few working days ahead."""


@dataclass(frozen=True)
class Notice:
    """What an authority announced about days: which are off, which are worked instead."""

    number: str
    issued: date
    off: frozenset[date]
    worked: frozenset[date]
    covers: frozenset[int] = frozenset()  # years whose days off are all known with it
    areas: frozenset[str] = frozenset()  # where it holds; empty: everywhere


@dataclass(frozen=True)
class Day:
    """The answer to a count: the day, and whether a year on the way is not announced yet."""

    date: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Notices in the order they were issued, and the days of the week that are off (Monday is 0)."""

    notices: tuple[Notice, ...]
    weekend: frozenset[int] = frozenset({5, 6})

    @classmethod
    def of(cls, notices: Iterable[Notice], weekend: Collection[int] = (5, 6)) -> "Calendar":
        """A calendar of notices in any order."""
        return cls(tuple(sorted(notices, key=lambda notice: notice.issued)), frozenset(weekend))

    def within(self, areas: Collection[str]) -> "Calendar":
        """The calendar of a place that lies in `areas` (its area and all above it, by code)."""
        return replace(self, notices=tuple(n for n in self.notices if not n.areas or n.areas & set(areas)))

    def as_known_on(self, day: date) -> "Calendar":
        """The calendar as it stood at the end of `day`: a past deadline is explained by what was known then."""
        return replace(self, notices=tuple(n for n in self.notices if n.issued <= day))

    @cached_property
    def _said(self) -> dict[date, bool]:
        """Each day some notice names → whether it is worked; the last word counts."""
        said: dict[date, bool] = {}
        for notice in self.notices:
            said |= dict.fromkeys(notice.off, False) | dict.fromkeys(notice.worked, True)
        return said

    @cached_property
    def known_years(self) -> frozenset[int]:
        """The years that are announced."""
        return frozenset(year for notice in self.notices for year in notice.covers)

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked."""
        return self._said.get(day, day.weekday() not in self.weekend)

    def is_provisional(self, day: date) -> bool:
        """Whether the year of `day` is not announced yet."""
        return day.year not in self.known_years

    def add(self, start: date, n: int) -> Day:
        """The day `n` working days after `start`; the start is not counted, and 0 is the start itself.

        Raises ValueError for a negative `n`, NoWorkingDay when the calendar has too few working days.
        """
        if n < 0:
            raise ValueError(f"{n} working days: count forward, with 0 or more")
        day, left, years = start, n, {start.year}
        for _ in range(_LONGEST + n * 7):
            if not left:
                return Day(day, not years <= self.known_years)
            try:
                day += _DAY
            except OverflowError:
                break
            years.add(day.year)
            left -= self.is_workday(day)
        raise NoWorkingDay(f"no {n} working days after {start}; does the calendar call every day off?")

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; 0 when `end` is not later."""
        days = (start + i * _DAY for i in range(1, (end - start).days + 1))
        return sum(map(self.is_workday, days))
