"""A batch's entries field by field: what `wire.read_entry` checks of one entry, checked of a thousand at a time.

Bytes are stored as they were sent and hashed as they were sent, so an entry with two encodings would have two hashes:
every entry is still decoded and written out again. What is saved is making objects of it. Whatever does not pass here
is read entry by entry, which says what is wrong with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kaimen.kit import canonical
from kaimen_gate import wire

_VERSION, _FIELDS = 2, 18  # what is written now; older entries are read one by one
_WHOLE = 2**63
_DIRECTIONS, _VERDICTS = len(wire.DIRECTIONS), len(wire.VERDICTS)
_LAST_MOMENT = 253_402_300_800_000  # milliseconds to the year 10000
_MOST_REASONS, _HOTTEST = 60, 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Columns:
    """Entries of one batch; the same position in each column is the same entry."""

    raw: Sequence[bytes]
    node: Sequence[bytes]
    epoch: Sequence[int]
    seq: Sequence[int]
    previous: Sequence[bytes]
    place: Sequence[str]
    millis: Sequence[int]  # since 1970, UTC
    direction: Sequence[int]  # position in wire.DIRECTIONS
    verdict: Sequence[int]  # position in wire.VERDICTS
    reason: Sequence[str]
    index: Sequence[int | None]
    data_age: Sequence[int]
    reasons: Sequence[Sequence[str]]  # every one that held
    temperature: Sequence[int | None]  # tenths of a degree Celsius

    def piece(self, start: int, end: int) -> "Columns":
        """The entries from position `start` up to, not including, `end`."""
        if start == 0 and end == len(self.raw):
            return self
        return Columns(*(getattr(self, name)[start:end] for name in self.__slots__))


def read(raws: Sequence[bytes]) -> Columns:
    """The columns of a batch's entries. Raises wire.NotWire, as wire.read_entry does for the first that is none."""
    return _at_once(raws) or _one_by_one(raws)


def _at_once(raws: Sequence[bytes]) -> Columns | None:
    """None when anything is unusual."""
    try:
        values = canonical.decode_all(raws)
        if {type(value) for value in values} != {list}:
            return None
        columns = list(zip(*values, strict=True))
    except (canonical.NotCanonical, ValueError):
        return None
    if len(columns) != _FIELDS or not _sound(columns):
        return None
    (_version, _id, node, epoch, seq, previous, place, at, direction, verdict, reason, index, _how, age, reasons,
     temperature, _override, _second) = columns  # fmt: skip
    return Columns(
        raws, node, epoch, seq, previous, place, at, direction, verdict, reason, index, age, reasons, temperature
    )


def _sound(columns: Sequence[Sequence[Any]]) -> bool:
    (version, id_, node, epoch, seq, previous, place, at, direction, verdict, reason, index, how, age, reasons,
     temperature, override, second) = columns  # fmt: skip
    return (
        _whole(version, _VERSION + 1) and min(version) == _VERSION
        and _octets(id_, 16) and _octets(node, 16) and _octets(previous, 32)
        and _whole(epoch) and _whole(seq) and _whole(at, _LAST_MOMENT) and _whole(age)
        and _whole(direction, _DIRECTIONS) and _whole(verdict, _VERDICTS)
        and _text(place) and _text(reason) and _text(how) and _text(override)
        and _whole_or_none(index) and _whole_or_none(second) and _whole_or_none(temperature, _HOTTEST)
        and set(map(type, reasons)) == {list} and all(map(_kept, reason, reasons))
    )  # fmt: skip


def _kept(reason: str, reasons: list[Any]) -> bool:
    """Whether the reason that decided comes first of all that held."""
    if len(reasons) == 1:
        return type(reasons[0]) is str and reasons[0] == reason
    return not reasons or (len(reasons) <= _MOST_REASONS and reasons[0] == reason and _text(reasons))


def _whole_or_none(column: Sequence[Any], below: int = _WHOLE) -> bool:
    given = [one for one in column if one is not None]
    return not given or _whole(given, below)


def _whole(column: Sequence[Any], below: int = _WHOLE) -> bool:
    return set(map(type, column)) == {int} and min(column) >= 0 and max(column) < below


def _octets(column: Sequence[Any], count: int) -> bool:
    return set(map(type, column)) == {bytes} and set(map(len, column)) == {count}


def _text(column: Sequence[Any], longest: int = 60) -> bool:
    return set(map(type, column)) == {str} and max(map(len, column)) <= longest


def _one_by_one(raws: Sequence[bytes]) -> Columns:
    entries = [wire.read_entry(raw) for raw in raws]
    return Columns(
        raws, [one.node.bytes for one in entries], [one.epoch for one in entries], [one.seq for one in entries],
        [one.previous for one in entries], [one.place for one in entries], [_millis(one.at) for one in entries],
        [wire.DIRECTIONS.index(one.direction) for one in entries],
        [wire.VERDICTS.index(one.verdict) for one in entries],
        [one.reason for one in entries], [one.index for one in entries], [one.data_age for one in entries],
        [one.reasons for one in entries], [one.temperature for one in entries],
    )  # fmt: skip


def _millis(at: datetime) -> int:
    return round((at - _EPOCH).total_seconds() * 1000)
