"""What changed on a list after its time: what a clerk asked for, what the building's desk did. Rows, never undone."""

from typing import ClassVar

from django.db import models

from kaimen.register.models import Employment, Place, Post
from kaimen.register.records import Record


class ListChangeAsked(Record):
    """A firm's clerk asks the building's desk to put somebody on a closed list, or to take them off."""

    employment = models.ForeignKey(Employment, models.PROTECT, related_name="list_changes_asked")
    place = models.ForeignKey(Place, models.PROTECT, related_name="list_changes_asked")
    day = models.DateField()
    comes = models.BooleanField()  # False: is to be taken off
    by = models.ForeignKey(Post, models.PROTECT, related_name="list_changes_asked")

    class Meta:
        ordering: ClassVar = ["made_at", "id"]


class ListChange(Record):
    """What the desk did about one person on a closed list, with its reason; without a roster: it declined."""

    employment = models.ForeignKey(Employment, models.PROTECT, related_name="list_changes")
    place = models.ForeignKey(Place, models.PROTECT, related_name="list_changes")
    day = models.DateField()
    comes = models.BooleanField()
    roster = models.OneToOneField("gate.Roster", models.PROTECT, null=True, related_name="change")
    asked = models.OneToOneField(ListChangeAsked, models.PROTECT, null=True, related_name="answer")
    by = models.ForeignKey(Post, models.PROTECT, related_name="list_changes")
    reason = models.SlugField(max_length=60)

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["place", "day"], name="list_changes_of_a_day")]
