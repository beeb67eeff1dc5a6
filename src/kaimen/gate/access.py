"""What this part lets people do, and how its rows lie within a post's scope."""

from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kaimen.gate.list_models import ListChange, ListChangeAsked
from kaimen.gate.models import Node, Pass, Roster
from kaimen.register.access import permissions, scopes
from kaimen.ui import navigation

permissions({
    "gate.see_own_pass": "see and renew one's own pass",
    "gate.issue_pass": "issue a pass to somebody",
    "gate.revoke_pass": "take a pass back",
    "gate.print_card": "print a card for somebody without a phone",
    "gate.see_roster": "see who is expected",
    "gate.confirm_roster": "confirm who comes tomorrow",
    "gate.correct_roster": "change a building’s list after its time, with a reason",
    "gate.see_gates": "see the gates of one's scope and whether their lists arrive",
    "gate.scan": "scan passes at a gate",
    "gate.countersign": "agree, by one's own phone, that somebody refused is let in all the same",
    "gate.see_entries": "see the entries behind a count",
    "gate.enrol_node": "enrol and revoke gate nodes",
})  # fmt: skip


def _stands_in(area: Model) -> Q:
    path = area.path  # type: ignore[attr-defined]
    return Q(Exists(Node.places.through.objects.filter(node=OuterRef("pk"), place__area__path__startswith=path)))


scopes(Pass, area="person__area", person="person")
scopes(ListChangeAsked, area="place__area", organisation="employment__organisation", place="place")
scopes(ListChange, area="place__area", organisation="employment__organisation", place="place")
scopes(Roster, area="place__area", organisation="organisation", place="place")
scopes(Node, area=_stands_in)

navigation.add(5, "gate:own_pass", _("My pass"), "gate.see_own_pass")
navigation.add(20, "gate:roster", _("Tomorrow’s list"), "gate.see_roster")
navigation.add(30, "gate:gates", _("Gates"), "gate.see_gates")
