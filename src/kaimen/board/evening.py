"""The evening door: when the picture freezes, and whether today's is frozen already."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from kaimen.board import rules_in_force
from kaimen.board.models import Snapshot
from kaimen.register.packs_in_force import NoPack

CUT_OFF = time(22, 0)  # where the rules say nothing else
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Evening:
    """How long until the picture freezes."""

    due: datetime  # local
    left: timedelta
    frozen: date | None  # today, once its picture is there

    @property
    def words(self) -> str:
        """Hours and minutes left: 11:41."""
        minutes = max(0, int(self.left.total_seconds())) // 60
        return f"{minutes // 60}:{minutes % 60:02}"

    @property
    def percent(self) -> int:
        """Of a day, the part that is left, per cent."""
        return min(100, max(0, round(self.left / _DAY * 100)))


def zone() -> ZoneInfo:
    """The zone of this installation."""
    return ZoneInfo(settings.TIME_ZONE)


def cut_off(at: datetime) -> time:
    """The local time at which the rules in force freeze the picture."""
    try:
        said = rules_in_force.definition(at).cut_off
    except (rules_in_force.NoRules, NoPack):
        return CUT_OFF
    return time.fromisoformat(said) if said else CUT_OFF


def due_on(day: date, at: datetime) -> datetime:
    """The moment the picture of `day` is of (local), by the rules in force at `at`."""
    return datetime.combine(day, cut_off(at), zone())


def of(at: datetime) -> Evening:
    """The evening door at a moment (aware)."""
    day = at.astimezone(zone()).date()
    due = due_on(day, at)
    frozen = day if Snapshot.objects.filter(day=day).exists() else None
    return Evening(due, due - at, frozen)
