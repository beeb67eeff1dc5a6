"""What a person may agree to: who uses what, for which purpose, for how long at most."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kaimen.register.models import Consent, ConsentWithdrawn, Person


@dataclass(frozen=True)
class Purpose:
    """One thing to agree to. `to` is who may; empty where the person names them."""

    slug: str
    title: str | Promise
    to: str | Promise


PURPOSES = {
    purpose.slug: purpose
    for purpose in (
        Purpose("reminders", _("send me text messages about services that fit me"), _("the counter of my street")),
        Purpose("fetch-card", _("fetch my printed card at a counter"), ""),
        Purpose("speak-for-me", _("ask at a counter or by phone how my applications stand"), ""),
    )
}
LONGEST_DAYS = 366


def give(person: Person, purpose: Purpose, to: str, until: date) -> Consent:
    """The person agrees, until a day."""
    return Consent.objects.create(person=person, purpose=purpose.slug, to=to or str(purpose.to), until=until)


@transaction.atomic
def withdraw(person: Person, consent: Consent) -> None:
    """The person takes it back. Twice is once. Raises Consent.DoesNotExist for somebody else's."""
    own = Consent.objects.select_for_update().get(pk=consent.pk, person=person)
    ConsentWithdrawn.objects.get_or_create(consent=own)
