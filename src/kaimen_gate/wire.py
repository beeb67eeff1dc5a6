"""What node and centre say to each other: name lists down, entries up. Canonical bytes, signed, stored as sent."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey, SigningKey

Verdict = Literal["enter", "desk", "refuse"]
Direction = Literal["in", "out"]
VERDICTS: tuple[Verdict, ...] = ("enter", "desk", "refuse")
DIRECTIONS: tuple[Direction, ...] = ("in", "out")
FIRST_LINK = bytes(32)  # what the first entry of a chain follows


class NotWire(ValueError):
    """Bytes that are no message of this protocol, or whose signature does not hold."""


@dataclass(frozen=True)
class Expected:
    """One person a place expects: the pass's index, what the guard may read, the last four of the ID."""

    index: int
    name: str
    organisation: int  # position in Snapshot.organisations
    floor: str
    id_tail: str


@dataclass(frozen=True)
class Snapshot:
    """The name list (名单包) of one place: everything a node needs to decide there."""

    place: str  # the place's code
    title: tuple[str, str]  # zh-Hans, en
    version: int
    made_at: datetime
    opens: str  # local wall time "06:00"; leaving is never bound to it
    closes: str
    zone: str  # IANA name of the wall time's zone
    keys: tuple[bytes, ...]  # public keys that sign passes, compressed points
    organisations: tuple[tuple[str, str, bool], ...]  # zh-Hans, en, whether its list was renewed for today
    people: tuple[Expected, ...]
    revoked: frozenset[int]
    words: dict[str, tuple[str, str, str, str]]  # reason → guard zh, guard en, person zh, person en


@dataclass(frozen=True)
class Entry:
    """One decision at a gate."""

    id: UUID
    node: UUID
    epoch: int  # grows each time the node starts on a fresh disk
    seq: int  # 1, 2, 3 … within an epoch
    previous: bytes  # hash of the entry before
    place: str
    at: datetime
    direction: Direction
    verdict: Verdict
    reason: str
    index: int | None  # of the pass; None when no pass was read
    how: str  # "code" or "name"
    data_age: int  # seconds since the snapshot was made

    def to_bytes(self) -> bytes:
        """The canonical bytes: what is hashed, stored and sent."""
        return canonical.encode([
            1, self.id.bytes, self.node.bytes, self.epoch, self.seq, self.previous, self.place, _millis(self.at),
            DIRECTIONS.index(self.direction), VERDICTS.index(self.verdict), self.reason, self.index, self.how,
            self.data_age,
        ])  # fmt: skip


def link(entry: bytes) -> bytes:
    """The hash the next entry carries as `previous`."""
    return hashlib.sha256(entry).digest()


def read_entry(data: bytes) -> Entry:
    """Parse an entry's bytes. Raises NotWire."""
    try:
        (version, id_, node, epoch, seq, previous, place, at, direction, verdict, reason, index, how, age) = (
            canonical.decode(data)
        )
        whole = all(isinstance(n, int) and 0 <= n < 2**63 for n in (epoch, seq, at, direction, verdict, age))
        texts = all(isinstance(t, str) and len(t) <= 60 for t in (place, reason, how))
        known = index is None or (isinstance(index, int) and 0 <= index < 2**63)
        if version != 1 or not (whole and texts and known) or len(previous) != 32:
            raise NotWire("not an entry of version 1")
        return Entry(
            UUID(bytes=id_), UUID(bytes=node), epoch, seq, previous, place, _moment(at), DIRECTIONS[direction],
            VERDICTS[verdict], reason, index, how, age,
        )  # fmt: skip
    except (TypeError, ValueError, IndexError, OverflowError, OSError) as error:
        raise NotWire(f"not an entry: {error}") from error


def write_snapshot(snapshot: Snapshot, key: SigningKey) -> bytes:
    """The signed bytes of a snapshot."""
    return _signed(key, b"snapshot", {
        "v": 1, "place": snapshot.place, "title": list(snapshot.title), "version": snapshot.version,
        "made_at": _millis(snapshot.made_at), "opens": snapshot.opens, "closes": snapshot.closes,
        "zone": snapshot.zone, "keys": list(snapshot.keys),
        "organisations": [list(o) for o in snapshot.organisations],
        "people": [[p.index, p.name, p.organisation, p.floor, p.id_tail] for p in snapshot.people],
        "revoked": sorted(snapshot.revoked), "words": {k: list(w) for k, w in snapshot.words.items()},
    })  # fmt: skip


def read_snapshot(data: bytes, centre: PublicKey) -> Snapshot:
    """Verify and parse a snapshot. Raises NotWire."""
    body = _opened(data, b"snapshot", centre)
    try:
        return Snapshot(
            body["place"], (body["title"][0], body["title"][1]), body["version"], _moment(body["made_at"]),
            body["opens"], body["closes"], body["zone"], tuple(body["keys"]),
            tuple((o[0], o[1], o[2]) for o in body["organisations"]),
            tuple(Expected(*p) for p in body["people"]), frozenset(body["revoked"]),
            {code: (w[0], w[1], w[2], w[3]) for code, w in body["words"].items()},
        )  # fmt: skip
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise NotWire(f"not a snapshot of version 1: {error!r}") from error


def write_batch(entries: list[bytes], node: UUID, key: SigningKey) -> bytes:
    """The signed bytes of a batch of entries, oldest first."""
    return _signed(key, b"batch", {"v": 1, "node": node.bytes, "entries": entries})


def batch_sender(data: bytes) -> UUID:
    """Who a batch says it is from, before its signature is checked. Raises NotWire."""
    try:
        body = canonical.decode(canonical.decode(data)[0])
        return UUID(bytes=body["node"])
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise NotWire("not a batch") from error


def read_batch(data: bytes, node: PublicKey) -> list[bytes]:
    """Verify a batch and give its entries' bytes. Raises NotWire."""
    entries = _opened(data, b"batch", node).get("entries")
    if not isinstance(entries, list) or not all(isinstance(entry, bytes) for entry in entries):
        raise NotWire("not a batch of version 1")
    return entries


def _signed(key: SigningKey, kind: bytes, body: dict[str, Any]) -> bytes:
    content = canonical.encode(body)
    return canonical.encode([content, key.sign(kind + b"\0" + content)])


def _opened(data: bytes, kind: bytes, key: PublicKey) -> dict[str, Any]:
    try:
        content, signature = canonical.decode(data)
        if not key.verifies(signature, kind + b"\0" + content):
            raise NotWire(f"the signature of this {kind.decode()} does not hold")
        body = canonical.decode(content)
    except (ValueError, TypeError) as error:
        raise NotWire(str(error)) from error
    if not isinstance(body, dict) or body.get("v") != 1:
        raise NotWire(f"not a {kind.decode()} of version 1")
    return body


def _millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)
