"""How a household is graded, and its cards. Rows, never undone; a card that opens nothing has its pass taken back."""

from typing import ClassVar

from django.db import models

from kaimen.gate.models import Pass
from kaimen.register.models import Employment, Household, Place, Post
from kaimen.register.records import Record


class Grading(Record):
    """A grade given to a household; the last one counts."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="gradings")
    grade = models.SlugField(max_length=40)  # of residence.yaml
    reason = models.SlugField(max_length=40)  # of residence.yaml
    by = models.ForeignKey(Post, models.PROTECT, related_name="gradings")

    class Meta:
        ordering: ClassVar = ["made_at", "id"]


class EntryCard(Record):
    """A household's card (便民进出联系卡): a number to read out, and the pass it carries."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="cards")
    number = models.CharField(max_length=70, unique=True)
    carried = models.OneToOneField(Pass, models.PROTECT, related_name="entry_card")

    class Meta:
        ordering: ClassVar = ["number"]


class FirmPassAsked(Record):
    """A firm asks that somebody of its staff who came from out of town may live in a closed community."""

    employment = models.ForeignKey(Employment, models.PROTECT, related_name="firm_passes")
    place = models.ForeignKey(Place, models.PROTECT, related_name="firm_passes")  # the community
    until = models.DateField()  # the last day
    by = models.ForeignKey(Post, models.PROTECT, related_name="firm_passes_asked")

    class Meta:
        ordering: ClassVar = ["made_at", "id"]


class FirmPassAnswered(Record):
    """What the community said: a firm pass (企业专用通行证), or why not."""

    asked = models.OneToOneField(FirmPassAsked, models.PROTECT, related_name="answer")
    by = models.ForeignKey(Post, models.PROTECT, related_name="firm_passes_answered")
    refused = models.SlugField(max_length=40, blank=True)  # of residence.yaml; "" where it was issued
