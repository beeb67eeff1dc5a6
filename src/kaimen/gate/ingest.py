"""Entries arriving from nodes: each counted once, in the order of its node's chain, or not taken at all.

A node sends its entries in batches and sends a batch again until it is acknowledged, so everything here may come
twice. Rows go in with ON CONFLICT DO NOTHING; counters are fed from the rows that this transaction truly inserted.
A chain that forks (a cloned or restored disk) is recorded as evidence and refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from kaimen.gate import local_time
from kaimen.gate.models import ChainBreak, ChainHead, EntryEvent
from kaimen.gate.signed_requests import heard
from kaimen.kit import clock
from kaimen_gate import wire

FILE = "events"
LARGEST_BATCH = 5_000
LONGEST_REASON = 40
LAST_YEAR = 9000  # beyond it, local time overflows

_INSERT = """
    INSERT INTO events_entry
        (node, epoch, node_seq, place, gate, day, quarter, direction, verdict, reason, "index", raw)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING
"""
_COUNT = """
    INSERT INTO events_count (day, place, gate, quarter, direction, verdict, n)
    SELECT day, place, gate, quarter, direction, verdict, count(*)
    FROM events_entry WHERE seq > %s AND node = %s
    GROUP BY day, place, gate, quarter, direction, verdict
    ON CONFLICT (day, place, gate, quarter, direction, verdict) DO UPDATE SET n = events_count.n + excluded.n
"""


class NotTaken(ValueError):
    """A batch the centre does not take: it names another node's entries or places, or is too long."""


class ChainBroken(Exception):
    """Entries that do not follow what this node sent before."""

    def __init__(self, acknowledged: int, *, forked: bool) -> None:
        self.acknowledged, self.forked = acknowledged, forked
        super().__init__(f"the chain does not continue after {acknowledged}")


@dataclass(frozen=True)
class Sent:
    """One entry of a batch: what it says, and its bytes."""

    entry: wire.Entry
    raw: bytes


@dataclass(frozen=True)
class Taken:
    """What became of a batch: the last sequence number held, and how many entries were new."""

    acknowledged: int
    inserted: int


def take(node: bytes, raws: list[bytes], buildings: Mapping[str, str]) -> Taken:
    """Take a batch whose signature was checked.

    `buildings` maps the code of each gate this node stands at to the building one is inside of after it.
    Raises wire.NotWire, NotTaken, ChainBroken; then nothing was taken.
    """
    if len(raws) > LARGEST_BATCH:
        raise NotTaken(f"{len(raws)} entries in one batch; send at most {LARGEST_BATCH}")
    sent = [Sent(wire.read_entry(raw), raw) for raw in raws]
    for one in sent:
        _acceptable(one.entry, node, buildings)
    try:
        return _within_one_transaction(node, sent, buildings)
    except ChainBroken as broken:
        if broken.forked:
            _record_break(node, sent, broken)
        raise


def _acceptable(entry: wire.Entry, node: bytes, buildings: Mapping[str, str]) -> None:
    if entry.node.bytes != node:
        raise NotTaken(f"entry {entry.seq} names another node than its batch")
    if entry.place not in buildings:
        raise NotTaken(f"entry {entry.seq} is of {entry.place}, where this node does not stand")
    if entry.at.year > LAST_YEAR or len(entry.reason) > LONGEST_REASON:
        raise NotTaken(f"entry {entry.seq} has a time or a reason out of bounds")


def _within_one_transaction(node: bytes, sent: list[Sent], buildings: Mapping[str, str]) -> Taken:
    zone = local_time.zone()
    with transaction.atomic(FILE), connections[FILE].cursor() as cursor:
        before = _last_row(cursor)
        acknowledged = 0
        for epoch, chain in groupby(sent, key=lambda one: one.entry.epoch):
            acknowledged = _extend(cursor, node, epoch, list(chain), (zone, buildings))
        cursor.execute(_COUNT, [before, node])
        cursor.execute("SELECT count(*) FROM events_entry WHERE seq > %s AND node = %s", [before, node])
        (inserted,) = cursor.fetchone()
        heard(UUID(bytes=node))
    return Taken(acknowledged, inserted)


def _extend(
    cursor: CursorWrapper, node: bytes, epoch: int, chain: list[Sent], where: tuple[ZoneInfo, Mapping[str, str]]
) -> int:
    """Add what is new of a chain's piece; the sequence number held afterwards. Raises ChainBroken."""
    held = ChainHead.objects.select_for_update().filter(node=node, epoch=epoch).first()
    last, head = (held.node_seq, bytes(held.head)) if held else (0, wire.FIRST_LINK)
    _agree_with_what_is_held(node, [one for one in chain if one.entry.seq <= last], last)
    fresh = [one for one in chain if one.entry.seq > last]
    head = _follow(fresh, last, head)
    if fresh:
        cursor.executemany(_INSERT, [_row(node, one, *where) for one in fresh])
        ChainHead.objects.update_or_create(
            node=node,
            epoch=epoch,
            defaults={"node_seq": fresh[-1].entry.seq, "head": head, "heard_at": clock.now()},
        )
    return max(last, chain[-1].entry.seq)


def _agree_with_what_is_held(node: bytes, again: list[Sent], last: int) -> None:
    """Entries sent again must be the bytes sent before."""
    if not again:
        return
    first, epoch = again[0].entry, again[0].entry.epoch
    rows = EntryEvent.objects.filter(node=node, epoch=epoch, node_seq__gte=first.seq, node_seq__lte=again[-1].entry.seq)
    stored = {seq: bytes(raw) for seq, raw in rows.values_list("node_seq", "raw")}
    if any(stored.get(one.entry.seq) != one.raw for one in again):
        raise ChainBroken(last, forked=True)


def _follow(fresh: Iterable[Sent], last: int, head: bytes) -> bytes:
    """The head after `fresh`, each of which must follow the one before."""
    at = last
    for one in fresh:
        if one.entry.seq != at + 1:
            raise ChainBroken(last, forked=False)
        if one.entry.previous != head:
            raise ChainBroken(last, forked=True)
        at, head = one.entry.seq, wire.link(one.raw)
    return head


def _row(node: bytes, one: Sent, zone: ZoneInfo, buildings: Mapping[str, str]) -> tuple[Any, ...]:
    entry = one.entry
    local = entry.at.astimezone(zone)
    return (
        node, entry.epoch, entry.seq, buildings[entry.place], entry.place, local.date().isoformat(),
        local_time.quarter_of(local), wire.DIRECTIONS.index(entry.direction), wire.VERDICTS.index(entry.verdict),
        entry.reason, entry.index, one.raw,
    )  # fmt: skip


def _last_row(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT coalesce(max(seq), 0) FROM events_entry")
    (seq,) = cursor.fetchone()
    return int(seq)


def _record_break(node: bytes, sent: list[Sent], broken: ChainBroken) -> None:
    """Keep the first entry that does not fit: evidence of two disks with one key."""
    offered = next((one for one in sent if one.entry.seq > broken.acknowledged), sent[-1])
    ChainBreak.objects.get_or_create(
        node=node,
        epoch=offered.entry.epoch,
        node_seq=offered.entry.seq,
        offered=offered.raw,
        defaults={"heard_at": clock.now()},
    )
