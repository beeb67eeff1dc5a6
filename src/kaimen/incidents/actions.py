"""Verbs: open what a call is about, take it over, close it, say that it is late. Each in one transaction."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.gate import calls
from kaimen.gate.call_models import Call
from kaimen.gate.local_time import zone
from kaimen.gate.models import Pass
from kaimen.incidents import queries
from kaimen.incidents.definitions import IncidentKind
from kaimen.incidents.models import Act, Incident
from kaimen.kit import clock
from kaimen.notify import actions as notify
from kaimen.packs import Words
from kaimen.register import access, emergencies, posts_over
from kaimen.register.models import Person, Place, Post

_DRAWS, _MOST = 1_000, 50  # nobody is helped by a message to a whole department


class NotPossible(ValueError):
    """What was asked cannot be done: what is wrong, and what would be right."""


def answer_calls() -> int:
    """Open an incident for each call that waits; gives how many calls. A crash between opening and ticking off the
    call changes nothing: the entry has its incident by then.

    Raises what the first call that could not be opened raised, after all others have been: it waits for the next time.
    """
    kinds, failed = queries.kinds(), None
    waiting = list(calls.waiting(kinds))
    for call in waiting:
        try:
            _open_for(call, kinds[call.kind])
            calls.taken(call)
        except Exception as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return len(waiting)


def _open_for(call: Call, kind: IncidentKind) -> None:
    holder = Pass.objects.filter(index=call.index).select_related("person").first() if call.index is not None else None
    place = Place.objects.select_related("area").get(code=call.gate)
    open_incident(
        kind, place, person=holder.person if holder else None, entry=call.about, reason=call.reason,
        happened_at=call.at, way=Incident.Way.GATE,
    )  # fmt: skip


@transaction.atomic
def open_incident(  # noqa: PLR0913 — a row of a table
    kind: IncidentKind, place: Place, *, person: Person | None, entry: UUID | None, reason: str,
    happened_at: datetime, way: Incident.Way, by: Post | None = None,
) -> Incident:  # fmt: skip
    """The incident about this entry: the one there is, or a new one, of which its offices are told."""
    Place.objects.select_for_update().get(pk=place.pk)  # two who open the same wait for each other
    found = Incident.objects.filter(kind=kind.slug, entry=entry).first() if entry else None
    if found is not None:
        return found
    now = clock.now()
    incident = Incident.objects.create(
        kind=kind.slug, number=_number(now), place=place, person=person, entry=entry, reason=reason, way=way, by=by,
        happened_at=happened_at, due=now + kind.within, made_at=now,
    )  # fmt: skip
    people = _people(kind.offices, place) or _people(kind.above, place)
    _tell(people, "incident-waits", **_about(incident))
    if kind.slug == "obstruction" and person is not None:
        _tell([person], "dispute-filed", **_about(incident))
    return incident


@transaction.atomic
def take_over(by: Post, incident: Incident) -> None:
    """`by` sees to it from now on, whoever did before. Raises NotAllowed, Http404, NotPossible."""
    incident = _held(by, incident)
    last = incident.acts.filter(does=Act.Does.TAKEN).last()
    if last is None or last.by_id != by.pk:
        Act.objects.create(incident=incident, does=Act.Does.TAKEN, by=by)


@transaction.atomic
def close(by: Post, incident: Incident, outcome: str) -> Act:
    """What became of it, by a code of its kind. A disputed refusal: the person is told, and the gate what to do.

    Raises NotAllowed, Http404, NotPossible.
    """
    incident = _held(by, incident)
    said = queries.kind_of(incident).outcomes.get(outcome)
    if said is None:
        raise NotPossible(_("This is no outcome of such an incident. Choose one of those on the page."))
    act = Act.objects.create(incident=incident, does=Act.Does.DONE, by=by, outcome=outcome)
    if said.person is not None and incident.person is not None:
        _tell([incident.person], "dispute-answered", number=incident.number, place=_words(incident.place),
              answer=said.person)  # fmt: skip
    if said.gate is not None:
        gate = posts_over.people_over("gate.scan", incident.place)
        manager = posts_over.people_over("gate.countersign", incident.place)
        _tell([*manager, *gate], "gate-instructed", number=incident.number, place=_words(incident.place),
              instruction=said.gate)  # fmt: skip
    return act


def say_late() -> int:
    """Remind the offices of what is overdue and tell the level above, once each; gives how many."""
    kinds = queries.kinds()
    late = queries.unfinished().filter(kind__in=kinds, due__lt=clock.now()).exclude(acts__does=Act.Does.LATE)
    numbers = list(late.values_list("pk", flat=True)[:200])
    for pk in numbers:
        _say_late(pk)
    return len(numbers)


@transaction.atomic
def _say_late(pk: UUID) -> None:
    incident = Incident.objects.select_for_update().select_related("place__area").get(pk=pk)
    if incident.acts.filter(does__in=[Act.Does.DONE, Act.Does.LATE]).exists():
        return
    Act.objects.create(incident=incident, does=Act.Does.LATE)
    kind = queries.kind_of(incident)
    _tell(_people((*kind.offices, *kind.above), incident.place), "incident-late", **_about(incident))


@transaction.atomic
def forget_names() -> int:
    """Take the person out of what was closed long enough ago, or when no emergency is in force; gives how many.

    What stays says what happened where and what became of it, of nobody.
    """
    now, ended = clock.now(), emergencies.slug_in_force() is None
    count = 0
    for kind in queries.kinds().values():
        before = now if ended else now - kind.names_kept
        closed = Act.objects.filter(does=Act.Does.DONE, made_at__lte=before, incident__kind=kind.slug)
        rows = Incident.objects.filter(pk__in=closed.values("incident")).exclude(person=None, entry=None, by=None)
        count += rows.update(person=None, entry=None, by=None)
    return count


def _held(by: Post, incident: Incident) -> Incident:
    """The row, locked, if it is of this office and still open."""
    access.require(by, "incidents.answer")
    row = queries.of_office(by).select_for_update().filter(pk=incident.pk).first()
    if row is None:
        raise access.NotAllowed("incidents.answer")
    if row.acts.filter(does=Act.Does.DONE).exists():
        raise NotPossible(_("Somebody has closed this already. Load the page again."))
    return row


def _people(roles: Iterable[str], place: Place) -> list[Person]:
    return [post.person for post in posts_over.over_place(tuple(roles), place)]


def _tell(people: Iterable[Person], text: str, **about: Any) -> None:
    for person in list({one.pk: one for one in people}.values())[:_MOST]:
        notify.send(text, person, **about)


def _about(incident: Incident) -> dict[str, Any]:
    """What a notice says: a number, a place, a time. Never what it is about, never whom."""
    due = incident.due.astimezone(zone())
    return {"number": incident.number, "place": _words(incident.place), "due": due}


def _words(place: Place) -> Words:
    return Words(place.name, place.title("en"))


def _number(now: datetime) -> str:
    """Dated, and drawn: it tells nobody how many there are."""
    day = now.astimezone(zone())
    drawn = (f"{day:%Y%m%d}-{secrets.randbelow(10**6):06}" for _try in range(_DRAWS))
    return next(number for number in drawn if not Incident.objects.filter(number=number).exists())
