"""What the board keeps: signed evidence about buildings, each change of a building's colour, the frozen pictures."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from kaimen.register.models import Place
from kaimen.register.records import Record
from kaimen.status.models import Accreditation


class PlaceEvidence(Record):
    """A signed fact about a building, as it was sent. Its id is the statement's own: sent twice it is here once."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="evidence")
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="place_evidence")
    kind = models.SlugField(max_length=60)
    envelope = models.BinaryField()  # canonical bytes: content and signature
    until = models.DateTimeField()
    leaf = models.UUIDField(editable=False)  # a leaf of the log: layer 3, so no foreign key

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["kind", "until"], name="place_evidence_in_force")]


class PlaceFacts(models.Model):
    """What was read about a building last, for its page. Judging reads everything anew."""

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="facts")
    facts = models.JSONField()
    at = models.DateTimeField()  # when it last changed


class PlaceColour(Record):
    """A building's colour, and the rule that decided, until the next row of the building. Only judging makes these.

    `since` is when the building took this colour: it stays where only the deciding rule changed.
    """

    place = models.ForeignKey(Place, models.CASCADE, related_name="colours")
    status = models.SlugField(max_length=60)  # the definition's own name: building
    colour = models.SlugField(max_length=20)  # "" while nothing is known that a rule could answer by
    rule = models.PositiveSmallIntegerField()  # which rule of the definition decided, counted from 1; 0: none could
    since = models.DateTimeField()
    expires = models.DateTimeField(null=True)
    facts = models.JSONField()  # name → value: decimals and days as text; what is absent is left out
    definition = models.BinaryField(max_length=32)  # digest of the rules that decided
    leaf = models.UUIDField(editable=False)  # a leaf of the log: layer 3, so no foreign key

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [UniqueConstraint(fields=["place", "status", "made_at"], name="one_colour_at_a_time")]


class Unchangeable(RuntimeError):
    """A frozen picture stays as it is."""


class Snapshot(Record):
    """The picture of a day, frozen (定格): the bytes as they were made, signed, and served. Never changed after."""

    day = models.DateField(unique=True)  # once, with any number of workers
    due_at = models.DateTimeField()  # when the picture is of; `made_at` says when it was really made
    content = models.BinaryField()  # canonical bytes: see board.picture
    digest = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    key = models.BinaryField(max_length=33)  # the public key to check it with
    leaf = models.UUIDField(editable=False)  # a leaf of the log: layer 3, so no foreign key

    class Meta:
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [
            CheckConstraint(condition=Q(made_at__gte=F("due_at")), name="snapshot_not_before_its_time")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises Unchangeable for a picture that is there."""
        if not self._state.adding:
            raise Unchangeable(f"the picture of {self.day} is frozen; nothing changes it")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Unchangeable."""
        raise Unchangeable(f"the picture of {self.day} is frozen; nothing takes it away")
