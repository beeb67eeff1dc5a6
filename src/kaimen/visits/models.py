"""A visit: who is expected at whose, and when; a courier: who comes every day, and where.

Calling a visit off, or ending a courier's rounds, takes the pass back, and that is all it takes.
"""

from datetime import date
from typing import ClassVar

from django.db import models

from kaimen.gate import local_time
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


class Courier(Record):
    """Somebody who brings goods to some places, every day until the last. Their file is that of the pass."""

    places = models.ManyToManyField(Place, related_name="couriers")
    by = models.ForeignKey(Post, models.PROTECT, related_name="couriers_registered")
    company = models.CharField(max_length=60)
    tail = models.CharField(max_length=4, blank=True)  # of the ID number
    until: "models.DateField[date, date]" = models.DateField(db_index=True)  # the last day
    carried = models.OneToOneField(Pass, models.PROTECT, related_name="courier")

    class Meta:
        ordering: ClassVar = ["-until", "company", "id"]

    @property
    def ended(self) -> bool:
        """Whether their pass was taken back."""
        return hasattr(self.carried, "revocation")

    @property
    def over(self) -> bool:
        """Whether their last day has passed."""
        return self.until < local_time.today()
