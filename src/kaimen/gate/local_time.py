"""Wall time where the gates stand: days, deadlines and quarter hours are local; everything stored is UTC."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from kaimen.kit import clock


def zone() -> ZoneInfo:
    """The zone of this installation."""
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    """The local date now."""
    return clock.today(zone())


def at(day: date, wall: time) -> datetime:
    """The moment a local clock shows `wall` on `day`."""
    return datetime.combine(day, wall, zone())


def due_for(day: date, wall: time) -> datetime:
    """When the roster for `day` is due: at `wall` on the day before."""
    return at(day - timedelta(days=1), wall)


def quarter_of(moment: datetime) -> int:
    """Which quarter hour of its day a local moment lies in: 0 … 95."""
    return moment.hour * 4 + moment.minute // 15
