"""IC and lift cards of buildings: whose a card is, and which pass its number stands for today."""

from django.db.models import QuerySet

from kaimen.gate import queries
from kaimen.gate.door_card_models import DoorCard
from kaimen.kit import clock
from kaimen.register.models import Person, Place
from kaimen_gate import wire


def of(person: Person) -> QuerySet[DoorCard]:
    """A person's cards, the newest first."""
    return DoorCard.objects.filter(person=person, ended=None).select_related("place").order_by("-made_at")


def on_list(building: Place) -> tuple[wire.Card, ...]:
    """The cards of a building as a name list has them: in the order of their digests.

    Each stands for the pass its person holds now, the newest, so that a card outlives its person's passes.
    """
    cards = list(DoorCard.objects.filter(place=building, ended=None).order_by("digest").values_list("digest", "person"))
    passes = queries.valid_passes(clock.now()).filter(person__in={person for _digest, person in cards})
    newest = dict(passes.order_by("made_at", "id").values_list("person", "index"))
    return tuple(wire.Card(bytes(digest), newest[person]) for digest, person in cards if person in newest)
