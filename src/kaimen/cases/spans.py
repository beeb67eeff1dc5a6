"""How long something may take or must last, and when that is: the clocks of cases. Pure.

A span is written as ISO 8601 where the calendar or the clock counts (`P20D`, `PT4H`, `PT30M`), as `5WD` or `4WH` where
working days or hours do, or as `same working day`. The start day is never counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from kaimen.kit.hours import END_OF_DAY, Hours
from kaimen.kit.workdays import Calendar, NoWorkingDay

PATTERN = r"^(P[1-9]\d{0,3}D|PT[1-9]\d{0,4}[HM]|[1-9]\d{0,3}W[DH]|same working day)$"
_WRITTEN = re.compile(
    r"P(?P<days>[1-9]\d*)D|PT(?P<hours>[1-9]\d*)H|PT(?P<minutes>[1-9]\d*)M"
    r"|(?P<workdays>[1-9]\d*)WD|(?P<workhours>[1-9]\d*)WH"
)
_LONGEST = 3660  # days to look ahead for a working hour


class Unit(StrEnum):
    """What is counted."""

    MINUTES = "minutes"
    DAYS = "days"
    WORKDAYS = "workdays"
    WORKHOURS = "workhours"
    SAME_DAY = "same-day"


@dataclass(frozen=True, order=True)
class Span:
    """So much of a unit, as it is written in a definition."""

    unit: Unit
    n: int
    written: str

    @classmethod
    def read(cls, text: str) -> Self:
        """A span from its text. Raises ValueError."""
        if text == "same working day":
            return cls(Unit.SAME_DAY, 0, text)
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no span; write it like P20D, PT4H, 5WD, 4WH or same working day")
        ((name, digits),) = ((name, digits) for name, digits in found.groupdict().items() if digits)
        if name == "hours":
            return cls(Unit.MINUTES, int(digits) * 60, text)
        return cls(Unit(name), int(digits), text)

    def shorter_than(self, other: "Span") -> bool | None:
        """Whether it is, whatever the calendar; None where only a calendar could tell."""
        return self.n < other.n if self.unit == other.unit else None


@dataclass(frozen=True)
class Moment:
    """When a span is over, and whether a year on the way is not announced yet."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True)
class Counting:
    """A calendar with office hours in a time zone: what turns a span into a moment."""

    calendar: Calendar
    hours: Hours
    zone: ZoneInfo

    def due(self, start: datetime, span: Span) -> Moment:
        """The last moment in which something is in time that began at `start` (aware).

        Raises NoWorkingDay where the calendar has too few, ValueError for working hours where no hours are known,
        OverflowError after the year 9999.
        """
        local = start.astimezone(self.zone)
        match span.unit:
            case Unit.MINUTES:
                return Moment(local + timedelta(minutes=span.n))
            case Unit.DAYS:
                return Moment(self._on(local.date() + timedelta(days=span.n), END_OF_DAY))
            case Unit.WORKHOURS:
                return self._worked(local, timedelta(hours=span.n))
            case Unit.SAME_DAY:
                today = self.calendar.is_workday(local.date()) and local.time() < self.hours.closes
                return self._workday(local.date(), 0 if today else 1)
            case Unit.WORKDAYS:
                return self._workday(local.date(), span.n)

    def over(self, start: datetime, span: Span) -> Moment:
        """The first moment after a period that has to run in full: of days, the midnight with which the last begins.

        Documents issued on 12 March with 20 days to run: the earliest is 1 April. Raises as `due` does.
        """
        due = self.due(start, span)
        if span.unit in {Unit.MINUTES, Unit.WORKHOURS}:
            return due
        return Moment(self._on(due.at.date(), time()), due.provisional)

    def _workday(self, start: date, n: int) -> Moment:
        day = self.calendar.add(start, n)
        return Moment(self._on(day.date, self.hours.closes), day.provisional)

    def _worked(self, start: datetime, left: timedelta) -> Moment:
        if not self.hours.spans:
            raise ValueError("working hours cannot be counted: the calendar names no hours")
        for begins, ends, provisional in self._open_spans(start):
            if ends - begins >= left:
                return Moment(begins + left, provisional)
            left -= ends - begins
        raise NoWorkingDay(f"too few working hours after {start}")

    def _open_spans(self, start: datetime) -> Iterator[tuple[datetime, datetime, bool]]:
        """Every span of office hours from `start` on."""
        provisional = False
        for n in range(_LONGEST):
            day = start.date() + timedelta(days=n)
            provisional = provisional or self.calendar.is_provisional(day)
            if not self.calendar.is_workday(day):
                continue
            for opens, closes in self.hours.spans:
                begins, ends = max(self._on(day, opens), start), self._on(day, closes)
                if begins < ends:
                    yield begins, ends, provisional

    def _on(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone)
