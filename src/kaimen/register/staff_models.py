"""Staff lists as clerks bring them: kept sealed until taken, a day at most."""

from datetime import timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from kaimen.register.records import Record

KEPT = timedelta(days=1)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read for another


class StaffList(Record):
    """A staff list somebody brought for an organisation. What it says is sealed, and gone once nobody needs it."""

    organisation = models.ForeignKey("register.Organisation", models.CASCADE, related_name="staff_lists")
    by = models.ForeignKey("register.Post", models.PROTECT, related_name="staff_lists")
    file_name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32)  # SHA-256 of the file: choosing it twice is one list
    rows = models.PositiveIntegerField()
    content = models.BinaryField(null=True)  # sealed draft; none when it was forgotten

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]


class StaffListTaken(Record):
    """The clerk confirmed: what the list changed. A list is taken once."""

    staff_list = models.OneToOneField(StaffList, models.CASCADE, related_name="taken")
    by = models.ForeignKey("register.Post", models.PROTECT, related_name="staff_lists_taken")
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    wrong = models.PositiveIntegerField()

    @property
    def receipt(self) -> str:
        """The number a clerk can quote: L-20200316-7K3FQ."""
        bits = self.pk.int
        tail = "".join(_LETTERS[bits >> shift & 31] for shift in (20, 15, 10, 5, 0))
        return f"L-{self.made_at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y%m%d}-{tail}"
