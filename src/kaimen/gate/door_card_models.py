"""IC and lift cards of people. Rows, never undone: an end is a row of its own."""

from django.db import models

from kaimen.register.models import Person, Place, Post
from kaimen.register.records import Record


class DoorCard(Record):
    """A card of one building. Its number is not here: only what stands for it on that building's lists."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="door_cards")
    digest = models.BinaryField(max_length=16, db_index=True)  # wire.card_digest
    tail = models.CharField(max_length=4)  # of the number: to tell a person's cards apart
    person = models.ForeignKey(Person, models.PROTECT, related_name="door_cards")
    by = models.ForeignKey(Post, models.PROTECT, related_name="door_cards_bound")


class DoorCardEnded(Record):
    """A card that was lost, handed back, or is somebody else's now."""

    card = models.OneToOneField(DoorCard, models.PROTECT, related_name="ended")
    by = models.ForeignKey(Post, models.PROTECT)
