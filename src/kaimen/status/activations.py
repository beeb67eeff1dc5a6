"""The legal activation in force: the log's first leaf of it names whose keys count.

Without an activation there are no colours: no evidence is taken, no list is published, every gate decides without.
"""

from django.utils.translation import gettext as _

from kaimen.kit import clock
from kaimen.status.models import ActivationEnded, Genesis, RulesVersion
from kaimen.status.refusals import Refused

PERSON = "person"  # the status of people: status/person.yaml


def activation() -> Genesis:
    """The activation in force. Raises Refused."""
    found = in_force()
    if found is None:
        raise Refused(
            "no-activation",
            _("No legal activation is in force, so there are no colours."),
            _("Rule keepers enrol their keys; then `kaimen colours begin` starts one for an emergency of the pack."),
        )
    return found


def in_force() -> Genesis | None:
    """The activation that began last and has not ended, if any."""
    return Genesis.objects.filter(ended=None).order_by("-made_at").first()


def changes() -> int:
    """How often an activation began or ended, or rules took effect: only ever grows."""
    rules = RulesVersion.objects.filter(status=PERSON, effective__lte=clock.now()).count()
    return Genesis.objects.count() + ActivationEnded.objects.count() + rules
