"""Who is expected at a place: rosters, and whatever else gives somebody a reason to come in, in one form.

A part that lets people in (visitors, firm passes, residents) adds one function to `SOURCES`, and calls
`actions.lists_changed` for the place whenever its answer changes; the name list of every gate there follows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Case, When

from kaimen.gate import queries
from kaimen.gate.models import RosterLine
from kaimen.kit import clock
from kaimen.register.models import Place
from kaimen_gate import wire


class Behind(NamedTuple):
    """On whose account somebody comes: a firm, a household, a delivery service."""

    zh: str
    en: str
    renewed: bool = True  # whether it was confirmed for the day


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody expected at a building on a day, with one pass; one row for each pass that holds."""

    index: int  # of the pass
    name: str
    organisation: Behind
    floor: str = ""
    id_tail: str = ""
    comes_as: wire.ComesAs = "staff"
    begins: int | None = None  # epoch seconds; None: as the place is open
    ends: int | None = None  # epoch seconds, not included
    host: str = ""
    assurance: int = 0  # 0 self-declared, 1 phone proved, 2 document seen


# A list the desk changed goes on saying whether its firm had filed it for the day (Roster.renewed).
FILED_FOR = Case(When(roster__by_desk=True, then="roster__corrects__day"), default="roster__day")
Source = Callable[[Place, date], Iterable[Coming]]  # asked with the building and the local day


def by_rosters(building: Place, day: date) -> Iterable[Coming]:
    """The staff that the rosters in effect name, less those who have left."""
    rosters = queries.rosters_in_effect(day, place=building)
    lines = RosterLine.objects.filter(
        queries.employed_on(day, "employment__"),
        roster__in=rosters,
        employment__person__passes__expires__gt=clock.now(),
        employment__person__passes__revocation=None,
    )
    rows = lines.order_by("employment__person__passes__index").values_list(
        "employment__person__passes__index", "employment__name", "roster__organisation__name",
        "roster__organisation__name_en", FILED_FOR, "employment__floor", "employment__id_tail",
    )  # fmt: skip
    for index, name, zh, en, filed_for, floor, id_tail in rows:
        yield Coming(index, name, Behind(zh, en or zh, renewed=filed_for == day), floor, id_tail)


SOURCES: list[Source] = [by_rosters]


def coming(building: Place, day: date) -> tuple[tuple[Behind, ...], tuple[wire.Expected, ...]]:
    """Everybody expected at a building on a local day, as a name list has them: organisations, and people by pass."""
    found = [one for source in SOURCES for one in source(building, day)]
    behind = {one: at for at, one in enumerate(sorted({one.organisation for one in found}))}
    people = [
        wire.Expected(
            one.index, one.name, behind[one.organisation], one.floor, one.id_tail, one.comes_as, one.begins, one.ends,
            one.host, one.assurance,
        )
        for one in sorted(found, key=lambda one: one.index)
    ]  # fmt: skip
    return tuple(behind), tuple(people)
