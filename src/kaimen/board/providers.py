"""Who provides which fact: firms and staff from the register, lists from the gate, inspections from signed evidence.

Each answers as of a moment. Where the data keep their history (lists, evidence, days of return) the answer for a past
moment is the one that was right then.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kaimen.board import evidence, tally
from kaimen.board.access import SEE_HEALTH
from kaimen.board.facts import fact
from kaimen.gate.models import Roster
from kaimen.kit.workdays import Calendar
from kaimen.register import packs_in_force
from kaimen.register.definitions import CalendarDefinition
from kaimen.register.models import Organisation, Premises
from kaimen.rules.tree import Type, Value

_LONGEST_GAP = 60  # days back from which a missing list is counted


def local_day(at: datetime) -> date:
    """The local date of a moment."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@lru_cache(maxsize=8)
def _counted(at: datetime) -> tally.Tally:
    """One count serves every fact of one moment."""
    return tally.count(at)


@fact("firms", Type.INTEGER, _("Firms in the building"), unit=_("firms"))
def firms(at: datetime) -> Mapping[str, int]:
    """Firms with premises in each building; a building nobody filed for has none."""
    return {code: one.firms for code, one in _counted(at).buildings.items() if one.firms}


@fact("firms_open", Type.INTEGER, _("Firms open again"), unit=_("firms"))
def firms_open(at: datetime) -> Mapping[str, int]:
    """Of those, the firms that have resumed (复工)."""
    return {code: one.firms_open for code, one in _counted(at).buildings.items() if one.firms}


@fact("staff_back_rate_known", Type.BOOLEAN, _("Staff-back rate known"), absent="false")
def staff_back_rate_known(at: datetime) -> Mapping[str, bool]:
    """Whether anybody is employed in the building, so that there is a rate."""
    return {code: True for code, one in _counted(at).buildings.items() if one.staff}


@fact("staff_back_rate", Type.DECIMAL, _("Staff-back rate"), unit="%")
def staff_back_rate(at: datetime) -> Mapping[str, Decimal]:
    """People back of people employed (返岗率), per cent with two places."""
    return {
        code: (Decimal(one.staff_back) * 100 / one.staff).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for code, one in _counted(at).buildings.items()
        if one.staff
    }


@fact("roster_missing_days", Type.INTEGER, _("Working days without a name list"), unit=_("working days"))
def roster_missing_days(at: datetime) -> Mapping[str, int]:
    """For how many working days the latest open firm of a building owes its list; 0 where no firm is open.

    Unknown in a building for which no firm is filed and nobody has been to look: who is in it, nobody knows.
    """
    day = local_day(at)
    missing = {code: 0 for code, one in _counted(at).buildings.items() if one.firms}
    missing |= dict.fromkeys(evidence.in_force(evidence.INSPECTION, at), 0)
    listed = _last_lists(at)
    calendars = _calendars()
    sits = Premises.objects.filter(
        organisation__kind=Organisation.Kind.FIRM, organisation__resumed_on__lte=day
    ).values_list("place__code", "place__area__path", "organisation", "place", "organisation__resumed_on")
    for code, path, organisation, place, resumed in sits.distinct():
        assert resumed is not None
        last = listed.get((organisation, place))
        # Without any list the first is owed for the day of opening: the eve counts as covered.
        covered = last if last is not None else date.fromordinal(resumed.toordinal() - 1)
        since = max(covered, date.fromordinal(day.toordinal() - _LONGEST_GAP))
        missing[code] = max(missing.get(code, 0), calendars(path).between(since, day))
    return missing


def _last_lists(at: datetime) -> dict[tuple[UUID, UUID], date]:
    """The newest day for which each firm had filed a list of each building, by `at`: perhaps tomorrow's."""
    filed = Roster.objects.filter(made_at__lte=at, by_desk=False).values_list("organisation", "place")
    return {(firm, place): newest for firm, place, newest in filed.annotate(newest=Max("day")).order_by()}


class _Calendars:
    """The working days of each area, worked out once."""

    def __init__(self, calendar: Calendar) -> None:
        self._whole = calendar
        self._kept: dict[str, Calendar] = {}

    def __call__(self, path: str) -> Calendar:
        if path not in self._kept:
            self._kept[path] = self._whole.within([code for code in path.split("/") if code])
        return self._kept[path]


def _calendars() -> _Calendars:
    return _Calendars(packs_in_force.pack().one(CalendarDefinition).calendar)


@fact("inspection_overdue", Type.BOOLEAN, _("Inspection overdue"))
def inspection_overdue(at: datetime) -> Mapping[str, Value]:
    """Whether the last inspection of a building has run out; unknown where there never was one."""
    return evidence.worked_out("inspection_overdue", at)


@fact(
    "fever_unresolved", Type.INTEGER, _("Fever not yet resolved"), absent="false", unit=_("cases"), seen_with=SEE_HEALTH
)
def fever_unresolved(at: datetime) -> Mapping[str, Value]:
    """Reports of a fever in a building that nobody has dealt with; a report runs out by itself."""
    return evidence.worked_out("fever_unresolved", at)
