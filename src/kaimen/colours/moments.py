"""Moments: whole milliseconds since 1970, UTC. What is signed and logged says when by these, and nothing else."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
LAST = 253_402_300_800_000  # the year 10000, where datetime ends
FAR = LAST - 3 * DAY  # no day is worked out beyond: every zone still has a day there, and one more
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def moment(at: datetime) -> int:
    """The moment of an aware datetime, cut to its millisecond. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment needs an aware datetime; add a zone, for example datetime(..., tzinfo=UTC)")
    return (at - _EPOCH) // _MILLISECOND


def when(moment: int) -> datetime:
    """The datetime (UTC) of a moment."""
    return _EPOCH + timedelta(milliseconds=moment)


def local_day(moment: int, zone: ZoneInfo) -> date:
    """The date on the wall in `zone`; of what is as far away as FAR, the last one."""
    return when(min(moment, FAR)).astimezone(zone).date()


def midnight_after(moment_: int, zone: ZoneInfo) -> int:
    """When the next local day begins."""
    tomorrow = local_day(moment_, zone) + timedelta(days=1)
    return moment(datetime.combine(tomorrow, time(), zone))
