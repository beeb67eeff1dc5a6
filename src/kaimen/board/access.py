"""Permissions of the board."""

from django.utils.translation import gettext_lazy as _

from kaimen.register import access
from kaimen.ui import navigation

access.permissions({"board.see": "See the map, the rates and the people in each building of one's scope"})
navigation.add(10, "board:now", _("Board"), "board.see")
