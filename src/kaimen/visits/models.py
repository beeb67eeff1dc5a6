"""A visit: who is expected at whose, and when. Calling it off takes its pass back, and that is all it takes."""

from typing import ClassVar

from django.db import models

from kaimen.gate.models import Pass
from kaimen.kit import clock
from kaimen.register.models import Employment, Place, Post
from kaimen.register.records import Record


class Visit(Record):
    """One visitor, one window of time. The visitor's file is that of the pass."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="visits")  # the building
    host = models.ForeignKey(Employment, models.PROTECT, related_name="visits")
    by = models.ForeignKey(Post, models.PROTECT, related_name="visits_announced")
    purpose = models.SlugField(max_length=40)  # of visits.yaml
    tail = models.CharField(max_length=4, blank=True)  # of the ID number: tells two of one name apart
    begins = models.DateTimeField()
    ends = models.DateTimeField()  # not included
    carried = models.OneToOneField(Pass, models.PROTECT, related_name="visit")

    class Meta:
        ordering: ClassVar = ["begins", "id"]
        indexes: ClassVar = [models.Index(fields=["place", "ends"], name="visit_by_place")]

    @property
    def called_off(self) -> bool:
        """Whether its pass was taken back."""
        return hasattr(self.carried, "revocation")

    @property
    def over(self) -> bool:
        """Whether its window has passed."""
        return self.ends <= clock.now()
