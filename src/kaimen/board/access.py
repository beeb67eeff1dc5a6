"""Permissions of the board."""

from django.utils.translation import gettext_lazy as _

from kaimen.register import access
from kaimen.ui import navigation

SEE_HEALTH = "board.see_health"
ANSWER = "board.answer_for_buildings"

access.permissions({
    "board.see": "See the map, the rates and the people in each building of one's scope",
    SEE_HEALTH: "See that somebody in a building of one's scope has a fever; others see the colour alone",
    ANSWER: "Is named as the officer who answers for the buildings of one's area",
})  # fmt: skip
navigation.add(10, "board:now", _("Board"), "board.see")
navigation.add(12, "board:inspections", _("Inspections"), "status.give_place_evidence")
