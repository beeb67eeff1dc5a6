"""When somebody was not let in: what stands behind an objection."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from kaimen.gate import local_time, snapshots
from kaimen.gate.models import EntryEvent
from kaimen.register.models import Person, Place
from kaimen_gate import reasons, reports, wire

_IN, _ENTER = wire.DIRECTIONS.index("in"), wire.VERDICTS.index("enter")


@dataclass(frozen=True)
class Refusal:
    """An entry that let nobody in, by a rule's answer *desk* or *refuse*."""

    id: UUID  # of the entry
    gate: str  # code of the place
    at: datetime  # local
    reason: str


def words_of(reason: str, place: Place) -> str:
    """A reason as the guard of this place reads it, in the reader's language; an unknown code stays a code."""
    english = (get_language() or "").startswith("en")
    try:
        said = snapshots.profile_of(place).reasons.get(reason)
    except snapshots.NoProfile:
        said = None
    if said is not None:
        return said.guard.en if english else said.guard.zh
    zh, en, *_person = reasons.WORDS.get(reason, (reason, reason))
    return en if english else zh


def refusals_of(person: Person, buildings: Collection[str], since: datetime) -> list[Refusal]:
    """The refusals with this person's passes at these buildings (codes) since then, the newest first.

    What a guard reports afterwards is no refusal of its own.
    """
    indexes = list(person.passes.values_list("index", flat=True))
    day = since.astimezone(local_time.zone()).date()
    rows = EntryEvent.objects.filter(place__in=buildings, day__gte=day, index__in=indexes, direction=_IN)
    rows = rows.exclude(verdict=_ENTER).exclude(reason__in=reports.REPORTS.values())
    entries = [wire.read_entry(bytes(raw)) for raw in rows.values_list("raw", flat=True)]
    found = [
        Refusal(one.id, one.place, one.at.astimezone(local_time.zone()), one.reason)
        for one in entries if one.at >= since
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)
