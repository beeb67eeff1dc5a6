"""What node and centre say to each other: name lists down, entries up. Canonical bytes, signed, stored as sent."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey, SigningKey
from kaimen_gate.wire_fields import (
    CODE,
    NotWire,
    decoded,
    fields,
    list_of,
    millis,
    moment,
    octets,
    opened,
    signed,
    text,
    whole,
    whole_or_none,
)
from kaimen_gate.wire_lists import (
    ASKS,
    ASSURANCES,
    CARD_DIGEST,
    COMES_AS,
    POSTS,
    VERDICTS,
    Asks,
    Card,
    ComesAs,
    Expected,
    Lift,
    Manual,
    Override,
    PassKey,
    Post,
    Rule,
    Snapshot,
    Verdict,
    card_digest,
    read_snapshot,
    write_snapshot,
)

__all__ = [
    "ASKS", "ASSURANCES", "BATCH", "CARD_DIGEST", "COMES_AS", "DIRECTIONS", "FIRST_LINK", "HOW", "POSTS", "VERDICTS",
    "Asks", "Card", "ComesAs", "Direction", "Entry", "Expected", "How", "Lift", "Manual", "NotWire", "Override",
    "PassKey", "Post", "Rule", "Snapshot", "Verdict", "batch_sender", "card_digest", "link", "read_batch",
    "read_entry", "read_snapshot", "write_batch", "write_snapshot",
]  # fmt: skip

Direction = Literal["in", "out"]
DIRECTIONS: tuple[Direction, ...] = ("in", "out")
How = Literal["code", "card", "name", "manual"]
HOW: tuple[How, ...] = ("code", "card", "name", "manual")
FIRST_LINK = bytes(32)  # what the first entry of a chain follows
BATCH = 1000  # entries a node sends at once

_ENTRY_FIELDS = {1: 14, 2: 18}  # by version
_MOST_REASONS = 60
_HOTTEST = 1000  # tenths of a degree


@dataclass(frozen=True)
class Entry:
    """One decision at a gate."""

    id: UUID
    node: UUID
    epoch: int  # of the node's journal; another when it starts on a fresh disk
    seq: int  # 1, 2, 3 … within an epoch
    previous: bytes  # hash of the entry before
    place: str
    at: datetime
    direction: Direction
    verdict: Verdict
    reason: str
    index: int | None  # of the pass that was read, or of the person found by name; None when neither
    how: str  # one of HOW
    data_age: int  # seconds since the snapshot was made
    reasons: tuple[str, ...] = ()  # every reason that held, `reason` first; none where nobody kept them
    temperature: int | None = None  # tenths of a degree Celsius
    override: str = ""  # the coded reason a person gave: for a manual entry, or for letting somebody in all the same
    second: int | None = None  # pass of whoever else answers for it: a supervisor
    version: int = 2  # of its bytes; version 1 ends with `data_age`

    def to_bytes(self) -> bytes:
        """The canonical bytes: what is hashed, stored and sent."""
        first = [
            self.version, self.id.bytes, self.node.bytes, self.epoch, self.seq, self.previous, self.place,
            millis(self.at), DIRECTIONS.index(self.direction), VERDICTS.index(self.verdict), self.reason, self.index,
            self.how, self.data_age,
        ]  # fmt: skip
        second = [list(self.reasons), self.temperature, self.override, self.second]
        return canonical.encode(first if self.version == 1 else first + second)


def link(entry: bytes) -> bytes:
    """The hash the next entry carries as `previous`."""
    return hashlib.sha256(entry).digest()


def read_entry(data: bytes) -> Entry:
    """Parse an entry's bytes, of version 2 or 1. Raises NotWire."""
    given = list_of(decoded(data))
    version = whole(given[0]) if given else 0
    if version not in _ENTRY_FIELDS:
        raise NotWire("not an entry of version 1 or 2")
    (_, id_, node, epoch, seq, previous, place, at, direction, verdict, reason, index, how, age, *more) = fields(
        given, _ENTRY_FIELDS[version]
    )
    said = text(reason, CODE)
    entry = Entry(
        UUID(bytes=octets(id_, 16)), UUID(bytes=octets(node, 16)), whole(epoch), whole(seq), octets(previous, 32),
        text(place, CODE), moment(at), DIRECTIONS[whole(direction, len(DIRECTIONS))],
        VERDICTS[whole(verdict, len(VERDICTS))], said, whole_or_none(index), text(how, CODE), whole(age),
    )  # fmt: skip
    return replace(entry, **_second_version(said, *more)) if more else replace(entry, version=1)


def _second_version(reason: str, reasons: Any, temperature: Any, override: Any, second: Any) -> dict[str, Any]:
    kept = tuple(text(one, CODE) for one in list_of(reasons))
    if len(kept) > _MOST_REASONS or (kept and kept[0] != reason):
        raise NotWire("of the reasons that held, the one that decided comes first")
    return {
        "reasons": kept, "temperature": whole_or_none(temperature, _HOTTEST), "override": text(override, CODE),
        "second": whole_or_none(second),
    }  # fmt: skip


def write_batch(entries: list[bytes], node: UUID, key: SigningKey) -> bytes:
    """The signed bytes of a batch of entries, oldest first."""
    return signed(key, b"batch", {"v": 1, "node": node.bytes, "entries": entries})


def batch_sender(data: bytes) -> UUID:
    """Who a batch says it is from, before its signature is checked. Raises NotWire."""
    content, _signature = fields(decoded(data), 2)
    body = decoded(content)
    if not isinstance(body, dict):
        raise NotWire("not a batch of version 1")
    return UUID(bytes=octets(body.get("node"), 16))


def read_batch(data: bytes, node: PublicKey) -> list[bytes]:
    """Verify a batch and give its entries' bytes. Raises NotWire."""
    entries = list_of(opened(data, b"batch", node, 1).get("entries"))
    if not all(type(entry) is bytes for entry in entries):
        raise NotWire("not a batch of version 1")
    return entries
