"""Reads: what an office has to do, what the level above watches, how often a gate was in the wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kaimen.gate import calls, refusals
from kaimen.incidents.definitions import IncidentKind
from kaimen.incidents.models import Act, Incident
from kaimen.kit import clock
from kaimen.register import access, packs_in_force
from kaimen.register.models import Place, Post, Viewing

COUNTED = timedelta(days=30)


@dataclass(frozen=True)
class Clock:
    """How long is left, in words and as a share."""

    words: str
    share: float
    state: str  # "over" when nobody closed it in time


@dataclass(frozen=True)
class Waiting:
    """One incident as a list shows it: without the person."""

    incident: Incident
    kind: IncidentKind
    clock: Clock
    taken: Act | None
    done: Act | None

    @property
    def title(self) -> str:
        """What sort it is, in the reader's language."""
        return self.kind.title.to(get_language() or "")

    @property
    def outcome(self) -> str:
        """What became of it, in the reader's language."""
        return outcome_words(self.kind, self.done)


@dataclass(frozen=True)
class Opened:
    """One incident as its office sees it."""

    waiting: Waiting
    acts: tuple[Act, ...]
    firms: tuple[str, ...]  # where the person works, with the floor
    temperature: str  # as it was measured at the gate; empty when it was not


@dataclass(frozen=True)
class Tally:
    """How often somebody disputed a refusal at a place, and who was right."""

    place: Place
    filed: int
    upheld: int
    not_upheld: int
    late: int

    @property
    def answered(self) -> int:
        """Those with an outcome."""
        return self.upheld + self.not_upheld


def kinds() -> dict[str, IncidentKind]:
    """The kinds of the pack in force, by slug."""
    return {one.slug: one for one in packs_in_force.pack().all(IncidentKind)}


def kind_of(incident: Incident) -> IncidentKind:
    """What the pack in force says of such an incident. Raises LookupError when it has dropped the kind."""
    return kinds()[incident.kind]


def of_office(post: Post) -> QuerySet[Incident]:
    """Incidents within a post's scope of the kinds that its role answers."""
    mine = [one.slug for one in kinds().values() if post.role in one.offices]
    return access.visible(post, Incident).filter(kind__in=mine).select_related("place__area", "place__parent", "person")


def unfinished() -> QuerySet[Incident]:
    """Incidents that nobody has closed."""
    return Incident.objects.exclude(Exists(Act.objects.filter(incident=OuterRef("pk"), does=Act.Does.DONE)))


def waiting(post: Post) -> list[Waiting]:
    """What an office has to do, the most urgent first. Raises NotAllowed."""
    access.require(post, "incidents.answer")
    return shown(of_office(post).filter(pk__in=unfinished()))


def done_lately(post: Post, most: int = 50) -> list[Waiting]:
    """What was closed since yesterday, the newest first. Raises NotAllowed."""
    access.require(post, "incidents.answer")
    since = clock.now() - timedelta(days=1)
    rows = of_office(post).filter(acts__does=Act.Does.DONE, acts__made_at__gte=since).order_by("-acts__made_at")
    return shown(rows[:most])


def watched(post: Post) -> list[Waiting]:
    """What is open within a watcher's scope, the most urgent first. Raises NotAllowed."""
    access.require(post, "incidents.watch")
    mine = [one.slug for one in kinds().values() if post.role in one.above]
    rows = access.visible(post, Incident).filter(kind__in=mine, pk__in=unfinished())
    return shown(rows.select_related("place__parent"))


def one_of_office(post: Post, incident_id: UUID) -> Incident:
    """One incident of this office. Raises NotAllowed, Http404."""
    access.require(post, "incidents.answer")
    found = of_office(post).filter(pk=incident_id).first()
    if found is None:
        raise Http404
    return found


def opened(post: Post, incident: Incident) -> Opened:
    """One incident, looked at; whose it is reads who looked."""
    person = incident.person
    firms: tuple[str, ...] = ()
    if person is not None:
        Viewing.objects.create(person=person, by=post, what="incident")
        works = person.employments.filter(left_on=None).select_related("organisation")
        firms = tuple(f"{one.organisation} {one.floor}".strip() for one in works)
    measured = calls.temperature_of(incident.entry) if incident.kind == "fever" and incident.entry else None
    waits = shown([incident])[0]
    acts = tuple(incident.acts.select_related("by__person"))
    return Opened(waits, acts, firms, "" if measured is None else f"{measured / 10:.1f}")


def why(incident: Incident) -> str:
    """Why the gate did not let them in, in the reader's language; empty where no entry is known, or for a fever."""
    if incident.kind == "fever" or not incident.reason:
        return ""
    return refusals.words_of(incident.reason, incident.place)


def tallies(post: Post) -> list[Tally]:
    """Disputed refusals of the last 30 days by place, the most first. Raises NotAllowed."""
    access.require(post, "incidents.watch")
    kind = kinds().get("obstruction")
    if kind is None:
        return []
    right = [code for code, one in kind.outcomes.items() if one.upheld]
    rows = access.visible(post, Incident).filter(kind=kind.slug, made_at__gte=clock.now() - COUNTED)
    closed, late = Q(acts__does=Act.Does.DONE), Q(acts__does=Act.Does.LATE)
    counted = rows.order_by().values("place").annotate(
        filed=Count("pk", distinct=True), upheld=Count("acts", closed & Q(acts__outcome__in=right)),
        closed=Count("acts", closed), late=Count("acts", late),
    )  # fmt: skip
    places = Place.objects.select_related("parent").in_bulk([row["place"] for row in counted])
    found = [
        Tally(places[row["place"]], row["filed"], row["upheld"], row["closed"] - row["upheld"], row["late"])
        for row in counted
    ]
    return sorted(found, key=lambda one: (-one.filed, one.place.code))


def outcome_words(kind: IncidentKind, done: Act | None) -> str:
    """What an outcome is called, in the reader's language; a code the pack has dropped stays a code."""
    if done is None:
        return ""
    said = kind.outcomes.get(done.outcome)
    return said.title.to(get_language() or "") if said else done.outcome


def shown(rows: QuerySet[Incident] | Sequence[Incident]) -> list[Waiting]:
    """Incidents as lists show them."""
    known, now, incidents = kinds(), clock.now(), list(rows)
    acts: dict[UUID, dict[str, Act]] = {}
    for act in Act.objects.filter(incident__in=incidents).select_related("by__person"):
        acts.setdefault(act.incident_id, {})[act.does] = act  # the last of each sort
    return [
        Waiting(
            one, known[one.kind], clock_of(one, now), acts.get(one.pk, {}).get(Act.Does.TAKEN),
            acts.get(one.pk, {}).get(Act.Does.DONE),
        )
        for one in incidents if one.kind in known
    ]  # fmt: skip


def clock_of(incident: Incident, now: datetime) -> Clock:
    """How long is left until it has to be closed."""
    left, whole = incident.due - now, incident.due - incident.made_at
    if left <= timedelta():
        return Clock(_("%s over") % _lasting(-left), 0, "over")
    return Clock(_("%s left") % _lasting(left), left / whole, "")


def _lasting(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 60:
        return ngettext("%d hour", "%d hours", minutes // 60) % (minutes // 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes
