"""Verbs: let a building's IC card stand for a pass, end that. The number itself is never kept."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.gate import actions
from kaimen.gate.actions import NotPossible
from kaimen.gate.door_card_models import DoorCard, DoorCardEnded
from kaimen.gate.door_cards import in_force
from kaimen.gate.models import Pass
from kaimen.register import access
from kaimen.register.models import Place, Post
from kaimen_gate import wire

_NUMBER = re.compile(r"[0-9A-Za-z:-]{4,40}")  # as nodes take it
_SHOWN = 4  # of its last characters: to tell a person's cards apart


@transaction.atomic
def bind(by: Post, place: Place, pass_: Pass, number: str) -> DoorCard:
    """Let the card with this number stand for a pass in a building. Again for the same pass changes nothing.

    Raises NotAllowed, NotPossible.
    """
    access.require(by, "gate.print_card", pass_.person)
    access.require(by, "gate.print_card", place)
    if not _NUMBER.fullmatch(number):
        raise NotPossible(_("This is no number of a card."), _("Hold the card to a reader like the gate’s."))
    Place.objects.select_for_update().get(pk=place.pk)  # two windows do not give one card to two people
    digest = wire.card_digest(place.code, number)
    held = in_force().filter(place=place, digest=digest).first()
    if held is not None and held.carried_id == pass_.pk:
        return held
    if held is not None:
        raise NotPossible(_("This card is somebody else’s in this building."), _("End it there first."))
    card = DoorCard.objects.create(place=place, digest=digest, tail=number[-_SHOWN:], carried=pass_, by=by)
    actions.lists_changed([place.pk])
    return card


@transaction.atomic
def end(by: Post, card: DoorCard) -> None:
    """The card opens nothing any more; the pass it stood for is as it was. Again changes nothing. Raises NotAllowed."""
    access.require(by, "gate.print_card", card.carried.person)
    _ended, new = DoorCardEnded.objects.get_or_create(card=card, defaults={"by": by})
    if new:
        actions.lists_changed([card.place_id])
