"""How a pass for a phone is carried, and the keys that sign passes. Rows, never undone."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from kaimen.register.records import Record


class Carrier(Record):
    """What shows a pass, from its first code on: a phone's own key, or a picture, which anybody may copy.

    A pass has one carrier for good. Who changes phones gets another pass, and the old one is taken back: a phone that
    was lost can still sign, but for a pass that opens nothing.
    """

    carried = models.OneToOneField("gate.Pass", models.PROTECT, related_name="carrier")
    public_key = models.BinaryField(max_length=33, null=True)  # compressed point; None: a picture


class IssuingKey(Record):
    """A key that signs passes, and when they count. Its secret half lies in `keys/issuing/`, under its key id."""

    public_key = models.BinaryField(max_length=33, unique=True)  # compressed point
    begins = models.DateTimeField(null=True)  # None: from the beginning
    ends = models.DateTimeField(null=True)  # not included; None: as long as no other follows

    class Meta:
        ordering: ClassVar = ["made_at", "id"]

    def signs_at(self, at: datetime) -> bool:
        """Whether passes may be signed with it at the time `at`."""
        return (self.begins is None or self.begins <= at) and (self.ends is None or at < self.ends)
