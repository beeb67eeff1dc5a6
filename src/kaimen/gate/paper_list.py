"""Who is expected at a building on a day, firm by firm and floor by floor: on the manager's screen and on paper.

The paper is for when everything is dark: a guard reads names by a torch. It says when it was made and from which
version of the list, so that two sheets of one day can be told apart.
"""

from dataclasses import dataclass
from datetime import date, datetime

from kaimen.gate import local_time, queries, snapshots
from kaimen.gate.list_models import ListChange
from kaimen.gate.models import Roster
from kaimen.gate.roster_page import storey
from kaimen.kit import clock
from kaimen.register.models import Employment, Organisation, Place


@dataclass(frozen=True)
class FirmList:
    """One firm's people in a building on a day."""

    roster: Roster
    renewed: bool  # filed for this very day; else the last list counts (未更新)
    people: list[Employment]
    changes: list[ListChange]  # by the desk, after the deadline

    @property
    def since(self) -> date:
        """Which day the list was filed for that counts."""
        return self.roster.filed.day if self.roster.filed else self.roster.day

    @property
    def floors(self) -> list[tuple[str, list[Employment]]]:
        """The people floor by floor."""
        floors: dict[str, list[Employment]] = {}
        for one in self.people:
            floors.setdefault(one.floor, []).append(one)
        return sorted(floors.items(), key=lambda item: storey(item[0]))


@dataclass(frozen=True)
class Paper:
    """A building's list of a day."""

    place: Place
    day: date
    made_at: datetime
    number: int  # of the list the gates have now
    firms: list[FirmList]

    @property
    def revision(self) -> int:
        """The list's number without its day: how often it changed."""
        return self.number % snapshots.CHANGES_A_DAY

    @property
    def people(self) -> int:
        """How many are expected."""
        return sum(len(one.people) for one in self.firms)

    @property
    def renewed(self) -> int:
        """How many firms renewed their list for the day."""
        return sum(one.renewed for one in self.firms)


def paper(place: Place, day: date, organisation: Organisation | None = None) -> Paper:
    """Who is expected at `place` on `day`, of one firm or of all. Raises NoProfile."""
    only = {} if organisation is None else {"organisation": organisation}
    rosters = queries.rosters_in_effect(day, place=place, **only)
    people: dict[object, list[Employment]] = {}
    named = Employment.objects.filter(queries.employed_on(day), roster_lines__roster__in=rosters)
    for one in named.order_by("floor", "name", "id"):
        people.setdefault(one.organisation_id, []).append(one)
    changes: dict[object, list[ListChange]] = {}
    made = ListChange.objects.filter(place=place, day=day, roster__isnull=False)
    for change in made.select_related("employment", "by__person"):
        changes.setdefault(change.employment.organisation_id, []).append(change)
    firms = [
        FirmList(one, one.renewed(day), people.get(one.organisation_id, []), changes.get(one.organisation_id, []))
        for one in rosters.select_related("organisation", "corrects").order_by("organisation__name")
    ]
    number = snapshots.list_numbers([place])[place.code]
    return Paper(place, day, clock.now().astimezone(local_time.zone()), number, firms)


def not_renewed(day: date, places: list[Place]) -> dict[str, int]:
    """How many firms' lists each place holds that were not renewed for `day`; places without any are left out."""
    counted: dict[str, int] = {}
    rosters = queries.rosters_in_effect(day, place__in=places).select_related("place", "corrects")
    for one in rosters:
        if not one.renewed(day):
            counted[one.place.code] = counted.get(one.place.code, 0) + 1
    return counted
