"""IC and lift cards of buildings: which pass a card's number stands for."""

from django.db.models import QuerySet

from kaimen.gate.door_card_models import DoorCard
from kaimen.kit import clock
from kaimen.register.models import Person, Place
from kaimen_gate import wire


def in_force() -> QuerySet[DoorCard]:
    """Cards that nobody ended, of passes that open gates."""
    return DoorCard.objects.filter(ended=None, carried__revocation=None, carried__expires__gt=clock.now())


def of(person: Person) -> QuerySet[DoorCard]:
    """A person's cards, the newest first."""
    return in_force().filter(carried__person=person).select_related("place").order_by("-made_at")


def on_list(building: Place) -> tuple[wire.Card, ...]:
    """The cards of a building as a name list has them: in the order of their digests."""
    rows = in_force().filter(place=building).order_by("digest").values_list("digest", "carried__index")
    return tuple(wire.Card(bytes(digest), index) for digest, index in rows)
