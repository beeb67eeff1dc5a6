"""Verbs and reading about couriers: register one, end their rounds; who brings goods where."""

from collections.abc import Collection
from datetime import date, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaimen.gate import actions as gate
from kaimen.gate import local_time
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass, PassRevoked
from kaimen.register import access
from kaimen.register.models import Person, Place, Post
from kaimen.visits.actions import terms
from kaimen.visits.models import Courier
from kaimen.visits.terms import CourierTerms

ENDED = "courier-ended"  # why a pass was taken back
_REFUSED = {
    "past": (gettext_lazy("That day has passed."), gettext_lazy("Choose today or a later one.")),
    "too-long": (
        gettext_lazy("That is longer than couriers are registered for."),
        gettext_lazy("Choose a nearer day."),
    ),
}


class Rounds(NamedTuple):
    """Who brings goods for whom, and until which day."""

    name: str
    tail: str
    company: str
    until: date


def terms_of_couriers() -> CourierTerms | None:
    """On which terms couriers are registered here; None where the pack in force registers none."""
    said = terms()
    return said.couriers if said else None


@transaction.atomic
def register(by: Post, places: Collection[Place], rounds: Rounds) -> Courier:
    """Give a courier a card for these places. Raises NotAllowed, NotPossible."""
    for place in places:
        access.require(by, "visits.keep_couriers", place)
    said = terms_of_couriers()
    if said is None or not places:
        raise NotPossible(_("No couriers are registered here."), _("The gate sends them to the desk."))
    if refusal := said.refusal(local_time.today(), rounds.until):
        message, remedy = _REFUSED[refusal]
        raise NotPossible(str(message), str(remedy))
    person = Person.objects.create(name=rounds.name, area=next(iter(places)).area)
    ends = local_time.at(rounds.until + timedelta(days=1), time())
    carried = gate.issue_pass(None, person, Pass.Kind.CARD, ends=ends)
    courier = Courier.objects.create(
        by=by, company=rounds.company, tail=rounds.tail, until=rounds.until, carried=carried
    )
    courier.places.set(places)
    gate.lists_changed([place.pk for place in places])
    return courier


@transaction.atomic
def end(by: Post, courier: Courier) -> None:
    """They come no more: their card opens nothing. Again changes nothing. Raises NotAllowed."""
    access.require(by, "visits.keep_couriers", courier)
    _revocation, new = PassRevoked.objects.get_or_create(revoked=courier.carried, defaults={"by": by, "reason": ENDED})
    if new:
        gate.lists_changed()


def places(by: Post) -> QuerySet[Place]:
    """Where `by` may send couriers: buildings and communities with gates."""
    return access.visible(by, Place).filter(parent=None).exclude(profile="").order_by("path")


def known(by: Post) -> QuerySet[Courier]:
    """Those who come to a place of `by` now, whoever registered them."""
    here = Courier.objects.filter(places__in=places(by), until__gte=local_time.today()).values("pk")
    rows = Courier.objects.filter(pk__in=here).select_related("carried__person", "carried__revocation")
    return rows.prefetch_related("places")


def may_end(by: Post, courier: Courier) -> bool:
    """Whether all of their places are in the hands of `by`."""
    return access.holds(by, "visits.keep_couriers", courier)
