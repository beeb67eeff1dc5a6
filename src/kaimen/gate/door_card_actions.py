"""Verbs: give somebody a building's IC card, end that. The number itself is never kept."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.gate import actions
from kaimen.gate.actions import NotPossible
from kaimen.gate.door_card_models import DoorCard, DoorCardEnded
from kaimen.register import access
from kaimen.register.models import Person, Place, Post
from kaimen_gate import wire

_NUMBER = re.compile(r"[0-9A-Za-z:-]{4,40}")  # as nodes take it
_SHOWN = 4  # of its last characters


@transaction.atomic
def bind(by: Post, place: Place, person: Person, number: str) -> DoorCard:
    """Give a person the card with this number. Again changes nothing; a card that was somebody else's is no more.

    Whoever lays it on the counter's reader has it in hand. Raises NotAllowed, NotPossible.
    """
    access.require(by, "gate.print_card", person)
    access.require(by, "gate.print_card", place)
    if not _NUMBER.fullmatch(number):
        raise NotPossible(_("This is no number of a card."), _("Hold the card to a reader like the gate’s."))
    Place.objects.select_for_update().get(pk=place.pk)  # two counters do not give one card to two people
    digest = wire.card_digest(place.code, number)
    held = DoorCard.objects.filter(place=place, digest=digest, ended=None).first()
    if held is not None and held.person_id == person.pk:
        return held
    if held is not None:
        DoorCardEnded.objects.create(card=held, by=by)
    card = DoorCard.objects.create(place=place, digest=digest, tail=number[-_SHOWN:], person=person, by=by)
    actions.lists_changed([place.pk])
    return card


@transaction.atomic
def end(by: Post, card: DoorCard) -> None:
    """The card opens nothing any more. Again changes nothing. Raises NotAllowed."""
    access.require(by, "gate.print_card", card.person)
    _ended, new = DoorCardEnded.objects.get_or_create(card=card, defaults={"by": by})
    if new:
        actions.lists_changed([card.place_id])
