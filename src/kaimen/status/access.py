"""What this part lets people do, and how its rows lie within a post's scope."""

from django.utils.translation import gettext_lazy as _

from kaimen.register.access import permissions, scopes
from kaimen.status.models import (
    Appeal,
    Batch,
    BundleAsked,
    Correction,
    Decision,
    Declaration,
    Evidence,
    Source,
)
from kaimen.ui import navigation

permissions({
    "status.see_own_colour": "see one's own colour, its reason and its receipt",
    "status.declare": "declare one's health, trips and temperature",
    "status.appeal": "appeal against one's own colour, ask for a correction",
    "status.see_person": "see somebody's colour with its reason, print it as a letter, file an appeal for them",
    "status.give_evidence": "sign evidence with the key of an accredited source",
    "status.give_place_evidence": "sign inspections and reports about buildings with the key of an accredited source",
    "status.approve_bulk": "countersign a large batch of another organisation",
    "status.answer_appeal": "answer appeals and requests for correction",
    "status.keep_rules": "sign, as one of the authorities, for sources and rules",
    "status.see_changes": "see how many colours changed, by rule, source and day, with the batches behind them",
    "ledger.release_bundle": "release an auditor’s bundle of the log, together with a second post",
})  # fmt: skip

# An officer of a source reaches people by the whole number on their document, never by a list: see `subjects`.
scopes(Source, area="organisation__area", organisation="organisation")
scopes(Batch, area="organisation__area", organisation="organisation")
scopes(
    Evidence, area="subject__person__area", organisation="accreditation__source__organisation", person="subject__person"
)
scopes(BundleAsked, area="by__area")
scopes(Decision, area="subject__person__area", person="subject__person")
scopes(Declaration, area="subject__person__area", person="subject__person")
scopes(Appeal, area="subject__person__area", person="subject__person")
scopes(Correction, area="subject__person__area", person="subject__person")

navigation.add(6, "status:own-colour", _("My colour"), "status.see_own_colour")
navigation.add(7, "status:evidence", _("Evidence"), "status.give_evidence")
navigation.add(8, "status:authorities", _("Sources and rules"), "status.keep_rules")
navigation.add(9, "status:appeals", _("Appeals"), "status.answer_appeal")
