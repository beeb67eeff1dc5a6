"""Verbs: invite a visitor, call a visit off, forget whose visits are long over."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaimen.gate import actions as gate
from kaimen.gate import local_time
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass, PassRevoked
from kaimen.kit import clock
from kaimen.register import access, packs_in_force
from kaimen.register.models import Employment, Person, Post
from kaimen.visits.models import Courier, Visit
from kaimen.visits.terms import VisitTerms

CALLED_OFF = "visit-called-off"  # why its pass was taken back
NOBODY = "访客"  # the name of a file whose owner was forgotten
_REFUSED = {
    "backwards": (gettext_lazy("The visit ends before it begins."), gettext_lazy("Check the two times.")),
    "past": (gettext_lazy("That time has passed."), gettext_lazy("Choose a later one.")),
    "too-long": (gettext_lazy("That is longer than a visit may be."), gettext_lazy("Choose a shorter time.")),
    "too-far": (gettext_lazy("That is too far ahead."), gettext_lazy("Choose a nearer day.")),
    "too-many": (
        gettext_lazy("This host has as many visits on that day as are allowed."),
        gettext_lazy("Choose another day, or another host."),
    ),
}


class Wish(NamedTuple):
    """Whom a host asks in, for what, and when (aware times; `ends` not included)."""

    name: str
    tail: str
    purpose: str
    begins: datetime
    ends: datetime


def terms() -> VisitTerms | None:
    """On which terms visitors are invited here; None where the pack in force says nothing of visitors."""
    return next(iter(packs_in_force.pack().all(VisitTerms)), None)


@transaction.atomic
def invite(by: Post, host: Employment, wish: Wish) -> Visit:
    """Expect a visitor at `host`'s. Raises NotAllowed, NotPossible."""
    access.require(by, "visits.invite", host)
    Employment.objects.select_for_update().get(pk=host.pk)  # two windows do not both take the last visit of a day
    place = host.place
    if place is None or (host.left_on is not None and host.left_on <= local_time.today()):
        raise NotPossible(_("This host works at no building."), _("Choose somebody who does."))
    _require_terms(host, wish)
    person = Person.objects.create(name=wish.name, area=place.area)
    carried = gate.issue_pass(None, person, Pass.Kind.CARD, ends=wish.ends)
    visit = Visit.objects.create(
        place=place, host=host, by=by, purpose=wish.purpose, tail=wish.tail, begins=wish.begins, ends=wish.ends,
        carried=carried,
    )  # fmt: skip
    gate.lists_changed([place.pk])
    return visit


def _require_terms(host: Employment, wish: Wish) -> None:
    said = terms()
    if said is None or wish.purpose not in said.purposes:
        raise NotPossible(_("Nobody is invited for that here."), _("Ask the desk of the building."))
    day = wish.begins.astimezone(local_time.zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    same_day = Visit.objects.filter(host=host, begins__gte=day, begins__lt=day + timedelta(days=1))
    refusal = said.refusal(clock.now(), wish.begins, wish.ends, same_day.filter(carried__revocation=None).count())
    if refusal:
        message, remedy = _REFUSED[refusal]
        raise NotPossible(str(message), str(remedy))


@transaction.atomic
def call_off(by: Post, visit: Visit) -> None:
    """The visit does not take place: its pass opens nothing any more. Again changes nothing. Raises NotAllowed."""
    access.require(by, "visits.invite", visit)
    _revocation, new = PassRevoked.objects.get_or_create(
        revoked=visit.carried, defaults={"by": by, "reason": CALLED_OFF}
    )
    if new:
        gate.lists_changed()


@transaction.atomic
def forget() -> int:
    """Forget the names of visitors and couriers whose time ended longer ago than the pack keeps them; how many."""
    said = terms()
    if said is None:
        return 0
    long_ago = clock.now() - said.names_kept
    visits = Visit.objects.filter(ends__lt=long_ago)
    couriers = Courier.objects.filter(until__lt=long_ago.astimezone(local_time.zone()).date())
    gone = Q(passes__visit__in=visits) | Q(passes__courier__in=couriers)  # files of their own: made by us
    strangers = Person.objects.filter(pk__in=Person.objects.filter(gone).values("pk")).exclude(name=NOBODY)
    for rows in (visits, couriers):
        rows.filter(carried__person__in=strangers).update(tail="")
    return strangers.update(name=NOBODY)
