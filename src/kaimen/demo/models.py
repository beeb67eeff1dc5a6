"""What the demonstration remembers of itself."""

from django.db import models


class SampleProgress(models.Model):
    """How far the sample has come: one row. `digest` says what was made, once it is whole."""

    done = models.PositiveIntegerField(default=0)  # people
    total = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, blank=True)

    @property
    def whole(self) -> bool:
        """Whether everybody has arrived."""
        return bool(self.digest)


class DrillProgress(models.Model):
    """How far the day has been played: one row. Whatever was due by then has been shown to a gate."""

    day = models.DateField()
    second = models.PositiveIntegerField(default=0)  # of the local day
    shown = models.PositiveIntegerField(default=0)  # codes
