"""One row for each time a job is due: who has it, whether it was done."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint


class ScheduleRun(models.Model):
    """A job at one of its times. It is taken by one worker at a time, and again if that one dies."""

    class Outcome(models.TextChoices):
        """How it ended."""

        DONE = "done"
        PASSED_OVER = "passed over"  # before the job existed here, or a later time took its place

    job = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(null=True)  # in real time: nobody else takes it before
    trouble = models.CharField(max_length=120, blank=True)  # what kind of error the last attempt ended with
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [UniqueConstraint(fields=["job", "due_at"], name="job_due_once")]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=Q(ended_at=None), name="runs_to_do")]
