"""Which day a list is for, and until when its clerk may change it: the city's working days, the profile's deadline.

A list is filed a day ahead (R077). Usually it is for the next working day; a firm that works on a day off files one
for that day, which counts on that day alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kaimen.gate import local_time, snapshots
from kaimen.kit import clock
from kaimen.kit.workdays import Calendar, NoWorkingDay
from kaimen.packs import Words
from kaimen.register import packs_in_force
from kaimen.register.definitions import CalendarDefinition
from kaimen.register.models import Place

FURTHEST = timedelta(days=31)  # ahead: who comes in two months nobody knows
_MOST_OFF = 7  # days off offered by name; over a long holiday the rest is not
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ListDay:
    """A day people may be expected on, as the calendar has it."""

    date: date
    works: bool
    why: Words | None  # the holiday it falls in

    @property
    def is_today(self) -> bool:
        """Whether it has begun."""
        return self.date == local_time.today()


def calendar_at(place: Place) -> Calendar:
    """The working days of the area `place` lies in."""
    codes = [code for code in place.area.path.split("/") if code]
    return packs_in_force.pack().one(CalendarDefinition).calendar.within(codes)


def works(place: Place, day: date) -> bool:
    """Whether `day` is a working day there."""
    return calendar_at(place).is_workday(day)


def next_working_day(place: Place, after: date) -> date:
    """The first working day after `after`; the next day where the calendar has none."""
    try:
        return calendar_at(place).add(after, 1).date
    except NoWorkingDay:
        return after + _DAY


def due(place: Place, day: date) -> datetime:
    """Until when the list for `day` may be changed by its clerk. Raises NoProfile."""
    return local_time.due_for(day, snapshots.profile_of(place).roster_due)


def is_open(place: Place, day: date) -> bool:
    """Whether the clerk may still change the list for `day`. Raises NoProfile."""
    return clock.now() < due(place, day)


def choices(place: Place) -> list[ListDay]:
    """Today, the days off that follow, and the next two working days."""
    today, definition = local_time.today(), packs_in_force.pack().one(CalendarDefinition)
    first = next_working_day(place, today)
    second = next_working_day(place, first)
    between = [today + n * _DAY for n in range(1, (first - today).days)][:_MOST_OFF]
    calendar = calendar_at(place)
    return [
        ListDay(day, calendar.is_workday(day), holiday.why if (holiday := definition.why(day)) else None)
        for day in (today, *between, first, second)
    ]
