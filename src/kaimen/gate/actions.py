"""Verbs: issue and revoke a pass, confirm who comes, make the first list. Each in one transaction.

When does a person count at the door?

1. A firm's *first* list counts at once: who is filed in it is expected from that day on.
2. After that, the roster counts that the clerk confirmed last. New staff are offered in the next confirmation.
3. A list closes the evening before. After that the building's desk alone changes it, one person at a time, with a
   reason (`list_changes`).
4. Who has left is off every list at once, without a confirmation.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaimen.gate import list_days, local_time, queries
from kaimen.gate.definitions import GateProfile
from kaimen.gate.models import INDEXES, ListVersion, Pass, PassRevoked, Roster, RosterLine
from kaimen.kit import clock
from kaimen.notify import actions as notify
from kaimen.packs import Words
from kaimen.register import access, bulk, packs_in_force, posts_over
from kaimen.register.models import Employment, Organisation, Person, Place, Post
from kaimen.status import subjects

T = TypeVar("T")
REVOKE_REASONS = {
    "lost": gettext_lazy("Lost"),
    "stolen": gettext_lazy("Stolen"),
    "issued-by-mistake": gettext_lazy("Issued by mistake"),
    "person-asked": gettext_lazy("The person asked for it"),
}
_CHUNK = 500  # SQLite binds at most 999 values in old builds


class NotPossible(ValueError):
    """What was asked cannot be done: `message` says why, `remedy` what can."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message} {remedy}")


def pass_validity() -> timedelta:
    """How long a pass is good for: the shortest any gate profile of the pack allows."""
    return min((profile.pass_valid for profile in packs_in_force.pack().all(GateProfile)), default=timedelta(days=30))


@transaction.atomic
def issue_pass(by: Post | None, person: Person, kind: str = Pass.Kind.PHONE, *, ends: datetime | None = None) -> Pass:
    """Issue a pass to `person`, good until `ends` (as long as the pack says, unless told).

    `by` is None when people get their own.

    Raises NotAllowed.
    """
    if by is not None:
        access.require(by, "gate.issue_pass", person)
    (issued,) = _issue([person.pk], kind, by, ends)
    _lists_of([person.pk])
    if by is not None:
        notify.send("pass-issued", person, expires=issued.expires.astimezone(local_time.zone()).date())
    return issued


def issue_passes(by: Post, people: Sequence[UUID], kind: str, ends: datetime) -> list[Pass]:
    """A pass for each of these people, in their order, good until `ends`, as the caller has checked it.

    The caller tells the gates.
    """
    return _issue(people, kind, by, ends)


@transaction.atomic
def revoke_pass(by: Post, pass_: Pass, reason: str) -> PassRevoked:
    """Take a pass back; every gate of the city knows with its next list. Taking it back again changes nothing.

    `reason` is one of REVOKE_REASONS. Raises NotAllowed.
    """
    access.require(by, "gate.revoke_pass", pass_)
    revocation, new = PassRevoked.objects.get_or_create(revoked=pass_, defaults={"by": by, "reason": reason})
    if new:
        lists_changed()
        notify.send("pass-revoked", pass_.person, reason=REVOKE_REASONS[reason])
    return revocation


@transaction.atomic
def confirm_roster(
    by: Post, organisation: Organisation, place: Place, day: date, employments: Collection[UUID]
) -> Roster:
    """Say who comes to `place` from `day` on, until the next confirmation; on a day off, on that day alone.

    `employments` are the ids of all who come. Raises NotAllowed, NotPossible.
    """
    access.require(by, "gate.confirm_roster", organisation)
    _require_open(place, day)
    staff = set(queries.staff_of(organisation, place).values_list("pk", flat=True))
    if not set(employments) <= staff:
        raise NotPossible(
            _("Somebody on this list no longer works here."), _("Load the page again and confirm what it shows then.")
        )
    roster = write_roster(organisation, place, day, employments, by)
    notify.send(
        "roster-confirmed",
        by.person,
        organisation=Words(organisation.name, organisation.title("en")),
        place=Words(place.name, place.title("en")),
        day=day,
        people=len(employments),
    )
    return roster


def _require_open(place: Place, day: date) -> None:
    today = local_time.today()
    if day < today:
        raise NotPossible(_("The list for %(day)s is history.") % {"day": day}, _("Confirm the list for a later day."))
    if day > today + list_days.FURTHEST:
        raise NotPossible(_("%(day)s is too far ahead.") % {"day": day}, _("Choose a day within a month."))
    if not list_days.is_open(place, day):
        raise NotPossible(
            _("The list for %(day)s is closed; the last one counts.") % {"day": day},
            _("Ask the building’s desk to change it."),
        )


@transaction.atomic
def take_in_staff(organisation: Organisation, employments: Sequence[UUID], by: Post | None = None) -> None:
    """Staff of a firm were filed or changed: everybody gets a pass, and a firm's first list counts at once."""
    staff = Employment.objects.filter(organisation=organisation).values_list("pk", "person", "place", "left_on")
    here = [row for chunk in _chunks(employments) for row in staff.filter(pk__in=chunk)]
    _ensure_passes([person for _pk, person, _place, left_on in here if left_on is None])
    places = Place.objects.filter(pk__in={place for _pk, _person, place, _left_on in here})
    for place in places:
        if not Roster.objects.filter(organisation=organisation, place=place).exists():
            coming = [pk for pk, _person, at, left_on in here if at == place.pk and left_on is None]
            write_roster(organisation, place, local_time.today(), coming, by)
    lists_changed([place.pk for place in places])


def lists_changed(places: Iterable[UUID] | None = None) -> None:
    """Tell nodes that the lists of these buildings (None: all that have gates) are to be fetched anew."""
    if places is None:
        places = Place.objects.filter(parent=None).exclude(profile="").values_list("pk", flat=True)
    wanted = set(places)
    ListVersion.objects.bulk_create([ListVersion(place_id=pk, version=0) for pk in wanted], ignore_conflicts=True)
    ListVersion.objects.filter(place__in=wanted).update(version=F("version") + 1)


def write_roster(
    organisation: Organisation,
    place: Place,
    day: date,
    employments: Collection[UUID],
    by: Post | None,
    *,
    by_desk: bool = False,
) -> Roster:
    """Write the next revision of a day's list, as the caller has checked it; the gates fetch it.

    By the desk it stands beside what the firm filed, which goes on saying whether the list was renewed.
    """
    newest = Roster.objects.filter(organisation=organisation, place=place, day=day).first()
    standing = queries.roster_before(organisation, place, day)  # a firm's very first list stands, also on a Sunday
    effective = queries.rosters_in_effect(day, organisation=organisation, place=place)
    counted = effective.select_related("corrects").first() if by_desk else None
    roster = Roster.objects.create(
        organisation=organisation,
        place=place,
        day=day,
        confirmed_by=by,
        revision=newest.revision + 1 if newest else 1,
        one_day=standing is not None and not list_days.works(place, day),
        by_desk=by_desk,
        corrects=counted.filed if counted else None,
    )
    bulk.insert(RosterLine, ["roster", "employment"], ((roster.pk, pk) for pk in employments))
    people = Employment.objects.filter(roster_lines__roster=roster).values_list("person_id", flat=True)
    _ensure_passes(list(people))
    lists_changed([place.pk])
    return roster


def _ensure_passes(people: Sequence[UUID]) -> None:
    """Everybody has a pass good for at least tomorrow, so that nobody stands at a gate with a dead one.

    Save whose pass was taken back: a firm's list does not undo what a counter did. A counter issues the next one.
    """
    now = clock.now()
    served = _among(people, queries.valid_passes(now + timedelta(days=2)))
    refused = _among(people, queries.taken_back(now)) - _among(people, queries.valid_passes(now))
    wanted = [person for person in dict.fromkeys(people) if person not in served and person not in refused]
    _issue(wanted, Pass.Kind.PHONE, None)


def _among(people: Sequence[UUID], passes: QuerySet[Pass]) -> set[UUID]:
    """Those of `people` whom one of `passes` belongs to."""
    chunks = (passes.filter(person__in=chunk).values_list("person_id", flat=True) for chunk in _chunks(people))
    return {person for chunk in chunks for person in chunk}


def _issue(people: Sequence[UUID], kind: str, by: Post | None, ends: datetime | None = None) -> list[Pass]:
    expires = ends or clock.now() + pass_validity()
    issued = [
        Pass(person_id=person, kind=kind, index=index, expires=expires, issued_by=by)
        for person, index in zip(people, _free_indexes(len(people)), strict=True)
    ]
    attributes = [field.attname for field in Pass._meta.concrete_fields]
    rows = ([getattr(one, attribute) for attribute in attributes] for one in issued)
    bulk.insert(Pass, [field.name for field in Pass._meta.concrete_fields], rows, keeps_existing=False)
    subjects.assign([(one.person_id, one.index) for one in issued])
    return issued


def _free_indexes(wanted: int) -> list[int]:
    """Indexes drawn at random, so that a pass says nothing of when or in whose company it was issued."""
    free: dict[int, None] = {}  # keeps the order of the draw; a set would give it back sorted
    while len(free) < wanted:
        drawn = [secrets.randbelow(INDEXES) for _ in range(wanted - len(free))]
        taken = {
            index
            for chunk in _chunks(drawn)
            for index in Pass.objects.filter(index__in=chunk).values_list("index", flat=True)
        }
        free |= dict.fromkeys(index for index in drawn if index not in taken)
    return list(free)


def _lists_of(people: Collection[UUID]) -> None:
    """Those people's passes changed: so did the lists that name them, as expected or as who may agree to a refusal."""
    supervisors = posts_over.holders(posts_over.roles_with("gate.countersign")).filter(person__in=people)
    named = Employment.objects.filter(person__in=people, left_on=None, place__isnull=False)
    lists_changed(None if supervisors.exists() else named.values_list("place_id", flat=True))


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))
