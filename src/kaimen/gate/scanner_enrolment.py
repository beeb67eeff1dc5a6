"""How a guard's phone becomes a node, and stops being one: an invitation for this guard and this place, for minutes."""

from datetime import timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kaimen.gate import enrolment
from kaimen.register import access
from kaimen.register.models import Place, Post

VALID = timedelta(minutes=10)  # the phone that asks is the one that comes
_LONGEST = 60  # letters of a node's name


def invite_phone(by: Post, place: Place) -> str:
    """The one-time code with which the phone of `by` enrols for `place`. Raises NotAllowed."""
    access.require(by, "gate.scan", place)
    with translation.override(settings.LANGUAGE_CODE):  # one name, whoever reads it
        name = _("Phone: %(name)s") % {"name": by.person.name}
    return enrolment.open_invitation(name[:_LONGEST], [place], VALID)
