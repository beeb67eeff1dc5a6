"""What this part lets people do, and how its rows lie within a post's scope."""

from collections.abc import Callable

from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kaimen.register.access import permissions, scopes, subtree
from kaimen.ui import navigation
from kaimen.visits.models import Courier, Visit

permissions({
    "visits.invite": "invite visitors, as their host or for a host of one's firm, and call visits off",
    "visits.keep_couriers": "register couriers for one's building or communities, and end their rounds",
    "visits.see": "see who is expected as a visitor at one's building today",
})  # fmt: skip


def _wholly(path: str) -> Callable[[Model], Q]:
    """The couriers all of whose places lie within a scope: one that goes elsewhere too is not this post's to end."""

    def within(scope: Model) -> Q:
        rounds = Courier.places.through.objects.filter(courier=OuterRef("pk"))
        here = subtree(scope, path)
        return Q(Exists(rounds.filter(here))) & ~Q(Exists(rounds.exclude(here)))

    return within


scopes(Courier, area=_wholly("place__area"), place=_wholly("place"))
scopes(Visit, area="place__area", organisation="host__organisation", place="place", person="host__person")

navigation.add(22, "visits:mine", _("Visitors"), "visits.invite")
navigation.add(22, "visits:today", _("Visitors"), "visits.see")
navigation.add(23, "visits:couriers", _("Couriers"), "visits.keep_couriers")
