"""What this part lets people do, and how its rows lie within a post's scope."""

from django.utils.translation import gettext_lazy as _

from kaimen.incidents.models import Incident
from kaimen.register.access import permissions, scopes
from kaimen.ui import navigation

permissions({
    "incidents.answer": "take over incidents of one's office and close them; every look at a person is recorded",
    "incidents.watch": "see which incidents are open or overdue, and how often a gate was in the wrong; no names",
    "incidents.dispute": "say that one was refused at a gate without reason",
    "incidents.dispute_for_staff": "say it for somebody of one's firm",
    "incidents.dispute_for_person": "say it for somebody at a counter or on the telephone",
})  # fmt: skip

scopes(Incident, area="place__area", place="place", person="person")

navigation.add(11, "incidents:desk", _("At once"), "incidents.answer")
navigation.add(35, "incidents:watch", _("At once"), "incidents.watch")
navigation.add(8, "incidents:own", _("Refused at a gate"), "incidents.dispute")
navigation.add(35, "incidents:staff", _("Staff refused"), "incidents.dispute_for_staff")
