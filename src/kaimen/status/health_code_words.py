"""What another health-code service said, in the reader's words."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kaimen.status.definitions import COLOURS, HealthCodeService, Outcome
from kaimen.status.health_code import Reply

_COLOUR = {
    Outcome.GREEN: gettext_lazy("Green"),
    Outcome.YELLOW: gettext_lazy("Yellow"),
    Outcome.RED: gettext_lazy("Red"),
}


def in_words(reply: Reply, service: HealthCodeService) -> str:
    """A colour with whose it is, or what the pack says where there is none."""
    language = get_language() or ""
    if reply.outcome in COLOURS:
        said = {"service": service.title.to(language), "colour": _COLOUR[reply.outcome]}
        return _("%(service)s says: %(colour)s. It changes no colour here.") % said
    return service.rules[reply.outcome].says.to(language)
