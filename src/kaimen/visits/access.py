"""What this part lets people do, and how its rows lie within a post's scope."""

from django.utils.translation import gettext_lazy as _

from kaimen.register.access import permissions, scopes
from kaimen.ui import navigation
from kaimen.visits.models import Visit

permissions({
    "visits.invite": "invite visitors, as their host or for a host of one's firm, and call visits off",
    "visits.see": "see who is expected as a visitor at one's building today",
})  # fmt: skip

scopes(Visit, area="place__area", organisation="host__organisation", place="place", person="host__person")

navigation.add(22, "visits:mine", _("Visitors"), "visits.invite")
navigation.add(22, "visits:today", _("Visitors"), "visits.see")
