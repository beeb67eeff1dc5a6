"""On which terms a city lets hosts invite visitors, and whether a wish keeps to them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from kaimen.packs import Words

Refusal = Literal["", "backwards", "past", "too-long", "too-far", "too-many"]


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
    names_kept: timedelta  # after a visit's end

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
