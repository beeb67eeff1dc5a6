"""What a log must come to say as it goes on, of its places: each evening's picture, and what evidence has decided.

A machine that slept makes up for what it slept through, and that is no lie. So the patience here is not the clock's but
the log's own life: the time between its leaves, where a longer silence counts as an hour. (A log in which lists of
people's colours are published has a leaf every five minutes, and lives as fast as the clock.)
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kaimen.colours.moments import DAY, HOUR

ASLEEP = HOUR  # of a silence that is longer, no more counts, for places
PICTURE_WITHIN = DAY  # of the log's life, from an evening to its picture
COLOUR_WITHIN = HOUR  # of the log's life, from one look to the next: what both find was not being made up for
_NEXT = timedelta(days=1)


@dataclass
class Life:
    """How long a log has lived, in milliseconds. Of a silence between two leaves no more than `silence` counts."""

    silence: int = ASLEEP
    lived: int = 0
    _last: int | None = None

    def goes_on(self, at: int) -> int:
        """The next leaf, logged at `at`; gives how long the log has lived."""
        last = at if self._last is None else self._last
        self.lived += min(max(at - last, 0), self.silence)
        self._last = max(at, last)
        return self.lived


class Evenings:
    """The evenings of one emergency, in the order of days: each is over, and then its picture comes."""

    def __init__(self, first: date, due_on: Callable[[date], int]) -> None:
        """`first`: the first evening for which rules were in force; `due_on`: when the picture of a day is due."""
        self._due_on = due_on
        self._next, self._due = first, due_on(first)
        self._since: int | None = None  # how long the log had lived at its first leaf after that

    def rules_changed(self) -> None:
        """The picture that is awaited may be due at another time now."""
        self._due = self._due_on(self._next)

    def overdue(self, at: int, lived: int) -> date | None:
        """The evening whose picture should have come by now, at a leaf logged at `at`; each evening once."""
        if at < self._due:
            return None
        if self._since is None:
            self._since = lived  # whatever was silent before this leaf, slept
        if lived - self._since < PICTURE_WITHIN:
            return None
        missing = self._next
        self._await(missing + _NEXT)
        return missing

    def pictured(self, day: date) -> int:
        """The picture of `day` is in the log; gives how many evenings right before it have none."""
        passed_over = max((day - self._next).days, 0)
        if day >= self._next:
            self._await(day + _NEXT)
        return passed_over

    def _await(self, day: date) -> None:
        self._next, self._due, self._since = day, self._due_on(day), None


@dataclass
class Contradicted:
    """What evidence says against a colour, at two looks an hour of the log's life apart: only what stays is found."""

    _look_at: int = COLOUR_WITHIN
    _before: Mapping[Hashable, str] = field(default_factory=dict)
    _told: set[Hashable] = field(default_factory=set)

    def stays(self, lived: int, look: Callable[[], Mapping[Hashable, str]]) -> list[str]:
        """What `look` finds now and found the last time, each once; empty while it is not time to look."""
        if lived < self._look_at:
            return []
        self._look_at = lived + COLOUR_WITHIN
        found = look()
        stayed = found.keys() & self._before.keys() - self._told
        self._told |= stayed
        self._before = found
        return sorted(found[which] for which in stayed)
