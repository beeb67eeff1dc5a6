"""Passes and rosters; nodes; entries as they arrived, and the counters that move with them."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint

import kaimen.gate.call_models
import kaimen.gate.door_card_models
import kaimen.gate.list_models
import kaimen.gate.phone_models  # noqa: F401 — Django looks for tables here
from kaimen.register.models import Employment, Organisation, Person, Place, Post
from kaimen.register.records import Record

INDEXES = 2**24  # passes of one city; a status list of two bits each is 4 MiB before it is packed


class Pass(Record):
    """The right to pass. Its index is drawn at random and is all a gate's record says of a person."""

    class Kind(models.TextChoices):
        """How it is carried."""

        PHONE = "phone"
        CARD = "card"

    person = models.ForeignKey(Person, models.PROTECT, related_name="passes")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PHONE)
    index = models.PositiveIntegerField(unique=True)
    expires = models.DateTimeField()
    issued_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="passes_issued")


class PassRevoked(Record):
    """A pass that opens nothing any more: who took it back, and why."""

    revoked = models.OneToOneField(Pass, models.PROTECT, related_name="revocation")
    by = models.ForeignKey(Post, models.PROTECT, null=True)
    reason = models.SlugField(max_length=60)


class Roster(Record):
    """Who an organisation says comes to a building from `day` on, until a later roster says otherwise.

    Rosters are never changed: correcting one makes the next revision of its day, and the highest counts. One for a day
    off counts on that day alone: Monday follows Friday, not the three who came on Sunday.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="rosters")
    place = models.ForeignKey(Place, models.PROTECT, related_name="rosters")
    day = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1, db_default=1)
    confirmed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="rosters_confirmed")
    one_day = models.BooleanField(default=False, db_default=False)
    by_desk = models.BooleanField(default=False, db_default=False)  # after its time, by the building's desk
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")  # the firm's own list

    class Meta:
        ordering: ClassVar = ["-day", "-revision"]
        constraints: ClassVar = [
            UniqueConstraint(fields=["place", "organisation", "day", "revision"], name="roster_revision_once")
        ]

    @property
    def filed(self) -> "Roster | None":
        """The list as its firm filed it; None where the desk began one for a firm that filed none."""
        return self.corrects if self.by_desk else self

    def renewed(self, day: date) -> bool:
        """Whether the firm filed it for `day` itself; otherwise an earlier list counts (未更新)."""
        return self.filed is not None and self.filed.day == day


class RosterLine(models.Model):
    """One person on a roster."""

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="lines")
    employment = models.ForeignKey(Employment, models.PROTECT, related_name="roster_lines")

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["roster", "employment"], name="roster_line_once")]


class Node(Record):
    """An enrolled gate node and the key it proves itself with."""

    name = models.CharField(max_length=60)
    public_key = models.BinaryField(max_length=33, unique=True)
    places = models.ManyToManyField(Place, related_name="nodes")


class NodeRevoked(Record):
    """A node the centre no longer listens to."""

    node = models.OneToOneField(Node, models.PROTECT, related_name="revocation")
    by = models.ForeignKey(Post, models.PROTECT, null=True)
    reason = models.SlugField(max_length=60)


class NodeInvitation(Record):
    """A one-time code with which one node may enrol."""

    code_digest = models.BinaryField(max_length=32, unique=True)
    name = models.CharField(max_length=60)
    places = models.ManyToManyField(Place)
    closes = models.DateTimeField()
    used_by = models.OneToOneField(Node, models.PROTECT, null=True, related_name="invitation")


class ListVersion(models.Model):
    """Grows with every change that the name list of a building (or compound) shows."""

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="list_version")
    version = models.PositiveIntegerField(default=1)


class HeadLogged(models.Model):
    """How far a node's chain is in the log (kind `gate-heads`)."""

    node = models.BinaryField(max_length=16)
    epoch = models.BigIntegerField()
    node_seq = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["node", "epoch"], name="head_logged_once")]


# What follows stands in the events file (see project.routers): no foreign keys to the other one, places by code.


class EntryEvent(models.Model):
    """One entry as a node sent it. Inserted in bulk, by raw SQL; (node, epoch, node_seq) makes it arrive once."""

    seq = models.BigAutoField(primary_key=True)
    node = models.BinaryField(max_length=16)
    epoch = models.BigIntegerField()
    node_seq = models.BigIntegerField()
    place = models.CharField(max_length=60)  # where one is inside after it: the building
    gate = models.CharField(max_length=60)  # where it happened: the building or an entrance of it
    day = models.DateField()  # local
    quarter = models.PositiveSmallIntegerField()  # local, 0 … 95
    direction = models.PositiveSmallIntegerField()  # position in wire.DIRECTIONS
    verdict = models.PositiveSmallIntegerField()  # position in wire.VERDICTS
    reason = models.CharField(max_length=40)
    index = models.BigIntegerField(null=True)
    raw = models.BinaryField()  # canonical bytes, as sent

    class Meta:
        db_table = "events_entry"
        constraints: ClassVar = [UniqueConstraint(fields=["node", "epoch", "node_seq"], name="entry_arrives_once")]
        # A gate's day is written in order, so this index grows at one leaf a place and stays cheap.
        indexes: ClassVar = [models.Index(fields=["place", "day"], name="entry_of_a_day")]


class EntryCount(models.Model):
    """How many entries of a sort at a gate in a quarter hour. Moves in the transaction that inserts them."""

    place = models.CharField(max_length=60)
    gate = models.CharField(max_length=60)
    day = models.DateField()
    quarter = models.PositiveSmallIntegerField()
    direction = models.PositiveSmallIntegerField()
    verdict = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        db_table = "events_count"
        constraints: ClassVar = [
            UniqueConstraint(fields=["day", "place", "gate", "quarter", "direction", "verdict"], name="count_once")
        ]


class ChainHead(models.Model):
    """How far a node's chain has reached the centre."""

    node = models.BinaryField(max_length=16)
    epoch = models.BigIntegerField()
    node_seq = models.BigIntegerField()
    head = models.BinaryField(max_length=32)  # link() of that entry
    heard_at = models.DateTimeField()

    class Meta:
        db_table = "events_chain_head"
        constraints: ClassVar = [UniqueConstraint(fields=["node", "epoch"], name="one_head_a_chain")]


class ChainBreak(models.Model):
    """A node sent an entry that does not follow what it sent before: a clone, a restored disk, or forgery."""

    node = models.BinaryField(max_length=16)
    epoch = models.BigIntegerField()
    node_seq = models.BigIntegerField()
    offered = models.BinaryField()  # the entry's bytes: evidence, kept as sent
    heard_at = models.DateTimeField()

    class Meta:
        db_table = "events_chain_break"
        constraints: ClassVar = [
            UniqueConstraint(fields=["node", "epoch", "node_seq", "offered"], name="break_recorded_once")
        ]


class NodeHeard(models.Model):
    """When a node last proved itself to the centre."""

    node = models.BinaryField(max_length=16, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "events_node_heard"


class RequestHeard(models.Model):
    """A signed request within the time window: the same one again is a replay."""

    node = models.BinaryField(max_length=16)
    path = models.CharField(max_length=200)
    said_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "events_request_heard"
        constraints: ClassVar = [UniqueConstraint(fields=["node", "path", "said_at"], name="request_heard_once")]
