"""The evening door: when the picture freezes, and whether today's is frozen already."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min

from kaimen.board import rules_in_force
from kaimen.board.models import Snapshot
from kaimen.colours import hearing_places
from kaimen.register.models import InstalledPack

CUT_OFF = time.fromisoformat(hearing_places.CUT_OFF)
_MOST = 31  # evenings that are made up for
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


def quarter_of(at: datetime) -> int:
    """Which quarter hour of its local day a moment lies in: 0 … 95."""
    local = at.astimezone(zone())
    return local.hour * 4 + local.minute // 15


def cut_off(day: date) -> time:
    """The local time at which the picture of `day` freezes: by the rules of that day; without any, the pack's."""
    begins = datetime.combine(day, time(), zone())
    rules = rules_in_force.of_day(begins, datetime.combine(day + _DAY, time(), zone())) or rules_in_force.of_pack()
    return time.fromisoformat(rules.cut_off) if rules and rules.cut_off else CUT_OFF


def due_on(day: date) -> datetime:
    """The moment the picture of `day` is of (local)."""
    return datetime.combine(day, cut_off(day), zone())


def due_by(at: datetime) -> list[date]:
    """The days whose picture is due by `at` and not there, the first first: each since the last one.

    Of those without rules at most `_MOST` are made up for; with rules all of them are, since a log may leave none out.
    """
    today, ruled = at.astimezone(zone()).date(), _first_ruled()
    last = Snapshot.objects.filter(day__lt=today).order_by("-day").values_list("day", flat=True).first()
    if last is not None:
        first = max(last + _DAY, min(today - _MOST * _DAY, ruled or today))
    else:
        first = min(max(min(today - _DAY, ruled or today), _installed()), today)
    days = [first + n * _DAY for n in range((today - first).days + 1)]
    there = set(Snapshot.objects.filter(day__gte=first).values_list("day", flat=True))
    return [day for day in days if day not in there and due_on(day) <= at]


def _first_ruled() -> date | None:
    """The first evening for which rules of buildings were in force in this activation."""
    since = rules_in_force.since()
    if since is None:
        return None
    day = since.astimezone(zone()).date()
    return day if since <= due_on(day) else day + _DAY


def _installed() -> date:
    """The local day on which this installation got its first pack."""
    made = InstalledPack.objects.aggregate(first=Min("made_at"))["first"]
    return made.astimezone(zone()).date() if made else date.min


def of(at: datetime) -> Evening:
    """The evening door at a moment (aware)."""
    day = at.astimezone(zone()).date()
    due = due_on(day)
    frozen = day if Snapshot.objects.filter(day=day).exists() else None
    return Evening(due, due - at, frozen)
