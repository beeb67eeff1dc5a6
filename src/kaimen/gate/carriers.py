"""What carries a pass for a phone: a key that never leaves the phone, or a picture. One carrier a pass, for good.

Who changes phones, or wants the picture instead, gets another pass and the old one is taken back: what was shown as a
picture may have been copied, and a phone that is gone may still sign.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaimen.gate import actions, issuing, queries
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass, PassRevoked
from kaimen.gate.phone_models import Carrier
from kaimen.kit import clock
from kaimen.kit.keys import PublicKey
from kaimen.notify import actions as notify
from kaimen.passes import issue_to_phone
from kaimen.register.models import Person

MOVED = "moved"  # the reason of a pass that gave way to another of the same person
MOVES_A_DAY = 5  # each takes one of the city's indexes, and a line in every gate's list of passes taken back


@transaction.atomic
def put_on_phone(person: Person, key: PublicKey, *, move: bool = False) -> tuple[Pass, bytes]:
    """Let the phone that holds the other half of `key` carry the pass of `person`: the pass, and the phone's token.

    The same phone may ask again. Another one, or one after a picture, has to say that the pass should `move`: then it
    is another pass. Raises NotPossible.
    """
    held = _held(person)
    carrier = carrier_of(held)
    if carrier is None:
        Carrier.objects.create(carried=held, public_key=key.raw)
    elif carrier.public_key is None or bytes(carrier.public_key) != key.raw:
        if not move:
            raise NotPossible(_("Your pass is on another phone."), _("Move it here, or use the other phone."))
        held = _replaced(held)
        Carrier.objects.create(carried=held, public_key=key.raw)
    return held, issue_to_phone(issuing.signing_key(), held.index, held.expires, key)


@transaction.atomic
def show_as_picture(person: Person) -> Pass:
    """Let a picture carry the pass of `person`, for a phone that keeps no key. Raises NotPossible."""
    held = _held(person)
    carrier = carrier_of(held)
    if carrier is not None and carrier.public_key is not None:
        held, carrier = _replaced(held), None
    if carrier is None:
        Carrier.objects.create(carried=held)
    return held


def carrier_of(pass_: Pass) -> Carrier | None:
    """What carries the pass; None before anything showed it."""
    return Carrier.objects.filter(carried=pass_).first()


def _held(person: Person) -> Pass:
    """The phone pass of `person`, locked: two windows do not both make it theirs. Raises NotPossible."""
    valid = queries.valid_passes(clock.now()).filter(person=person, kind=Pass.Kind.PHONE)
    held = Pass.objects.select_for_update().filter(pk__in=valid.values("pk")).order_by("-expires").first()
    if held is None:
        raise NotPossible(_("You hold no valid pass."), _("Load the page again; it says how to get one."))
    return held


def _replaced(held: Pass) -> Pass:
    """Another pass for the same person instead of `held`, which opens nothing any more. Raises NotPossible."""
    since = clock.now() - timedelta(days=1)
    moves = PassRevoked.objects.filter(revoked__person=held.person_id, reason=MOVED, made_at__gt=since)
    if moves.count() >= MOVES_A_DAY:
        raise NotPossible(
            _("Your pass was moved %(n)d times since yesterday.") % {"n": MOVES_A_DAY},
            _("Ask a service counter for a card, or wait until tomorrow."),
        )
    PassRevoked.objects.create(revoked=held, by=None, reason=MOVED)
    actions.lists_changed()
    notify.send("pass-revoked", held.person, reason=gettext_lazy("Moved to another phone or picture"))
    return actions.issue_pass(None, held.person)
