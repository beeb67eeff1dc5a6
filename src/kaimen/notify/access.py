"""What this part lets people do, and how its rows lie within a post's scope."""

from django.utils.translation import gettext_lazy as _

from kaimen.notify.models import Delivery, Message
from kaimen.register.access import permissions, scopes
from kaimen.ui import navigation

permissions({
    "notify.see_messages": "read what was sent to oneself",
    "notify.see_deliveries": "see what was sent to whom and whether it arrived, and print letters",
})  # fmt: skip

scopes(Message, person="to")
scopes(Delivery, area="person__area", person="person")

navigation.add(90, "notify:messages", _("Messages"), "notify.see_messages")
navigation.add(80, "notify:deliveries", _("Delivery log"), "notify.see_deliveries")
