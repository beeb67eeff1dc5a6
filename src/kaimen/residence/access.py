"""What this part lets people do, and how its rows lie within a post's scope."""

from django.utils.translation import gettext_lazy as _

from kaimen.register.access import permissions, scopes
from kaimen.register.models import Household
from kaimen.residence.models import EntryCard, FirmPassAsked
from kaimen.ui import navigation

permissions({
    "residence.see": "see the households of closed communities, their grades and cards",
    "residence.ask_firm_pass": "ask a community for firm passes for staff of one's firm",
    "residence.keep": "add households, grade them, issue, replace and print their cards",
})  # fmt: skip

scopes(Household, area="place__area", place="place")
scopes(FirmPassAsked, area="place__area", organisation="employment__organisation", place="place")
scopes(EntryCard, area="household__place__area", place="household__place")

navigation.add(24, "residence:units", _("Households"), "residence.see")
navigation.add(25, "residence:firm-passes", _("Firm passes"), "residence.keep")
navigation.add(25, "residence:own-firm-passes", _("Firm passes"), "residence.ask_firm_pass")
