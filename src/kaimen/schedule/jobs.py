"""What is done at its times. A part says it beside the function; every worker knows all of them.

    @job("evening-picture", at="22:00", catch_up="every")
    def evening_picture(due_at: datetime) -> None: ...

A job is given the time it was due, which may be long past: the machine may have slept. It runs at least once for each
of its times, and after a crash perhaps twice, so it must bear that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings

Work = Callable[[datetime], None]
CatchUp = Literal["last", "every"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = 1_000  # times made up for at once; the next tick goes on


@dataclass(frozen=True)
class Job:
    """A piece of work and its times: every so many seconds, or at a local time of each day."""

    name: str
    work: Work
    every: timedelta | None
    at: time | None
    catch_up: CatchUp  # of missed times: each, or the last one only

    def last_due(self, now: datetime) -> datetime:
        """The last time it was due, at `now` or before."""
        if self.every is not None:
            return _EPOCH + (now - _EPOCH) // self.every * self.every
        day = now.astimezone(_zone()).date()
        today = self._on(day)
        return today if today <= now else self._on(day - timedelta(days=1))

    def missed(self, after: datetime, now: datetime) -> list[datetime]:
        """The times it was due after `after` until `now`, the first first: as many as it wants made up for."""
        last = self.last_due(now)
        if last <= after:
            return []
        if self.catch_up == "last":
            return [last]
        found: list[datetime] = []
        due = self._next(after)
        while due <= last and len(found) < _MOST:
            found.append(due)
            due = self._next(due)
        return found

    def _next(self, after: datetime) -> datetime:
        if self.every is not None:
            return self.last_due(after) + self.every
        day = after.astimezone(_zone()).date()
        today = self._on(day)
        return today if today > after else self._on(day + timedelta(days=1))

    def _on(self, day: date) -> datetime:
        assert self.at is not None
        return datetime.combine(day, self.at, _zone()).astimezone(UTC)


_jobs: dict[str, Job] = {}


def job(
    name: str, *, every: float | None = None, at: str | None = None, catch_up: CatchUp = "last"
) -> Callable[[Work], Work]:
    """Register a function as the job `name`: `every` so many seconds (whole ones), or `at` a local time ("22:00").

    Raises ValueError when the name is taken, or the times are not one of the two.
    """
    if name in _jobs:
        raise ValueError(f"there is a job {name!r} already: {_jobs[name].work!r}")
    if (every is None) == (at is None) or (every is not None and (every < 1 or every != int(every))):
        raise ValueError(f"the job {name!r} needs every=<whole seconds> or at='22:00', one of the two")
    wall = time.fromisoformat(at) if at is not None else None
    period = timedelta(seconds=every) if every is not None else None

    def register(work: Work) -> Work:
        _jobs[name] = Job(name, work, period, wall, catch_up)
        return work

    return register


def jobs() -> list[Job]:
    """Every job, by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
