"""An incident and its acts. Kept this small: an engine for cases takes it over."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kaimen.register.models import Person, Place, Post
from kaimen.register.records import Record


class Incident(Record):
    """Something that happened at a place and needs somebody within minutes."""

    class Way(models.TextChoices):
        """How it came here."""

        GATE = "gate", _("pressed at the gate")
        PERSON = "person", _("by the person")
        FIRM = "firm", _("by their firm")
        COUNTER = "counter", _("at a counter or by telephone")

    kind = models.SlugField(max_length=20)  # incidents/<kind>.yaml
    number = models.CharField(max_length=20, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="incidents")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="incidents")
    entry = models.UUIDField(null=True)  # at a gate
    reason = models.SlugField(max_length=60, blank=True)  # of that entry
    way = models.CharField(max_length=10, choices=Way.choices)
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="incidents_opened")
    happened_at = models.DateTimeField()
    due = models.DateTimeField()  # from when it was known here, not from when it happened

    class Meta:
        ordering: ClassVar = ["due", "id"]
        constraints: ClassVar = [UniqueConstraint(fields=["kind", "entry"], name="one_incident_an_entry")]
        indexes: ClassVar = [models.Index(fields=["due"], name="incident_by_due")]


class Act(Record):
    """What was done about an incident, by whom. `late`: it ran out, and everybody named in the pack was told."""

    class Does(models.TextChoices):
        """What sort of act."""

        TAKEN = "taken", _("taken over")
        DONE = "done", _("done")
        LATE = "late", _("overdue: reminded")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="acts")
    does = models.CharField(max_length=10, choices=Does.choices)
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    outcome = models.SlugField(max_length=40, blank=True)  # of its kind; when done

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            UniqueConstraint(fields=["incident"], condition=Q(does="done"), name="incident_done_once"),
            UniqueConstraint(fields=["incident"], condition=Q(does="late"), name="incident_late_once"),
            CheckConstraint(
                name="done_has_an_outcome",
                condition=Q(does="done", by__isnull=False) & ~Q(outcome="") | ~Q(does="done") & Q(outcome=""),
            ),
        ]
