"""Entries arriving from nodes: each counted once, in the order of its node's chain, or not taken at all.

A node sends its entries in batches and sends a batch again until it is acknowledged, so everything here may come
twice. How far a chain is held says what of a batch is new; it moves in the transaction that inserts and counts the
rows. A chain that forks (a cloned or restored disk) is recorded as evidence and refused.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

from django.db import connections, transaction

from kaimen.gate import calls, entry_columns, event_rows
from kaimen.gate.entry_columns import Columns
from kaimen.gate.group_commit import GroupCommit
from kaimen.gate.models import ChainBreak, EntryEvent
from kaimen.gate.signed_requests import heard
from kaimen.kit import clock
from kaimen_gate import wire

FILE = "events"
LARGEST_BATCH = 5_000
LONGEST_REASON = 40
LAST_MOMENT = int(datetime(9000, 1, 1, tzinfo=UTC).timestamp() * 1000)  # beyond it, local time overflows


class NotTaken(ValueError):
    """A batch the centre does not take: it names another node's entries or places, or is too long."""


class ChainBroken(Exception):
    """Entries that do not follow what this node sent before.

    `acknowledged`: how far the chain is held. `offered`, of a fork: the position of the entry that contradicts it.
    """

    def __init__(self, acknowledged: int, *, offered: int | None = None) -> None:
        self.acknowledged, self.offered = acknowledged, offered
        super().__init__(f"the chain does not continue after {acknowledged}")

    @property
    def forked(self) -> bool:
        """Whether the entry contradicts what is held; else entries are missing before it."""
        return self.offered is not None


@dataclass(frozen=True)
class Taken:
    """What became of a batch: the last sequence number held, and how many entries were new."""

    acknowledged: int
    inserted: int


@dataclass(frozen=True)
class _Batch:
    """One batch, read and found acceptable."""

    node: bytes
    sent: Columns
    buildings: Mapping[str, str]


def take(node: bytes, raws: list[bytes], buildings: Mapping[str, str]) -> Taken:
    """Take a batch whose signature was checked.

    `buildings` maps the code of each gate this node stands at to the building one is inside of after it.
    Raises wire.NotWire, NotTaken, ChainBroken; then nothing was taken.
    """
    if len(raws) > LARGEST_BATCH:
        raise NotTaken(f"{len(raws)} entries in one batch; send at most {LARGEST_BATCH}")
    sent = entry_columns.read(raws)
    _acceptable(sent, node, buildings)
    return _group.do(_Batch(node, sent, buildings))


def _acceptable(sent: Columns, node: bytes, buildings: Mapping[str, str]) -> None:
    """Raises NotTaken."""
    fits = (
        set(sent.node) <= {node} and buildings.keys() >= set(sent.place)
        and max(sent.millis, default=0) < LAST_MOMENT and max(map(len, set(sent.reason)), default=0) <= LONGEST_REASON
    )  # fmt: skip
    if fits:
        return
    for by, seq, place in zip(sent.node, sent.seq, sent.place, strict=True):
        if by != node:
            raise NotTaken(f"entry {seq} names another node than its batch")
        if place not in buildings:
            raise NotTaken(f"entry {seq} is of {place}, where this node does not stand")
    raise NotTaken("an entry has a time or a reason out of bounds")


def _together(batches: list[_Batch]) -> list[Taken | Exception]:
    """Take batches in one transaction: each wholly, or nothing of it."""
    with transaction.atomic(FILE):
        return [_one(batch) for batch in batches]


_group = GroupCommit(_together)


def _one(batch: _Batch) -> Taken | ChainBroken | sqlite3.IntegrityError:
    try:
        with transaction.atomic(FILE):
            acknowledged = inserted = 0
            for start, end in _chains(batch.sent):
                acknowledged, fresh = _extend(batch, start, end)
                inserted += fresh
    except ChainBroken as broken:
        if broken.offered is not None:
            _record_break(batch, broken.offered)
        return broken
    except sqlite3.IntegrityError as contradiction:  # an entry is held that its chain does not know of: nobody else’s
        return contradiction
    heard(UUID(bytes=batch.node))
    return Taken(acknowledged, inserted)


def _chains(sent: Columns) -> Iterator[tuple[int, int]]:
    """Where the pieces of a batch that are of one epoch begin and end."""
    turns = [at for at, (one, after) in enumerate(pairwise(sent.epoch), 1) if one != after]
    return pairwise([0, *turns, len(sent.raw)]) if sent.raw else iter(())


def _extend(batch: _Batch, start: int, end: int) -> tuple[int, int]:
    """Add what is new of a chain's piece; how far it is held then, and how many were new. Raises ChainBroken."""
    chain = batch.sent.piece(start, end)
    file: sqlite3.Connection = connections[FILE].connection
    last, head = event_rows.head_of(file, batch.node, chain.epoch[0]) or (0, wire.FIRST_LINK)
    known = next((at for at, seq in enumerate(chain.seq) if seq > last), len(chain.seq))
    _agree_with_what_is_held(batch.node, chain.piece(0, known), last, start)
    fresh = chain.piece(known, len(chain.seq))
    if not fresh.raw:
        return last, 0
    head = _follow(fresh, last, head, start + known)
    event_rows.insert(file, fresh, batch.buildings)
    calls.note(fresh)
    event_rows.move_head(file, batch.node, fresh.epoch[0], fresh.seq[-1], head)
    return fresh.seq[-1], len(fresh.raw)


def _agree_with_what_is_held(node: bytes, again: Columns, last: int, start: int) -> None:
    """Entries sent again must be the bytes sent before. Raises ChainBroken."""
    if not again.raw:
        return
    rows = EntryEvent.objects.filter(
        node=node, epoch=again.epoch[0], node_seq__gte=min(again.seq), node_seq__lte=max(again.seq)
    )
    stored = {seq: bytes(raw) for seq, raw in rows.values_list("node_seq", "raw")}
    for at, (seq, raw) in enumerate(zip(again.seq, again.raw, strict=True), start):
        if stored.get(seq) != raw:
            raise ChainBroken(last, offered=at)


def _follow(fresh: Columns, last: int, head: bytes, start: int) -> bytes:
    """The head after `fresh`, each of which must follow the one before. Raises ChainBroken."""
    for at, (seq, previous, raw) in enumerate(zip(fresh.seq, fresh.previous, fresh.raw, strict=True)):
        if seq != last + 1 + at:
            raise ChainBroken(last)
        if previous != head:
            raise ChainBroken(last, offered=start + at)
        head = wire.link(raw)
    return head


def _record_break(batch: _Batch, at: int) -> None:
    """Keep the first entry that does not fit: evidence of two disks with one key."""
    ChainBreak.objects.get_or_create(
        node=batch.node,
        epoch=batch.sent.epoch[at],
        node_seq=batch.sent.seq[at],
        offered=batch.sent.raw[at],
        defaults={"heard_at": clock.now()},
    )
