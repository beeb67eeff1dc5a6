"""Entries that call somebody: noted with the entry itself, in the same transaction, once each."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint


class Call(models.Model):
    """An entry that calls somebody. Whoever answers calls takes it; what that does must bear being done twice."""

    node = models.BinaryField(max_length=16)
    epoch = models.BigIntegerField()
    node_seq = models.BigIntegerField()
    kind = models.SlugField(max_length=20)  # one of kaimen_gate.reports.Calls
    about = models.UUIDField()  # the entry it is about: itself, or the one that a guard reported on
    gate = models.CharField(max_length=60)  # code of the place
    index = models.BigIntegerField(null=True)  # of the pass
    reason = models.CharField(max_length=60)  # that decided the entry it is about
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "events_call"
        constraints: ClassVar = [UniqueConstraint(fields=["node", "epoch", "node_seq"], name="entry_calls_once")]
        indexes: ClassVar = [models.Index(fields=["id"], condition=Q(taken_at=None), name="calls_to_take")]
