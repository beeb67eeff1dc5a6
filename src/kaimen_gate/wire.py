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
BATCH = 1000  # entries a node sends at once

_WHOLE = 2**63  # numbers are below it: SQLite's and JavaScript's own limits lie there or lower
_LAST_MOMENT = 253_402_300_800_000  # milliseconds to the year 10000, where datetime ends
_LONGEST = 1000  # characters of any text in a snapshot


class NotWire(ValueError):
    """Bytes that are no message of this protocol, or whose signature does not hold."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One person a place expects: the pass's index, what the guard may read, the last four of the ID."""

    index: int
    name: str
    organisation: int  # position in Snapshot.organisations
    floor: str
    id_tail: str


@dataclass(frozen=True)
class ColourRule:
    """What a place does by colour. Values are those of the published list: never 0, which is the usual colour."""

    refuse: frozenset[int]
    desk: frozenset[int]
    old_after: int  # seconds from which on a list is too old to act on
    old_to_desk: bool  # then everybody goes to the desk; else everybody is decided without colour


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
    colours: ColourRule | None = None  # None where no colour is asked for


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
    (version, id_, node, epoch, seq, previous, place, at, direction, verdict, reason, index, how, age) = _fields(
        _decoded(data), 14
    )
    if _whole(version) != 1:
        raise NotWire("not an entry of version 1")
    return Entry(
        UUID(bytes=_octets(id_, 16)), UUID(bytes=_octets(node, 16)), _whole(epoch), _whole(seq), _octets(previous, 32),
        _text(place, 60), _moment(at), DIRECTIONS[_whole(direction, len(DIRECTIONS))],
        VERDICTS[_whole(verdict, len(VERDICTS))], _text(reason, 60), None if index is None else _whole(index),
        _text(how, 60), _whole(age),
    )  # fmt: skip


def write_snapshot(snapshot: Snapshot, key: SigningKey) -> bytes:
    """The signed bytes of a snapshot."""
    return _signed(key, b"snapshot", {
        "v": 1, "place": snapshot.place, "title": list(snapshot.title), "version": snapshot.version,
        "made_at": _millis(snapshot.made_at), "opens": snapshot.opens, "closes": snapshot.closes,
        "zone": snapshot.zone, "keys": list(snapshot.keys),
        "organisations": [list(o) for o in snapshot.organisations],
        "people": [[p.index, p.name, p.organisation, p.floor, p.id_tail] for p in snapshot.people],
        "revoked": sorted(snapshot.revoked), "words": {k: list(w) for k, w in snapshot.words.items()},
        "colours": _written_rule(snapshot.colours),
    })  # fmt: skip


def read_snapshot(data: bytes, centre: PublicKey) -> Snapshot:
    """Verify and parse a snapshot. Raises NotWire."""
    body = _opened(data, b"snapshot", centre)
    try:
        organisations = tuple(_organisation(o) for o in _list(body["organisations"]))
        zh, en = _fields(body["title"], 2)
        return Snapshot(
            _text(body["place"], 60), (_text(zh), _text(en)), _whole(body["version"]), _moment(body["made_at"]),
            _text(body["opens"]), _text(body["closes"]), _text(body["zone"]),
            tuple(_octets(key, 33) for key in _list(body["keys"])), organisations,
            tuple(_expected(p, len(organisations)) for p in _list(body["people"])),
            frozenset(_whole(index) for index in _list(body["revoked"])), _words(body["words"]),
            _colour_rule(body.get("colours")),
        )  # fmt: skip
    except KeyError as error:
        raise NotWire(f"not a snapshot of version 1: it has no {error}") from error


def _written_rule(rule: ColourRule | None) -> list[Any] | None:
    if rule is None:
        return None
    return [sorted(rule.refuse), sorted(rule.desk), rule.old_after, rule.old_to_desk]


def _colour_rule(value: Any) -> ColourRule | None:
    if value is None:
        return None
    refuse, desk, old_after, to_desk = _fields(value, 4)
    rule = ColourRule(_values(refuse), _values(desk), _whole(old_after), to_desk)
    if not isinstance(to_desk, bool) or rule.refuse & rule.desk:
        raise NotWire("a colour is answered in one way, and what is too old by yes or no")
    return rule


def _values(value: Any) -> frozenset[int]:
    values = frozenset(_whole(one, 4) for one in _list(value))
    if 0 in values:
        raise NotWire("the usual colour never shuts a door")
    return values


def _organisation(value: Any) -> tuple[str, str, bool]:
    zh, en, renewed = _fields(value, 3)
    if not isinstance(renewed, bool):
        raise NotWire("an organisation says by true or false whether its list was renewed")
    return _text(zh), _text(en), renewed


def _expected(value: Any, organisations: int) -> Expected:
    index, name, organisation, floor, id_tail = _fields(value, 5)
    return Expected(_whole(index), _text(name), _whole(organisation, organisations), _text(floor), _text(id_tail))


def _words(value: Any) -> dict[str, tuple[str, str, str, str]]:
    if not isinstance(value, dict):
        raise NotWire("words are a map of reasons")
    words = {}
    for reason, said in value.items():
        guard_zh, guard_en, person_zh, person_en = _fields(said, 4)
        words[_text(reason, 60)] = (_text(guard_zh), _text(guard_en), _text(person_zh), _text(person_en))
    return words


def write_batch(entries: list[bytes], node: UUID, key: SigningKey) -> bytes:
    """The signed bytes of a batch of entries, oldest first."""
    return _signed(key, b"batch", {"v": 1, "node": node.bytes, "entries": entries})


def batch_sender(data: bytes) -> UUID:
    """Who a batch says it is from, before its signature is checked. Raises NotWire."""
    content, _signature = _fields(_decoded(data), 2)
    body = _decoded(content)
    if not isinstance(body, dict):
        raise NotWire("not a batch of version 1")
    return UUID(bytes=_octets(body.get("node"), 16))


def read_batch(data: bytes, node: PublicKey) -> list[bytes]:
    """Verify a batch and give its entries' bytes. Raises NotWire."""
    entries = _list(_opened(data, b"batch", node).get("entries"))
    if not all(type(entry) is bytes for entry in entries):
        raise NotWire("not a batch of version 1")
    return entries


def _signed(key: SigningKey, kind: bytes, body: dict[str, Any]) -> bytes:
    content = canonical.encode(body)
    return canonical.encode([content, key.sign(kind + b"\0" + content)])


def _opened(data: bytes, kind: bytes, key: PublicKey) -> dict[str, Any]:
    content, signature = _fields(_decoded(data), 2)
    if type(content) is not bytes or not key.verifies(_octets(signature, 64), kind + b"\0" + content):
        raise NotWire(f"the signature of this {kind.decode()} does not hold")
    body = _decoded(content)
    if not isinstance(body, dict) or _whole(body.get("v")) != 1:
        raise NotWire(f"not a {kind.decode()} of version 1")
    return body


def _decoded(data: Any) -> Any:
    if type(data) is not bytes:
        raise NotWire("bytes are missing where a message should be")
    try:
        return canonical.decode(data)
    except canonical.NotCanonical as error:
        raise NotWire(str(error)) from error


def _fields(value: Any, count: int) -> list[Any]:
    if type(value) is not list or len(value) != count:
        raise NotWire(f"not a list of {count}")
    return value


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise NotWire("not a list")
    return value


def _whole(value: Any, below: int = _WHOLE) -> int:
    """A whole number from 0; `type` and not isinstance, because True is no number here."""
    if type(value) is not int or not 0 <= value < below:
        raise NotWire(f"not a whole number below {below}")
    return value


def _text(value: Any, longest: int = _LONGEST) -> str:
    if type(value) is not str or len(value) > longest:
        raise NotWire(f"not a text of up to {longest} characters")
    return value


def _octets(value: Any, count: int) -> bytes:
    if type(value) is not bytes or len(value) != count:
        raise NotWire(f"not {count} bytes")
    return value


def _millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _moment(millis: Any) -> datetime:
    return datetime.fromtimestamp(_whole(millis, _LAST_MOMENT) / 1000, UTC)
