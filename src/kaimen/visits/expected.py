"""Visitors on name lists, in their window, with their host and the host's floor; couriers, in the hours of the day."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from kaimen.gate import local_time, queries
from kaimen.gate.expected import SOURCES, Behind, Coming
from kaimen.register.models import Place
from kaimen.visits import actions
from kaimen.visits.models import Courier, Visit


def by_visits(building: Place, day: date) -> Iterable[Coming]:
    """Who is expected as a visitor on a local day; not at somebody's who has left the firm."""
    begin = local_time.at(day, time())
    visits = Visit.objects.filter(
        queries.employed_on(day, "host__"),
        place=building,
        begins__lt=begin + timedelta(days=1),
        ends__gt=begin,
        carried__revocation=None,
    )
    for one in visits.select_related("host__organisation", "carried__person"):
        firm = one.host.organisation
        yield Coming(
            one.carried.index, one.carried.person.name, Behind(firm.name, firm.name_en or firm.name), one.host.floor,
            one.tail, "visitor", int(one.begins.timestamp()), int(one.ends.timestamp()), one.host.name,
        )  # fmt: skip


def by_couriers(building: Place, day: date) -> Iterable[Coming]:
    """Who brings goods there on a local day."""
    said = actions.terms()
    if said is None or said.couriers is None:
        return
    begins, ends = (int(local_time.at(day, one).timestamp()) for one in said.couriers.hours)
    couriers = Courier.objects.filter(places=building, until__gte=day, carried__revocation=None)
    for one in couriers.select_related("carried__person"):
        yield Coming(
            one.carried.index, one.carried.person.name, Behind(one.company, one.company), "", one.tail, "courier",
            begins, ends,
        )  # fmt: skip


SOURCES.extend((by_visits, by_couriers))
