"""Leaves waiting and leaves in the log, the tree's tiles, what was signed of it, and the openings, which stand apart.

Nothing here points at a row of another part: a leaf says what it says in bytes, and outlives what it speaks of.
"""

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint

from kaimen.kit import clock, ids


class PendingLeaf(models.Model):
    """A leaf as its business transaction wrote it, until the sequencer takes it into the tree."""

    seq = models.BigAutoField(primary_key=True)
    leaf = models.UUIDField(default=ids.new_id)
    kind = models.CharField(max_length=40)
    at = models.BigIntegerField()  # milliseconds since 1970, the same as in `data`
    data = models.BinaryField()  # canonical bytes


class Leaf(models.Model):
    """A leaf in the log. Its bytes are never changed and never deleted."""

    index = models.BigIntegerField(primary_key=True)  # from 0, without a gap
    leaf = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    at = models.BigIntegerField()  # milliseconds since 1970; never before the leaf before it
    data = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "index"], name="leaves_of_a_kind")]


class Tile(models.Model):
    """Up to 256 hashes of one level, 32 bytes each; the last of a level is written anew until it is full."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    data = models.BinaryField(max_length=256 * 32)

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["level", "index"], name="tile_once")]


class Tree(models.Model):
    """How far the tree has grown: one row, and who holds it integrates."""

    size = models.BigIntegerField(default=0)
    root = models.BinaryField(max_length=32)
    at = models.BigIntegerField(default=0)  # the time of its last leaf


class Log(models.Model):
    """Under which name and key the tree is signed. The newest row counts; a log begun anew says why."""

    origin = models.CharField(max_length=120, unique=True)
    verifier = models.TextField()  # its key as others check with it: name+hash+base64
    begun_at = models.DateTimeField(default=clock.now)
    begun_size = models.BigIntegerField(default=0)  # how large the tree was
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Checkpoint(models.Model):
    """What the log has signed: a size and a root. Every one is kept."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()  # the signed note, without cosignatures
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [UniqueConstraint(fields=["log", "size"], name="one_checkpoint_a_size")]


class Witness(models.Model):
    """Somebody outside whose cosignatures are taken in."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    verifier = models.TextField()  # name+hash+base64
    since = models.DateTimeField(default=clock.now)


class WitnessEnded(models.Model):
    """No more cosignatures are taken from a witness; those there stay."""

    witness = models.OneToOneField(Witness, models.PROTECT, primary_key=True, related_name="ended")
    at = models.DateTimeField(default=clock.now)
    reason = models.TextField()


class OpeningsGiven(models.Model):
    """A witness that is given openings under secrecy, so that it can replay every colour: on what basis."""

    witness = models.OneToOneField(Witness, models.PROTECT, primary_key=True, related_name="given")
    at = models.DateTimeField(default=clock.now)
    basis = models.TextField()


class Cosignature(models.Model):
    """A witness has seen a checkpoint, and that it continues what it had seen before."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, models.PROTECT, related_name="cosignatures")
    line = models.TextField()  # the signature line of the note
    at = models.DateTimeField()  # as the witness says

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["checkpoint", "witness"], name="cosigned_once")]


class PublicObject(models.Model):
    """What a leaf names by its SHA-256 and everybody may read: the text of a rule, a published list."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    data = models.BinaryField()


class Opening(models.Model):
    """Salt and secret of one leaf's commitment, sealed under its emergency's key, which lies in a file."""

    leaf = models.UUIDField(primary_key=True)
    emergency = models.CharField(max_length=60, db_index=True)
    sealed = models.BinaryField()


class OpeningsDestroyed(models.Model):
    """The openings of an emergency are no more: key and rows."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    emergency = models.CharField(max_length=60)
    openings = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    leaf = models.UUIDField()
