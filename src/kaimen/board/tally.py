"""Counts per building over the whole register, kept for a moment.

Counting a million employments takes a second, and a board asks every two. So a count is shown for at least
twenty times as long as it took: counting costs a twentieth of one core at most, however large the district. The
cut-off that stands beside every rate is the time of counting.
"""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from kaimen.gate import queries as gate
from kaimen.kit import clock
from kaimen.register.models import Employment, Organisation, Premises

SHARE = 20
SHORTEST = 5.0  # seconds


@dataclass
class Counted:
    """What was counted of one building."""

    firms: int = 0
    firms_open: int = 0
    staff: int = 0
    staff_back: int = 0
    expected: int = 0


@dataclass(frozen=True)
class Tally:
    """Every building's counts, by place code, and when they were made."""

    at: datetime
    buildings: dict[str, Counted] = field(default_factory=dict)


_lock = threading.Lock()
_kept: Tally | None = None
_good_until = 0.0


def now() -> Tally:
    """The newest tally. While one reader counts anew, the others see the last one."""
    if _kept is not None and (time.monotonic() < _good_until or _lock.locked()):
        return _kept
    with _lock:
        return _recounted() if time.monotonic() >= _good_until or _kept is None else _kept


def forget() -> None:
    """Count anew at the next question: after a change that its maker wants to see at once."""
    global _kept, _good_until
    _kept, _good_until = None, 0.0


def _recounted() -> Tally:
    global _kept, _good_until  # noqa: PLW0603 — one kept tally a process
    began = time.monotonic()
    _kept = count(clock.now())
    took = time.monotonic() - began
    _good_until = began + took + max(SHORTEST, took * SHARE)
    return _kept


def count(at: datetime) -> Tally:
    """Count the register as it stands. `at` (aware) is the cut-off."""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    buildings: dict[str, Counted] = defaultdict(Counted)
    firms = (
        Premises.objects.filter(organisation__kind=Organisation.Kind.FIRM)
        .values("place__code")
        .annotate(
            n=Count("organisation", distinct=True),
            up=Count("organisation", distinct=True, filter=Q(organisation__resumed_on__lte=day)),
        )
    )
    for row in firms:
        buildings[row["place__code"]].firms = row["n"]
        buildings[row["place__code"]].firms_open = row["up"]
    staff = (
        Employment.objects.filter(gate.employed_on(day), place__isnull=False)
        .values("place__code")
        .annotate(n=Count("pk"), back=Count("pk", filter=Q(back_on__lte=day)))
    )
    for people in staff:
        buildings[people["place__code"]].staff = people["n"]
        buildings[people["place__code"]].staff_back = people["back"]
    for code, n in gate.expected_today(day, None).items():
        buildings[code].expected = n
    return Tally(at, dict(buildings))
