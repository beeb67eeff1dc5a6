"""Reading: visits ahead of a host or a firm, visitors of a building today, who came."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import get_language

from kaimen.gate import local_time
from kaimen.gate import queries as gate
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Employment, Post
from kaimen.visits import actions
from kaimen.visits.models import Visit

_LINK = signing.Signer(sep=".", salt="kaimen.visits")


@dataclass(frozen=True)
class Guest:
    """One visit as a desk sees it."""

    visit: Visit
    purpose: str
    came: datetime | None  # local


def hosts(by: Post) -> QuerySet[Employment]:
    """For whom `by` may invite: the staff of the firm, or oneself."""
    now = access.visible(by, Employment).filter(gate.employed_on(local_time.today()), place__isnull=False)
    return now.select_related("place", "organisation").order_by("name", "id_tail")


def ahead(by: Post) -> QuerySet[Visit]:
    """Visits within the scope of `by` that are not over, the next first."""
    coming = access.visible(by, Visit).filter(ends__gt=clock.now())
    return coming.select_related("host__organisation", "place", "carried__person", "carried__revocation")


def today(by: Post) -> list[Guest]:
    """Today's visitors within the scope of `by`, with when they came."""
    day = local_time.today()
    begin = local_time.at(day, time())
    visits = access.visible(by, Visit).filter(begins__lt=begin + timedelta(days=1), ends__gt=begin)
    found = list(visits.select_related("host__organisation", "place", "carried__person", "carried__revocation"))
    came = gate.came_in(day, {one.place.code for one in found}, [one.carried.index for one in found])
    return [Guest(one, purpose_of(one), came.get(one.carried.index)) for one in found]


def purpose_of(visit: Visit) -> str:
    """What the visit is for, in the reader's language."""
    said = actions.terms()
    title = said.purposes.get(visit.purpose) if said else None
    return title.to(get_language() or "") if title else visit.purpose


def link_of(visit: Visit) -> str:
    """What stands in the address that the host passes on: nobody guesses it, and it says nothing of anybody."""
    return _LINK.sign(visit.pk.hex)


def by_link(token: str) -> Visit | None:
    """The visit of such an address; None for any other."""
    try:
        pk = _LINK.unsign(token)
    except signing.BadSignature:
        return None
    found = Visit.objects.select_related("host__organisation", "place", "carried__revocation").filter(pk=pk)
    return found.first()
