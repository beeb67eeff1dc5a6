"""Disputing a refusal away from the gate: by the person, their firm's clerk, a counter or the telephone.

Each finds the entry at the gate by itself, so that who presses at the gate and then calls has one incident, not two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.gate.refusals import Refusal, refusals_of
from kaimen.incidents import queries
from kaimen.incidents.actions import NotPossible, open_incident
from kaimen.incidents.models import Incident
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Employment, Person, Place, Post

DAYS = 7  # how far back one's own page looks
_LATELY = timedelta(hours=24)  # an entry that a clerk or a counter may mean
_SLUG = "obstruction"


@dataclass(frozen=True)
class Refused:
    """Somebody was not let in: an entry of theirs, and what became of their objection."""

    refusal: Refusal
    place: Place
    incident: queries.Waiting | None

    @property
    def answer(self) -> str:
        """What was found, in the words for the person and in their language."""
        held = self.incident
        outcome = held.kind.outcomes.get(held.done.outcome) if held and held.done else None
        return outcome.person.to(get_language() or "") if outcome and outcome.person else ""


def refused(person: Person) -> list[Refused]:
    """When this person was not let in where they work or live, in the last days, the newest first."""
    return _refused(person, _places_of(person), timedelta(days=DAYS))


def _refused(person: Person, places: Iterable[Place], back: timedelta) -> list[Refused]:
    buildings = {one.path.strip("/").split("/")[0] for one in places}
    found = refusals_of(person, buildings, clock.now() - back)
    held = {one.incident.entry: one for one in _incidents([one.id for one in found])}
    at = {one.code: one for one in Place.objects.filter(code__in={one.gate for one in found})}
    return [Refused(one, at[one.gate], held.get(one.id)) for one in found]


def _incidents(entries: list[UUID]) -> list[queries.Waiting]:
    return queries.shown(Incident.objects.filter(kind=_SLUG, entry__in=entries))


def _places_of(person: Person) -> list[Place]:
    """Where somebody works or lives."""
    return [*Place.objects.filter(employments__person=person), *Place.objects.filter(households__members=person)]


def own(by: Post, entry: UUID) -> Incident:
    """The person says that an entry of theirs was a refusal without reason. Raises NotAllowed, NotPossible."""
    access.require(by, "incidents.dispute")
    found = next((one for one in refused(by.person) if one.refusal.id == entry), None)
    if found is None:
        raise NotPossible(_("There is no such refusal of the last days. Load the page again, or call a counter."))
    return _opened(by.person, found.place, found, Incident.Way.PERSON, by)


def for_staff(by: Post, employment: Employment, place: Place) -> Incident:
    """A firm's clerk says it for somebody of the firm. Raises NotAllowed."""
    access.require(by, "incidents.dispute_for_staff", employment)
    return _for(by, employment.person, place, Incident.Way.FIRM)


def for_person(by: Post, person: Person, place: Place) -> Incident:
    """A counter says it for somebody who came or called. Raises NotAllowed."""
    access.require(by, "incidents.dispute_for_person", person)
    return _for(by, person, place, Incident.Way.COUNTER)


def _for(by: Post, person: Person, place: Place, way: Incident.Way) -> Incident:
    """About the last refusal there of the last day, if a gate has sent one; else about what was said."""
    last = next(iter(_refused(person, [place], _LATELY)), None)
    if last is None:
        again = queries.unfinished().filter(kind=_SLUG, person=person, place=place, entry=None).first()
        if again is not None:
            return again
    return _opened(person, place, last, way, by)


def _opened(person: Person, place: Place, found: Refused | None, way: Incident.Way, by: Post) -> Incident:
    kind = queries.kinds().get(_SLUG)
    if kind is None:
        raise NotPossible(_("This city has named nobody who answers. Call the counter of your street."))
    return open_incident(
        kind, found.place if found else place, person=person, entry=found.refusal.id if found else None,
        reason=found.refusal.reason if found else "", happened_at=found.refusal.at if found else clock.now(), way=way,
        by=by,
    )  # fmt: skip
