"""On which terms a city lets hosts invite visitors, and whether a wish keeps to them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from kaimen.packs import Words

Refused = Literal["", "past", "too-long"]
Refusal = Literal["", "backwards", "past", "too-long", "too-far", "too-many"]


@dataclass(frozen=True)
class CourierTerms:
    """On which terms couriers come and go: again and again, in the hours of every day."""

    longest: timedelta  # from the day of registration to the last day
    hours: tuple[time, time]  # local; the second not included

    def refusal(self, today: date, last: date) -> Refused:
        """Why nobody is registered until `last`; "" if it is possible."""
        if last < today:
            return "past"
        return "too-long" if last - today > self.longest else ""


@dataclass(frozen=True)
class VisitTerms:
    """The file visits.yaml."""

    title: Words
    source: str
    published: date
    purposes: Mapping[str, Words]  # code → name
    ahead: timedelta  # how long before it begins a visit may be announced
    longest: timedelta
    a_day: int  # visits one host may have on a day
    names_kept: timedelta  # after a visit's end, or a courier's last day
    couriers: CourierTerms | None = None  # None: none are registered here

    def refusal(self, now: datetime, begins: datetime, ends: datetime, already: int) -> Refusal:
        """Why a visit is not possible; "" if it is. `already`: how many the host has on that day. All times aware."""
        if ends <= begins:
            return "backwards"
        if ends <= now:
            return "past"
        if ends - begins > self.longest:
            return "too-long"
        if begins - now > self.ahead:
            return "too-far"
        return "too-many" if already >= self.a_day else ""
